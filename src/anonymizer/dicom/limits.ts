/**
 * Bounds on what one file may cost, so that a hostile or damaged file is refused and cannot take the machine with it.
 * None of them is reached by lawful files; whoever has one that does raises the limit for a run.
 */
export interface Limits {
  /** Data Elements and Items in one file. */
  readonly elements: number;
  /** Bytes of an inflated Data Set (PS3.5 A.5). */
  readonly inflatedBytes: number;
  /** Bytes of a value that is looked into (text, identifiers); pixels and other bulk data are copied without a look. */
  readonly valueBytes: number;
  /** Bytes of one name, number, date or place that identifies. */
  readonly identifierBytes: number;
  /** How many identifying values, and parts of them, one file may hold. */
  readonly identifiers: number;
  /** Bytes of one decoded frame, where pixels are cleaned. */
  readonly frameBytes: number;
}

interface LimitFacts {
  readonly usual: number;
  /** Beyond which raising it would end in a crash of the engine instead of a refusal. */
  readonly most: number;
  readonly reason: string;
}

export const LIMITS: Readonly<Record<keyof Limits, LimitFacts>> = {
  elements: { usual: 1_000_000, most: 16_000_000, reason: 'each Data Element or Item costs about 130 bytes of memory' },
  inflatedBytes: { usual: 1 << 28, most: 2 ** 31, reason: 'deflate reaches 1 : 1032, so a small file could fill the memory' },
  valueBytes: { usual: 1 << 26, most: 1 << 28, reason: 'a value that is looked into is held several times' },
  identifierBytes: { usual: 1 << 20, most: 1 << 26, reason: 'every spelling of it is searched for' },
  identifiers: { usual: 200_000, most: 5_000_000, reason: 'each is searched for in all the rest of the file' },
  frameBytes: { usual: 1 << 28, most: 1 << 30, reason: 'a codestream can say that it is of any size, and a few copies of a frame are held while it is cleaned' },
};

export const LIMIT_NAMES = Object.keys(LIMITS) as (keyof Limits)[];

export const DEFAULT_LIMITS: Limits = withLimits({});

/**
 * The usual limits with others in their place.
 * @throws RangeError for what is no limit, or no whole number from 1 to the most that it can be
 */
export function withLimits(changes: Readonly<Record<string, unknown>>): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!isLimitName(name)) throw new RangeError(`There is no limit "${name}". The limits are: ${LIMIT_NAMES.join(', ')}.`);
    const { most } = LIMITS[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) throw new RangeError(`The limit "${name}" is a whole number from 1 to ${most}.`);
  }
  const usual = Object.fromEntries(LIMIT_NAMES.map((name) => [name, LIMITS[name].usual]));
  return { ...usual, ...changes } as unknown as Limits;
}

function isLimitName(name: string): name is keyof Limits {
  return Object.hasOwn(LIMITS, name);
}
