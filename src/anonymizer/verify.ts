import { MemorySource } from './dicom/byte-source.ts';
import type { DataElement, DataSet } from './dicom/data-set.ts';
import { vrOfTag } from './dicom/dictionary.ts';
import { concat } from './dicom/encode.ts';
import { DicomError } from './dicom/errors.ts';
import { readDataSet, type ReadOptions } from './dicom/part10.ts';
import { formatTag, isPrivate, TAG, type Tag } from './dicom/tag.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './dicom/transfer-syntax.ts';
import { type VR, VRS } from './dicom/vr.ts';
import { encodeFileMeta } from './file-meta.ts';
import { isCode, isTelling } from './kept-values.ts';
import type { Hit } from './matcher.ts';
import { type Plan, resultSyntax } from './plan.ts';
import { readElements, saysSecond, type SecondElements, type SecondReader } from './second-reader.ts';

/** What the check of a written file found. */
export interface Verification {
  /** `unread`: the second reader does not know this kind of file, so only the bytes were searched. */
  readonly outcome: 'passed' | 'unread';
}

export interface VerifyOptions {
  readonly inflate: (deflated: Uint8Array, limit: number) => Uint8Array;
  /** Reads results that are alike, such as the slices of a series; a new reading each time where undefined. */
  readonly reader?: SecondReader | undefined;
}

/**
 * Checks the bytes of a result before they are delivered: a second reader (dicom-parser) must read them and find the
 * record of the de-identification, and no identifier of the source may stand anywhere but in pixel data.
 * @param bytes the whole file, or its head
 * @param until where it is a head: the tag of the element at whose value it ends, most often the Pixel Data
 * @throws DicomError `still-identifying` with the tag, or `unverified` where the second reader contradicts the first
 */
export function verify(bytes: Uint8Array, plan: Plan, options: VerifyOptions, until?: Tag): Verification {
  const { reader } = options;
  const isHead = until !== undefined;
  const plain = plan.dataSet.transferSyntax.deflated ? inflated(bytes, plan, options) : bytes;
  const hasRecord = until === undefined || until > TAG.PatientIdentityRemoved;
  const second = isBeyond(plan) || !hasRecord ? undefined : reader === undefined || isHead ? readElements(plain, until) : reader.read(plain);
  // Where a hit is judged by the element it stands in, the first reader tells which: it opens what the second does not.
  const within = { ...options, limits: plan.dataSet.limits };
  const place = isHead ? (offset: number) => (second === undefined ? undefined : placeIn(second, offset)) : placesOf(plain, within);
  if (second === undefined) {
    if (isHead) search(plain, 0, plain.length, plan, place);
    else searchOutsidePixels(readDataSet(new MemorySource(plain), within), plan, place);
    return { outcome: 'unread' };
  }
  checkRecord(second, plain, plan);
  const pixels = second['x7fe00010'];
  search(plain, 0, pixels?.dataOffset ?? plain.length, plan, place);
  if (pixels !== undefined && !isHead) search(plain, Math.min(plain.length, pixels.dataOffset + pixels.length), plain.length, plan, place);
  if (!plan.dataSet.littleEndian) searchValues(second, plain, plan, place);
  return { outcome: 'passed' };
}

/**
 * Value by value: in big endian the last byte of a length stands before the value and may look like a letter of it
 * (48 bytes: a 0), so that the value would seem to begin inside a word.
 */
function searchValues(elements: SecondElements, bytes: Uint8Array, plan: Plan, place: (offset: number) => Place | undefined): void {
  for (const { tag, dataOffset, length, items } of Object.values(elements)) {
    if (items === undefined && tag !== 'x7fe00010') search(bytes, dataOffset, Math.min(bytes.length, dataOffset + length), plan, place);
    for (const { dataSet: inside } of items ?? []) if (inside !== undefined) searchValues(inside.elements, bytes, plan, place);
  }
}

/** For what the second reader does not read (deep nesting, say): the first one tells where the Pixel Data is. */
function searchOutsidePixels({ elements, source }: DataSet, plan: Plan, place: (offset: number) => Place | undefined): void {
  const pixels = elements.find(({ tag, depth }) => tag === TAG.PixelData && depth === 0);
  const bytes = source.read(0, source.size);
  search(bytes, 0, pixels?.valueStart ?? bytes.length, plan, place);
  if (pixels !== undefined) search(bytes, pixels.end, bytes.length, plan, place);
}

/** The innermost element of the first reader's that holds an offset; read when the first hit asks. */
function placesOf(bytes: Uint8Array, options: ReadOptions): (offset: number) => Place | undefined {
  return placeAmong(() => leavesOf(readDataSet(new MemorySource(bytes), options)));
}

/** The element among `list` that holds an offset; the list, in the order of offsets, is made when the first hit asks. */
export function placeAmong(list: () => readonly DataElement[]): (offset: number) => Place | undefined {
  let leaves: readonly DataElement[] | undefined;
  return (offset) => {
    leaves ??= list();
    // The last one that begins at or before the offset, by halving.
    let from = 0;
    let to = leaves.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (leaves[middle].valueStart <= offset) from = middle + 1;
      else to = middle;
    }
    const found = leaves[from - 1];
    if (found === undefined || offset >= found.valueEnd) return undefined;
    return { tag: found.tag, vr: found.vr as VR, start: found.valueStart, end: found.valueEnd };
  };
}

