import { needsDecoding } from './dicom/character-set.ts';
import { MemorySource } from './dicom/byte-source.ts';
import { type DataElement, type DataSet, indexOf } from './dicom/data-set.ts';
import { vrOfTag } from './dicom/dictionary.ts';
import { encodeElement, encodeElements, type ElementToWrite, type Encoding, type ItemToWrite } from './dicom/encode.ts';
import { readElements } from './dicom/reader.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from './dicom/transfer-syntax.ts';
import { byteString, bytesOf, unpadded, valueBytes } from './dicom/values.ts';
import { hasLongForm, isCharacterSetVr, isStringVr, unitOf, type VR } from './dicom/vr.ts';
import { DUMMY_OF_KEY, INSTANCE_KEYS, type Key, PATIENT_KEYS, recordTypeOf, SERIES_KEYS, standsAtRoot, STUDY_KEYS } from './directory-records.ts';
import { encodingOf, metaText } from './draft.ts';
import { dummySequence, dummyValue } from './dummies.ts';
import { type Addition, type Plan, type PixelsPlan, resultSyntax } from './plan.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Rule } from './rules/rule.ts';

/** What a Directory Record says of its patient, study, series or instance. */
export interface RecordKeys {
  /** Patient ID or UID, which makes it this one. */
  readonly id: string;
  /** Its place among its like: date, Series Number or Instance Number. */
  readonly order: number;
  /** The keys as elements in explicit VR little endian, one character a byte. */
  readonly keys: string;
}

/** One written file, as far as a DICOMDIR tells of it: some hundred bytes of plain data that threads can hand over. */
export interface DirectoryEntry {
  /** Relative to the output folder, with slashes. */
  readonly file: string;
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly transferSyntax: string;
  /** Patient, study and series; none for what belongs to no patient and for SOP Classes that no record references. */
  readonly levels: readonly RecordKeys[];
  readonly own: RecordKeys;
}

/** A Data Set as it was or will be written. */
interface Written {
  readonly dataSet: DataSet;
  readonly rules: readonly (Rule | undefined)[];
  readonly replacements: ReadonlyMap<number, Uint8Array>;
  readonly additions: readonly Addition[];
  readonly pixels?: PixelsPlan | undefined;
}

const EXPLICIT: Encoding = { implicit: false, littleEndian: true };

/** The entry of a file that is written by a plan, with the values that the plan leaves, replaces or adds. */
export function directoryEntry(plan: Plan, file: string, pseudonyms: Pseudonyms): DirectoryEntry {
  return entryOf(plan, plan.instance, file, pseudonyms);
}

/** The entry of a file that an earlier run wrote, from the file itself. */
export function directoryEntryOfResult(dataSet: DataSet, file: string, pseudonyms: Pseudonyms): DirectoryEntry {
  const sopClass = metaText(dataSet, TAG.MediaStorageSOPClassUID);
  const sopInstance = metaText(dataSet, TAG.MediaStorageSOPInstanceUID);
  return entryOf(unchanged(dataSet), { sopClass, sopInstance }, file, pseudonyms);
}

function entryOf(written: Written, instance: { sopClass: string; sopInstance: string }, file: string, pseudonyms: Pseudonyms): DirectoryEntry {
  const { sopClass, sopInstance } = instance;
  const type = recordTypeOf(sopClass);
  const own = recordKeys(written, type === undefined ? [] : INSTANCE_KEYS[type], [], sopInstance, numberOf(textOf(written, 0x00200013)));
  const levels = type === undefined || standsAtRoot(type) ? [] : levelsOf(written, sopInstance, pseudonyms);
  return { file, sopClass, sopInstance, transferSyntax: resultSyntax(written).uid, levels, own };
}

/**
 * Patient, study and series. Patient ID and the UIDs are what records are told apart by, so a file without them gets
 * a pseudonym of what there is and not a common dummy, which would merge patients.
 */
function levelsOf(written: Written, sopInstance: string, pseudonyms: Pseudonyms): RecordKeys[] {
  const text = (tag: Tag) => textOf(written, tag).trim();
  const [studyUid, seriesUid] = [text(TAG.StudyInstanceUID), text(TAG.SeriesInstanceUID)];
  const patient = text(TAG.PatientID) || text(TAG.PatientName).slice(0, 64) || `ANON${pseudonyms.code('directory-patient', studyUid || sopInstance, 12)}`;
  const study = studyUid || pseudonyms.uid(`directory-study\0${patient}`);
  const series = seriesUid || pseudonyms.uid(`directory-series\0${study}\0${text(TAG.Modality)}`);
  return [
    recordKeys(written, PATIENT_KEYS, [{ tag: TAG.PatientID, vr: 'LO', value: bytesOf(patient) }], patient, 0),
    recordKeys(written, STUDY_KEYS, [uid(TAG.StudyInstanceUID, study)], study, numberOf(text(TAG.StudyDate)) * 1e6 + numberOf(text(TAG.StudyTime).slice(0, 6))),
    recordKeys(written, SERIES_KEYS, [uid(TAG.SeriesInstanceUID, series)], series, numberOf(text(0x00200011))),
  ];
}

const uid = (tag: Tag, value: string): ElementToWrite => ({ tag, vr: 'UI', value });

function numberOf(text: string): number {
  return Number.parseFloat(text) || 0;
}

function recordKeys(written: Written, keys: readonly Key[], others: readonly ElementToWrite[], id: string, order: number): RecordKeys {
  const elements = [...others, ...keysIn(written, keys, -1)];
  const characterSet = textOf(written, TAG.SpecificCharacterSet);
  // Type 1C: required where a key needs it (PS3.3 F.5).
  if (characterSet !== '' && isExtended(elements)) elements.push({ tag: TAG.SpecificCharacterSet, vr: 'CS', value: characterSet });
  return { id, order, keys: byteString(encodeElements(inOrder(elements), EXPLICIT)) };
}

