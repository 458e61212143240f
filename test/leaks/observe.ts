import type { Outcome } from './lawful.ts';
import type { Planted } from './planted.ts';
import type { Found, Reading } from './reading.ts';
import { Searcher } from './search.ts';

/** What became of an element, and the values that show it. */
export interface Observation {
  readonly outcome: Outcome;
  readonly before: string;
  readonly after: string;
}

const BINARY = new Set(['AT', 'FD', 'FL', 'OB', 'OD', 'OF', 'OL', 'OW', 'SL', 'SS', 'UL', 'UN', 'US']);
const TEMPORAL = new Set(['DA', 'DT', 'TM']);

/**
 * Compares an element of the source with that of the result; undefined where the source itself does not show it.
 * @param staying strings that may be found, since an option keeps them somewhere
 */
export function observe(planted: Planted, source: Reading, result: Reading, staying: ReadonlySet<string>): Observation | undefined {
  const before = find(planted, source);
  if (before === undefined) return undefined;
  const after = find(planted, result);
  const textOf = BINARY.has(planted.vr) ? bytesOf : unpadded;
  const made = (outcome: Outcome): Observation => ({ outcome, before: textOf(before), after: after === undefined ? '' : textOf(after) });
  if (after === undefined) return made('absent');
  // Content items may go, and one dummy may stand for all (PS3.15 Table E.3.4-1, E.1-1).
  if (planted.label === '0040A730') return made((after.items ?? 0) > 1 ? 'entered' : 'changed');
  if (planted.vr === 'SQ') return made(after.items === before.items ? 'entered' : after.bytes.length === 0 || after.items === 0 ? 'empty' : 'changed');
  if (planted.content === 'sentence') return made(sentenceOutcome(planted.secrets.filter((secret) => !staying.has(secret)), before, after));
  if (textOf(before) === textOf(after)) return made('same');
  return made(textOf(after) === '' ? 'empty' : 'changed');
}

function find({ path, concept }: Planted, reading: Reading): Found | undefined {
  return concept === undefined ? reading.find(path) : reading.findContent(concept.scheme, concept.code, path[path.length - 1]);
}

/** A text from which all that identifies is gone is clean, whatever is left of it. */
function sentenceOutcome(secrets: readonly string[], before: Found, after: Found): Outcome {
  const text = unpadded(after);
  if (text === '') return 'empty';
  if (new Searcher(secrets).find(after.bytes).length > 0) return 'same';
  return secrets.length > 0 && text === unpadded(before) ? 'same' : 'clean';
}

/** One character a byte, padding aside. */
function unpadded(found: Found): string {
  return bytesOf(found).replace(/[ \0]+$/, '');
}

function bytesOf({ bytes }: Found): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Whole days between two dates of the form YYYYMMDD…; undefined where the rest of them differs. */
export function daysMoved(before: string, after: string): number | undefined {
  if (before.slice(8) !== after.slice(8) || !/^\d{8}/.test(after) || !/^\d{8}/.test(before)) return undefined;
  const days = (text: string) => Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000;
  return days(after) - days(before);
}

export function isTemporal(vr: string): boolean {
  return TEMPORAL.has(vr);
}
