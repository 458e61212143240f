import type { OptionName } from '../../src/anonymizer/profile.ts';
import { MACHINES } from './plant.ts';
import type { Planted } from './planted.ts';
import { type Concept, rowOf, type TableRow, typeOf } from './standard.ts';

/** What may lawfully have become of an element. */
export type Outcome =
  | 'absent'
  | 'empty'
  /** Something else of non-zero length. */
  | 'changed'
  /** The very value of the source. */
  | 'same'
  /** A text without what identifies in it. */
  | 'clean'
  /** A date that was moved like all of its patient, or a time as it was. */
  | 'shifted'
  /** A Sequence that is there, with its Items. */
  | 'entered';

/** Options in force. */
export type Options = ReadonlySet<OptionName>;

const LETTERS: Partial<Record<OptionName, string>> = {
  'retain-safe-private': 'S', 'retain-uids': 'U', 'retain-device-identity': 'D', 'retain-institution-identity': 'I', 'retain-patient-characteristics': 'P',
  'retain-longitudinal-full-dates': 'F', 'retain-longitudinal-modified-dates': 'M', 'clean-descriptors': 'C', 'clean-structured-content': 'T', 'clean-graphics': 'G',
};

/** Removed by Table E.1-1 without regard to the Type, though an IOD asks for them (PS3.3 C.11.10, C.17.2, C.23.1): emptied or a dummy is as good. */
const REQUIRED_ANYWAY: ReadonlySet<string> = new Set(['00700082', '00700083', '0040100A', '00401001']);

/** Of D, Items with remapped UIDs are as good a dummy as an Item without meaning: each attribute in them is judged by itself. */
const REFERENCES: ReadonlySet<string> = new Set(['00081110', '00081111']);

const isTemporal = (vr: string) => vr === 'DA' || vr === 'DT' || vr === 'TM';

/**
 * The answer key, from the words of PS3.15 and not from the program: the outcomes that are lawful for an element under
 * the options. The Basic Profile's code holds unless an option that is in force overrides it (E.1.1, E.3); a compound
 * code by the Type of the attribute where that is known, else by any of its branches.
 */
export function lawfulOutcomes(planted: Planted, options: Options, sopClass: string): ReadonlySet<Outcome> {
  switch (planted.origin) {
    case 'table': return tableOutcomes(planted, planted.row, options, sopClass);
    case 'concept': return conceptOutcomes(planted, planted.concept, options);
    case 'gap': return gapOutcomes(planted, options);
    case 'unlisted': return unlistedOutcomes(planted, options);
    case 'safe-private': return options.has('retain-safe-private') ? safeOutcomes(planted, options) : new Set(['absent']);
    case 'private': case 'unknown': case 'structure': return new Set(['absent']);
  }
}

/** Whether an element's value may lawfully be found in the result. */
export function mayStay(planted: Planted, options: Options, sopClass: string): boolean {
  if (planted.content !== 'secret') return false;
  if (planted.concept?.valueType === 'TIME' && options.has('retain-longitudinal-modified-dates')) return true;
  const outcomes = lawfulOutcomes(planted, options, sopClass);
  return outcomes.has('same') || (planted.vr === 'TM' && outcomes.has('shifted')) || (outcomes.has('clean') && planted.vr !== 'PN');
}

/** Codes of the options in force: one that cleans goes before one that keeps; none where the Basic Profile's holds. */
export function overriding(codes: Readonly<Record<string, string>>, options: Options): 'K' | 'C' | undefined {
  const asked = [...options].map((option) => codes[LETTERS[option] ?? '-']);
  return asked.includes('C') ? 'C' : asked.includes('K') ? 'K' : undefined;
}

function tableOutcomes(planted: Planted, row: TableRow | undefined, options: Options, sopClass: string): ReadonlySet<Outcome> {
  const tag = planted.path[planted.path.length - 1];
  // Command, meta and directory elements are no part of a Data Set in a file, whatever the options (PS3.10 7.1).
  if (row === undefined || tag < 0x00080000) return new Set(['absent']);
  const code = overriding(row.options, options);
  // An image whose pixels change is another one, even where UIDs are retained (PS3.3 C.7.6.1.1.2).
  if (tag === 0x00080018 && planted.path.length === 1 && options.has('clean-pixel-data')) return new Set(code === 'K' ? ['same', 'changed'] : ['changed']);
  if (code === 'K') return planted.vr === 'SQ' ? new Set(['entered']) : planted.content === 'sentence' ? cleaned(planted) : new Set(['same']);
  if (code === 'C') return cleanOutcomes(planted, row, sopClass);
  return basicOutcomes(planted, row, sopClass);
}

function basicOutcomes({ path, vr }: Planted, { basic, key }: TableRow, sopClass: string): ReadonlySet<Outcome> {
  const tag = path[path.length - 1];
  const type = path.length === 1 && basic.length > 1 ? typeOf(sopClass, tag) : undefined;
  const branches = basic.replace('*', '').split('/');
  const has = (branch: string, ...types: readonly (number | undefined)[]) => branches.includes(branch) && (branches.length === 1 || type === undefined || types.includes(type));
  const outcomes = new Set<Outcome>();
  if (has('X', 3)) outcomes.add('absent');
  if (has('Z', 2, 3)) outcomes.add('empty').add('changed');
  if (branches.includes('D')) outcomes.add('changed');
  if (branches.includes('U')) outcomes.add(vr === 'SQ' ? 'entered' : 'changed');
  if (REFERENCES.has(key)) outcomes.add('entered');
  if (REQUIRED_ANYWAY.has(key)) outcomes.add('empty').add('changed');
  // A registered or empty UID is nobody's; there is none among the planted ones.
  return outcomes;
}