/** The elements that hold values, in the order of their offsets. */
export function leavesOf({ meta, elements }: DataSet): DataElement[] {
  return [...meta, ...elements.filter(({ isItem, vr }) => !isItem && vr !== 'SQ')];
}

/** Preamble and `DICM`; the group length of the File Meta Information follows (PS3.10 7.1). */
const PREFIX = 132;

/** The same instance as a file that is not deflated, since the second reader cannot inflate. */
function inflated(bytes: Uint8Array, { dataSet: { limits }, instance }: Plan, { inflate }: VerifyOptions): Uint8Array {
  const lengthAt = PREFIX + 8;
  const dataSet = lengthAt + 4 + (bytes[lengthAt] | (bytes[lengthAt + 1] << 8));
  return concat([encodeFileMeta({ ...instance, transferSyntax: EXPLICIT_LITTLE_ENDIAN }), inflate(bytes.subarray(dataSet), limits.inflatedBytes)]);
}

/** Elements that the second reader is given; each costs it half a kilobyte and more. */
const MOST_ELEMENTS = 250_000;

/** Data Sets that were looked through: the slices of a series share one. */
const beyond = new WeakMap<DataSet, boolean>();

/** What dicom-parser 1.8 misreads: the VRs of 2019 in explicit headers, and UN, whose content it takes for big endian. */
function isBeyond({ dataSet }: Plan): boolean {
  const known = beyond.get(dataSet);
  if (known !== undefined) return known;
  const is = dataSet.elements.length > MOST_ELEMENTS || dataSet.elements.some(({ encodedVr }) => (
    encodedVr === 'OV' || encodedVr === 'SV' || encodedVr === 'UV' || (encodedVr === 'UN' && !dataSet.littleEndian)
  ));
  beyond.set(dataSet, is);
  return is;
}

function checkRecord(elements: SecondElements, bytes: Uint8Array, plan: Plan): void {
  const { instance, warnings } = plan;
  const is = (tag: string, expected: string) => saysSecond(elements, bytes, tag, expected);
  const { uid, deflated } = resultSyntax(plan);
  const syntax = deflated ? EXPLICIT_LITTLE_ENDIAN : uid;
  const agrees =
    is('x00120062', warnings.some(({ code }) => code === 'weaker-rule') ? 'NO' : 'YES') && is('x00020010', syntax) && is('x00020003', instance.sopInstance) &&
    (elements['x00080018'] === undefined || is('x00080018', instance.sopInstance));
  if (!agrees) throw new DicomError('unverified', 'the second reader does not find what was written');
}

function search(bytes: Uint8Array, start: number, end: number, plan: Plan, place: (offset: number) => Place | undefined): void {
  plan.matcher.find(bytes, start, end, (hit) => refuseLeak(hit, place(hit.start), bytes, plan));
}

/**
 * Says that a hit does not count, so that what it holds is found too.
 * @param place the element that the hit stands in, by offsets in `bytes`; undefined for a header
 * @throws DicomError `still-identifying` where the hit means what it says
 */
export function refuseLeak(hit: Hit, place: Place | undefined, bytes: Uint8Array, plan: Plan): false {
  // Three letters may be a VR and a length by chance; what a header could not hold is told.
  if (place === undefined ? hit.identifier.text.length < 5 || hit.identifier.kind === 'word' : !isLeak(hit, place, bytes, plan)) return false;
  throw new DicomError('still-identifying', `an identifier that stood in ${formatTag(hit.identifier.tag)} is left`, { tag: place?.tag });
}

/** An element as bytes: what it is, and where its value stands. */
export interface Place {
  readonly tag: Tag;
  readonly vr: VR;
  readonly start: number;
  readonly end: number;
}

function isLeak(hit: Hit, { tag, vr, start, end }: Place, bytes: Uint8Array, { profile }: Plan): boolean {
  // Codes were judged by their scheme when the plan was made.
  if (isCode(tag)) return false;
  return isTelling({ ...hit, start: hit.start - start, end: hit.end - start }, tag, vr, bytes.subarray(start, end), profile);
}

/** The innermost element of the second reader's that holds an offset; undefined for a header. */
function placeIn(second: SecondElements, offset: number): Place | undefined {
  let elements = second;
  for (;;) {
    const found = Object.values(elements).find((element) => offset >= element.dataOffset && offset < element.dataOffset + element.length);
    if (found === undefined) return undefined;
    const items = found.items?.filter((item) => offset >= item.dataOffset && offset < item.dataOffset + item.length);
    const inside = items?.[0]?.dataSet;
    if (inside !== undefined) {
      elements = inside.elements;
      continue;
    }
    const tag = Number.parseInt(found.tag.slice(1), 16);
    // A known tag that stands as UN was judged by the VR of the dictionary.
    const vr = VRS.find((known) => known === found.vr && known !== 'UN') ?? (isPrivate(tag) ? 'UN' : vrOfTag(tag)) ?? 'UN';
    return { tag, vr, start: found.dataOffset, end: found.dataOffset + found.length };
  }
}
