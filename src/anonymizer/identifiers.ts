import { characterSetAt, decodeText, encoderOf, needsDecoding, utf8 } from './dicom/character-set.ts';
import type { DataSet } from './dicom/data-set.ts';
import { DicomError } from './dicom/errors.ts';
import { isRegisteredUid } from './dicom/uids.ts';
import { byteString, unpadded, valueBytes } from './dicom/values.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';
import { DUMMY_DATE } from './dummies.ts';

/** A `word` of a place's name is looked for in texts that are cleaned, and proves nothing elsewhere. */
export type IdentifierKind = 'name' | 'id' | 'place' | 'word' | 'date' | 'uid';

/** A value of the source that must not be found in the result; `text` in bytes (one character a byte), lower case. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly text: string;
  /** The attribute that it came from: the only thing that may be told about it. */
  readonly tag: Tag;
}

/** The more telling the later: what one kind proves, a later one proves too. Dates and UIDs are looked for apart. */
const KINDS: readonly IdentifierKind[] = ['word', 'place', 'id', 'name'];

/** Whether the first is to be kept of two with one text: a person may be called like a word of a street. */
export function isMoreTelling(a: Identifier, b: Identifier): boolean {
  const more = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  return more > 0 || (more === 0 && isPatientNumber(a.tag) && !isPatientNumber(b.tag));
}

/** Numbers that lead to the patient, and to no device or order: identifiers, record locator, telephone. */
const PATIENT_NUMBERS: ReadonlySet<Tag> = new Set([0x00100020, 0x00101000, 0x00101090, 0x00102154, 0x00102155]);

export function isPatientNumber(tag: Tag): boolean {
  return PATIENT_NUMBERS.has(tag);
}

/** Numbers and labels that lead to a person, an order, a device or a place, beside what a VR tells (PN, UI, DA, DT). */
const IDS: ReadonlySet<Tag> = new Set([
  0x00080050, 0x00081010, 0x00100020, 0x00101000, 0x00101090, 0x00102154, 0x00102155, 0x00101080, 0x00102180, 0x00181000,
  0x00181004, 0x00181005, 0x00181007, 0x00181008, 0x0018700a, 0x00200010, 0x00321033, 0x00380010, 0x00380060, 0x00401001,
  0x00400009, 0x00400253, 0x00402016, 0x00402017, 0x00401006, 0x00401007, 0x00120040, 0x00120042, 0x00400551, 0x00400512,
]);
const PLACES: ReadonlySet<Tag> = new Set([
  0x00080080, 0x00080081, 0x00081040, 0x00101040, 0x00102150, 0x00102152, 0x00080092, 0x00080094, 0x00400243, 0x00380300,
  0x00380400, 0x00401102, 0x00400011, 0x00321020, 0x00120030, 0x00120031, 0x0040a027, 0x00181018,
]);

/** Words that stand in such attributes and name nobody. */
const GENERIC = new Set([
  'anon', 'anonymous', 'anonymized', 'anonymised', 'anonymus', 'deidentified', 'de-identified', 'none', 'unknown', 'null',
  'name', 'patient', 'patients', 'test', 'phantom', 'doctor', 'physician', 'operator', 'admin', 'user', 'removed', 'empty',
  'not specified', 'unspecified', 'hospital', 'ospedale', 'institution', 'radiology', 'radiologia', 'department', 'and', 'the',
  'van', 'von', 'der', 'den', 'del', 'della', 'mrs', 'miss', 'dott', 'prof', 'phd', 'view', 'image', 'first', 'last', 'middle',
  'general', 'imaging', 'diagnostic', 'radiologie', 'klinik', 'krankenhaus', 'clinico', 'policlinico', 'istituto', 'institute', 'dipartimento', 'azienda',
  'centro', 'health', 'sanitaria', 'regional', 'national', 'children', 'street', 'piazza', 'strasse', 'cardiology', 'oncology', 'thorax', 'abdomen',
  'anonymize', 'nan', 'n/a', 'other', 'medical', 'center', 'centre', 'clinic', 'clinica', 'university', 'device',
]);

/**
 * Identifying values of a data set, from the elements that `isRemoved` names by index: names split into their parts
 * (PS3.5 6.2.1), identifiers, places and dates whole, UIDs of instances. A list for each value; dates and UIDs stand
 * in lists of their own.
 */