/** E.3.3 to E.3.6: dates are moved, texts lose what identifies, what cannot be cleaned is treated as without the option. */
function cleanOutcomes(planted: Planted, row: TableRow, sopClass: string): ReadonlySet<Outcome> {
  const { vr } = planted;
  if (vr === 'SQ') return new Set(['entered']);
  if (isTemporal(vr)) return new Set(['shifted']);
  if (planted.content === 'sentence') return cleaned(planted);
  if (row.key.startsWith('60xx') || row.key.startsWith('50xx')) return new Set(['absent', 'empty', 'changed', 'same', 'clean']);
  return new Set([...basicOutcomes(planted, row, sopClass), 'changed', 'same', 'clean']);
}

function cleaned({ vr }: Planted): ReadonlySet<Outcome> {
  return vr === 'SQ' ? new Set(['entered']) : new Set(['clean']);
}

function replaced({ content }: Planted): ReadonlySet<Outcome> {
  return content === 'sentence' ? new Set(['absent', 'empty', 'changed', 'clean']) : new Set(['absent', 'empty', 'changed']);
}

/** What identifies though the table lacks it goes, unless an option is for its kind. */
function gapOutcomes(planted: Planted, options: Options): ReadonlySet<Outcome> {
  if (planted.vr === 'UI' && options.has('retain-uids')) return new Set(['same']);
  return MACHINES.has(planted.path[planted.path.length - 1]) && options.has('retain-device-identity') ? new Set(['same']) : replaced(planted);
}

function unlistedOutcomes(planted: Planted, options: Options): ReadonlySet<Outcome> {
  const { vr, content } = planted;
  if (content === 'items') return new Set(['entered']);
  if (content === 'benign') return new Set(['same']);
  if (content === 'sentence') return replaced(planted);
  if (vr === 'UI' && options.has('retain-uids')) return new Set(['same']);
  if (isTemporal(vr) && options.has('retain-longitudinal-full-dates')) return new Set(['same']);
  if (isTemporal(vr) && options.has('retain-longitudinal-modified-dates')) return new Set(['shifted']);
  return vr === 'UI' ? new Set(['changed']) : replaced(planted);
}

/** E.3.10: retained, though what in it identifies is remapped or cleaned all the same. */
function safeOutcomes(planted: Planted, options: Options): ReadonlySet<Outcome> {
  const { vr, content } = planted;
  if (content === 'items') return new Set(['entered']);
  if (content === 'benign') return new Set(['same']);
  if (vr === 'UI') return new Set([options.has('retain-uids') ? 'same' : 'changed']);
  if (isTemporal(vr) && options.has('retain-longitudinal-full-dates')) return new Set(['same', 'shifted']);
  return replaced(planted);
}

/** Table E.3.4-1. Without the option the Content Sequence goes as a whole, which its own row says. */
function conceptOutcomes(planted: Planted, concept: Concept | undefined, options: Options): ReadonlySet<Outcome> {
  if (concept === undefined || !options.has('clean-structured-content')) return new Set(['absent', 'changed']);
  const code = overriding(concept.options, options);
  const { valueType } = concept;
  const isDate = valueType === 'DATE' || valueType === 'TIME' || valueType === 'DATETIME';
  if (concept.basic === '') return otherConcept(planted, valueType);
  if (code === 'K') return planted.content === 'sentence' ? new Set(['clean']) : new Set(['same']);
  if (code === 'C') return isDate ? new Set(['shifted']) : planted.content === 'sentence' ? new Set(['clean']) : new Set(['changed', 'same']);
  const outcomes = new Set<Outcome>();
  for (const branch of concept.basic.replace('*', '').split('/')) {
    if (branch === 'X') outcomes.add('absent');
    if (branch === 'Z') outcomes.add('empty').add('changed');
    if (branch === 'D' || branch === 'U') outcomes.add('changed');
  }
  return outcomes;
}

/** Items whose concept the table does not list: their attributes follow their own rows (E.3.4). */
function otherConcept(planted: Planted, valueType: string): ReadonlySet<Outcome> {
  switch (valueType) {
    case 'NUM': return new Set(['same']);
    case 'CODE': return new Set(['clean']);
    case 'PNAME': return new Set(['changed']);
    default: return planted.content === 'sentence' ? new Set(['clean', 'changed']) : new Set(['changed']);
  }
}

/** Whether a Sequence stays and is entered, so that what is inside has to be right by itself. */
export function isEntered(tag: number, options: Options): boolean {
  const row = rowOf(tag);
  if (row === undefined) return true;
  return overriding(row.options, options) !== undefined || row.basic.includes('U') || REFERENCES.has(row.key);
}
