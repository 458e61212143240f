import { IOD_MODULES, MISSING_MODULES, MODULE_NESTED_TYPES, MODULE_TYPES, SOP_CLASS_IODS } from '../../src/anonymizer/rules/data/iod-types.ts';
import { TABLE_E1_1 } from '../../src/anonymizer/rules/data/table-e1-1.ts';
import { OPTIONS, type OptionName } from '../../src/anonymizer/profile.ts';

/** A row of Table E.1-1 as these tests read it themselves, without the code under test. */
export interface TableRow {
  /** `GGGGEEEE`, with x for repeating groups, or `private`. */
  readonly key: string;
  readonly basic: string;
  readonly options: Partial<Record<OptionName, 'K' | 'C'>>;
}

const OPTION_OF_LETTER: Record<string, OptionName> = {
  S: 'retain-safe-private', U: 'retain-uids', D: 'retain-device-identity', I: 'retain-institution-identity',
  P: 'retain-patient-characteristics', F: 'retain-longitudinal-full-dates', M: 'retain-longitudinal-modified-dates',
  C: 'clean-descriptors', T: 'clean-structured-content', G: 'clean-graphics',
};

/** The ten options that have a column in the table. */
export const TABLE_OPTIONS = Object.values(OPTION_OF_LETTER);

export const ROWS: readonly TableRow[] = TABLE_E1_1.trim().split('\n').map((line) => {
  const [key, basic, ...words] = line.split(' ');
  const options = words.map((word) => [OPTION_OF_LETTER[word[0]], word.slice(2)]);
  return { key, basic, options: Object.fromEntries(options) as TableRow['options'] };
});

/** One option is chosen by its section alone, so a wrong letter would be seen. */
export const SECTIONS = Object.fromEntries(TABLE_OPTIONS.map((name) => [name, OPTIONS[name].section]));

const facts = (text: string): Map<string, string> => new Map(text.trim().split('\n').map((line) => {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)] as const;
}));

const iods = facts(SOP_CLASS_IODS);
const modules = facts(IOD_MODULES);
const types = facts(MODULE_TYPES);
const missing = new Set(MISSING_MODULES.split(' '));

/** SOP Classes whose modules are all covered. */
const COVERED = [...iods].filter(([, iod]) => (modules.get(iod) ?? '').split(',').every((module) => !missing.has(module)));

/** Type of a top-level attribute in an IOD: the strictest of its modules; undefined where none names it. */
function typeIn(iod: string, key: string): 1 | 2 | 3 | undefined {
  const found = (modules.get(iod) ?? '').split(',').flatMap((module) => {
    const word = types.get(module)?.split(' ').find((each) => each.startsWith(`${key}=`));
    return word === undefined ? [] : [Number(word[9]) as 1 | 2 | 3];
  });
  return found.length === 0 ? undefined : (Math.min(...found) as 1 | 2 | 3);
}

/** A SOP Class in which the attribute has the Type; undefined where the facts have none. */
export function sopClassWithType(key: string, type: 1 | 2 | 3): string | undefined {
  return COVERED.find(([, iod]) => typeIn(iod, key) === type)?.[0];
}

/** A compound row inside Sequences, with its Type there in one SOP Class (the strictest of its modules). */
export interface NestedCase {
  readonly path: readonly string[];
  readonly type: 1 | 2 | 3;
  readonly sopClass: string;
}

const nestedTypes = facts(MODULE_NESTED_TYPES);

/** Each path of the facts with each Type that it has in a covered SOP Class. */
export function nestedCases(): NestedCase[] {
  const found = new Map<string, NestedCase>();
  for (const [sopClass, iod] of COVERED) {
    const strictest = new Map<string, 1 | 2 | 3>();
    for (const module of (modules.get(iod) ?? '').split(',')) {
      for (const word of nestedTypes.get(module)?.split(' ') ?? []) {
        const [path, type] = word.split('=');
        strictest.set(path, Math.min(strictest.get(path) ?? 3, Number(type[0])) as 1 | 2 | 3);
      }
    }
    for (const [path, type] of strictest) {
      const key = `${path}=${type}`;
      if (!found.has(key)) found.set(key, { path: path.split('/'), type, sopClass });
    }
  }
  return [...found.values()];
}