function inOrder(elements: ElementToWrite[]): ElementToWrite[] {
  return elements.sort((a, b) => a.tag - b.tag);
}

function isExtended(elements: ItemToWrite): boolean {
  return elements.some(({ vr, value }) => {
    if (vr === 'SQ') return Array.isArray(value) && (value as readonly ItemToWrite[]).some(isExtended);
    return isCharacterSetVr(vr) && value instanceof Uint8Array && needsDecoding(value);
  });
}

function keysIn(written: Written, keys: readonly Key[], item: number): ElementToWrite[] {
  return keys.flatMap((key) => {
    const element = key.items === undefined ? valueKey(written, key, item) : sequenceKey(written, key, key.items, item);
    return element === undefined ? [] : [element];
  });
}

function valueKey(written: Written, { tag, type, within }: Key, item: number): ElementToWrite | undefined {
  const vr = vrOfTag(tag) ?? 'UN';
  const value = within === undefined ? writtenValue(written, tag, vr, item) : latestIn(written, within, tag, item);
  if (value !== undefined && value.length > 0) return { tag, vr, value };
  if (type === 3) return undefined;
  if (type === 2) return { tag, vr, value: '' };
  // There is no dummy of a UID that would lead to an instance.
  return vr === 'UI' ? undefined : { tag, vr, value: DUMMY_OF_KEY.get(tag) ?? dummyValue(tag, vr, EXPLICIT) };
}

function sequenceKey(written: Written, { tag, type, only }: Key, keys: readonly Key[], item: number): ElementToWrite | undefined {
  const items = itemsOf(written, tag, item)
    .filter((each) => only === undefined || textOf(each.written, 0x0040a010, each.item) === only)
    .map((each) => inOrder(keysIn(each.written, keys, each.item)));
  if (items.length > 0) return { tag, vr: 'SQ', value: items };
  if (type === 3) return undefined;
  return { tag, vr: 'SQ', value: type === 2 ? [] : dummySequence(tag, '', EXPLICIT) };
}

function latestIn(written: Written, sequence: Tag, tag: Tag, item: number): Uint8Array {
  const values = itemsOf(written, sequence, item).map((each) => textOf(each.written, tag, each.item));
  return bytesOf(values.sort().at(-1) ?? '');
}

function textOf(written: Written, tag: Tag, item = -1): string {
  const value = writtenValue(written, tag, vrOfTag(tag) ?? 'UN', item);
  return value === undefined ? '' : byteString(value);
}

/** The written value without padding, numbers in little endian; undefined where it is missing or of another kind. */
function writtenValue(written: Written, tag: Tag, vr: VR, item: number): Uint8Array | undefined {
  const { dataSet, rules, replacements, additions } = written;
  const added = item < 0 ? additions.find((addition) => addition.tag === tag) : undefined;
  if (added !== undefined) return asKey(added.value, added.vr, vr, dataSet.littleEndian);
  const index = indexOf(dataSet, tag, item);
  if (index < 0 || rules[index]?.action === 'X') return undefined;
  const element = dataSet.elements[index];
  return asKey(replacements.get(index) ?? valueBytes(dataSet, element), element.vr, vr, encodingOf(dataSet, element).littleEndian);
}

function asKey(bytes: Uint8Array, from: VR | '', vr: VR, littleEndian: boolean): Uint8Array | undefined {
  if (isStringVr(vr)) {
    if (from === '' || !isStringVr(from) || (bytes.length > 0xfffe && !hasLongForm(vr))) return undefined;
    return bytesOf(unpadded(byteString(bytes)).trimStart());
  }
  if (from !== vr || bytes.length > 0xfffe) return undefined;
  return littleEndian ? bytes : swapped(bytes, unitOf(vr));
}

function swapped(bytes: Uint8Array, unit: number): Uint8Array {
  return bytes.map((_, i) => bytes[i - (i % unit) + unit - 1 - (i % unit)]);
}

/** The Items of a Sequence that are written, those of a replaced one included. */
function itemsOf(written: Written, tag: Tag, item: number): { written: Written; item: number }[] {
  const { dataSet, rules, replacements } = written;
  const index = indexOf(dataSet, tag, item);
  if (index < 0 || rules[index]?.action === 'X') return [];
  const replacement = replacements.get(index);
  if (replacement !== undefined) return itemsOf(unchanged(replacedSequence(dataSet, dataSet.elements[index], replacement)), tag, -1);
  const { elements } = dataSet;
  const items: { written: Written; item: number }[] = [];
  for (let i = index + 1; i < elements[index].next; i = elements[i].next) {
    if (elements[i].isItem && rules[i]?.action !== 'X') items.push({ written, item: i });
  }
  return items;
}

function unchanged(dataSet: DataSet): Written {
  return { dataSet, rules: [], replacements: new Map(), additions: [] };
}

/** A Data Set of one Sequence, to read what the plan wrote anew. */
function replacedSequence(dataSet: DataSet, element: DataElement, value: Uint8Array): DataSet {
  const encoding = encodingOf(dataSet, element);
  const source = new MemorySource(encodeElement({ tag: element.tag, vr: 'SQ', value }, encoding));
  const syntax = encoding.implicit ? IMPLICIT_LITTLE_ENDIAN : encoding.littleEndian ? EXPLICIT_LITTLE_ENDIAN : EXPLICIT_BIG_ENDIAN;
  const { limits } = dataSet;
  const read = readElements(source, 0, encoding, limits.elements);
  return { source, meta: [], metaSource: source, transferSyntax: transferSyntaxOf(syntax), littleEndian: encoding.littleEndian, start: 0, limits, ...read };
}