export function identifierLists(dataSet: DataSet, isRemoved: (index: number) => boolean): (readonly Identifier[])[] {
  const found = new Set<readonly Identifier[]>();
  let count = 0;
  const { elements, limits } = dataSet;
  for (let index = 0; index < elements.length; index++) {
    const { tag, vr, length } = elements[index];
    const kind = kindOf(tag, vr);
    if (kind === undefined || length === 0 || !isRemoved(index)) continue;
    if (length > limits.identifierBytes) throw new DicomError('limit', `an identifying value of more than ${limits.identifierBytes} bytes`, { tag });
    const list = identifiersIn(dataSet, index, kind);
    if (list.length === 0 || found.has(list)) continue;
    found.add(list);
    count += list.length;
    if (count > limits.identifiers) throw new DicomError('limit', `more than ${limits.identifiers} identifying values`, { tag });
  }
  return [...found];
}

/** The same without the lists. */
export function collectIdentifiers(dataSet: DataSet, isRemoved: (index: number) => boolean): Identifier[] {
  return identifierLists(dataSet, isRemoved).flat();
}

/** Values whose parts are remembered by attribute, since the slices of a series repeat them; emptied when full. */
const MEMORY = 4096;
const LONGEST_REMEMBERED = 1024;
const known = new Map<Tag, Map<string, readonly Identifier[]>>();
let remembered = 0;

function identifiersIn(dataSet: DataSet, index: number, kind: IdentifierKind): readonly Identifier[] {
  const { tag, vr } = dataSet.elements[index];
  const bytes = valueBytes(dataSet, dataSet.elements[index]);
  const encoded = unpadded(byteString(bytes));
  if (kind === 'uid' && !encoded.includes('\\')) return isTelling(kind, encoded) ? [{ kind, text: encoded, tag }] : [];
  const isPlain = !needsDecoding(bytes);
  const characterSet = isPlain ? '' : characterSetAt(dataSet, index);
  const key = isPlain ? encoded : `${encoded}\0${characterSet}`;
  const old = key.length > LONGEST_REMEMBERED ? undefined : known.get(tag)?.get(key);
  if (old !== undefined && old[0]?.kind === kind) return old;
  const texts = isPlain ? partsOf(kind, encoded) : spelledParts(kind, encoded, bytes, vr, characterSet);
  const parts = texts.map(folded).filter((text) => isTelling(kind, text) || (tag === TAG.PatientID && isWordOfItsOwn(text)));
  const made: Identifier[] = [...new Set(parts)].map((text) => ({ kind, text, tag }));
  if (kind === 'place') made.push(...wordsOf(parts).map((text) => ({ kind: 'word' as const, text, tag })));
  if (key.length > LONGEST_REMEMBERED) return made;
  if (remembered++ >= MEMORY) {
    known.clear();
    remembered = 1;
  }
  known.set(tag, (known.get(tag) ?? new Map<string, readonly Identifier[]>()).set(key, made));
  return made;
}

function kindOf(tag: Tag, vr: VR | ''): IdentifierKind | undefined {
  switch (vr) {
    case 'PN': return 'name';
    case 'UI': return 'uid';
    case 'DA': case 'DT': return 'date';
    case 'LO': case 'SH': case 'ST': case 'UC': case 'AE': return IDS.has(tag) ? 'id' : PLACES.has(tag) ? 'place' : undefined;
    default: return undefined;
  }
}

/**
 * The parts of a value that is not ASCII, as they may stand elsewhere: as they are, in capitals and in small letters,
 * in the character set of the file and in UTF-8, and without accents; and the pieces of the value's own bytes, for
 * what does not decode.
 */
function spelledParts(kind: IdentifierKind, encoded: string, bytes: Uint8Array, vr: VR | '', characterSet: string): string[] {
  if (vr === '') return partsOf(kind, encoded);
  const encode = encoderOf(characterSet);
  const spelled = partsOf(kind, decodeText(bytes, vr, characterSet)).filter((part) => part.length <= LONGEST_PART).flatMap((part) => (
    [part, part.toUpperCase(), part.toLowerCase(), withoutMarks(part), spelledOut(part), spelledOut(withoutMarks(part))].flatMap((text) => [utf8(text), encode(text) ?? utf8(text)])
  ));
  return [...spelled, ...rawParts(kind, encoded, characterSet)];
}

function withoutMarks(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
}

const TWO_LETTERS: ReadonlyMap<string, string> = new Map(Object.entries({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', å: 'aa', ø: 'oe', æ: 'ae', œ: 'oe', þ: 'th', ð: 'dh' }));

/** As people write it on a keyboard without these letters. */
function spelledOut(text: string): string {
  return text.toLowerCase().replace(/[äöüßåøæœþð]/g, (letter) => TWO_LETTERS.get(letter) ?? letter);
}

/**
 * The pieces of the value's own bytes. Escape sequences end a piece; the second byte of a character of GB18030 or GBK
 * may look like a delimiter (PS3.5 6.1.2.5), so it is put aside while the value is taken apart.
 */
function rawParts(kind: IdentifierKind, encoded: string, characterSet: string): string[] {
  const pieces = encoded.replace(/\x1b[$(-/][\x20-\x7e]?[\x20-\x7e]/g, '^');
  if (!/GB18030|GBK/.test(characterSet)) return partsOf(kind, pieces);
  // Character by character, since a second byte followed by a delimiter looks like such a character.
  const hidden = pieces.replace(/[\x81-\xfe](?:\d[\x81-\xfe]\d|[\x40-\xfe])/g, (whole) => whole.replace(/[\\^]$/, (trail) => String.fromCharCode(trail.charCodeAt(0) + 0xe000)));
  return partsOf(kind, hidden).map((part) => part.replace(/[\ue000-\ue0ff]/g, (trail) => String.fromCharCode(trail.charCodeAt(0) - 0xe000)));
}

/** Words of a place's name that are long enough to tell it, such as a town's. */
function wordsOf(places: readonly string[]): string[] {
  return [...new Set(places.flatMap((place) => place.split(/[^a-z\x80-\xff]+/)))].filter((word) => word.length >= 6 && !GENERIC.has(word) && !places.includes(word));
}

function partsOf(kind: IdentifierKind, text: string): string[] {
  const values = text.split('\\');
  switch (kind) {
    case 'name': return values.flatMap((value) => value.split('=').flatMap(nameParts));
    case 'date': return values.map((value) => value.trim().slice(0, 10).replace(/\./g, '').slice(0, 8));
    // Streets and towns stand on their own in other texts.
    case 'place': return [...values, text, ...text.split(/[,;^\n\r\\]+/).filter((part) => (part.match(LETTERS)?.length ?? 0) >= 6)];
    default: return values;
  }
}

const LETTERS = /[A-Za-z\x80-\uffff]/g;
const SPACES_AROUND = /^[\t-\r ]+|[\t-\r ]+$/g;

/**
 * Without spaces around it, in lower case, as far as ASCII goes: other bytes are halves of characters, which trim()
 * and toLowerCase() would take for letters and spaces of ISO 8859-1.
 */
function folded(part: string): string {
  return part.replace(SPACES_AROUND, '').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Characters of a part that is spelled in other ways; a group of a person's name has 64 (PS3.5 Table 6.2-1). */
const LONGEST_PART = 256;

/** What stands between family and given name where both are written in one. */
const BETWEEN = ['', ' ', '^', ', ', ',', '_', '-'];

/**
 * Family and given name and the rest, each word of them and each part of a hyphenated one, with and without its
 * apostrophe; and the two names together as texts and file names have them, which tells names of two letters too.
 */
function nameParts(group: string): string[] {
  const components = group.split('^').map((component) => component.replace(SPACES_AROUND, ''));
  const words = components.flatMap((component) => component.split(/[\t-\r ,.]+/));
  const parts = words.filter((word) => /[-'\u2019]/.test(word)).flatMap((word) => [...word.split(/[-'\u2019]/), word.replace(/['\u2019]/g, '')]);
  const [family, given] = components;
  const joined = family && given && family.length + given.length <= LONGEST_PART ? BETWEEN.flatMap((between) => [`${family}${between}${given}`, `${given}${between}${family}`]) : [];
  return [...components, ...words, ...parts, ...joined];
}

/** A Patient ID may be letters alone, a log-in name for instance. */
function isWordOfItsOwn(text: string): boolean {
  return text.length >= 5 && !GENERIC.has(text);
}

function isTelling(kind: IdentifierKind, text: string): boolean {
  // One character of an ideographic script is no name yet.
  if (text.length < 3 || GENERIC.has(text) || /^[\x80-\xff]{3}$/.test(text)) return false;
  switch (kind) {
    case 'name': return !/^[\d\W_]+$/.test(text) || /[\x80-\xff]/.test(text);
    case 'date': return /^\d{8}$/.test(text) && text !== DUMMY_DATE;
    case 'uid': return /^[\d.]{8,}$/.test(text) && !isRegisteredUid(text);
    case 'id': return text.length >= 4 && /\d/.test(text) && !/^(.)\1*$/.test(text);
    case 'place': case 'word': return text.length >= 5;
  }
}
