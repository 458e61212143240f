import { sha256 } from '@noble/hashes/sha2.js';
import dicomParser from 'dicom-parser';
import { type DataSet, indexOf } from './dicom/data-set.ts';
import { concat, encodeElements, encodeHeader, type ElementToWrite } from './dicom/encode.ts';
import { DicomError } from './dicom/errors.ts';
import { TAG } from './dicom/tag.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './dicom/transfer-syntax.ts';
import { byteString, bytesOf } from './dicom/values.ts';
import type { DirectoryEntry, RecordKeys } from './directory-entry.ts';
import { recordTypeOf } from './directory-records.ts';
import { metaText } from './draft.ts';
import { encodeFileMeta } from './file-meta.ts';
import { DICOMDIR_SOP_CLASS } from './planner.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** The only name that a DICOMDIR may have (PS3.10 8.6). */
export const DICOMDIR_NAME = 'DICOMDIR';

const DIRECTORY_RECORD_SEQUENCE = 0x00041220;
const ENCODING = { implicit: false, littleEndian: true };

export interface DicomdirOptions {
  /** Where the DICOMDIR will stand, relative to the output folder, with slashes; empty for the output folder itself. */
  readonly folder: string;
  readonly pseudonyms: Pseudonyms;
}

/** A DICOMDIR, or a sentence that says why there can be none. */
export type Dicomdir =
  | { readonly bytes: Uint8Array; /** Files in it. */ readonly listed: number; /** Files whose names it may not hold. */ readonly unlisted: number }
  | { readonly reason: string };

/** Whether a Data Set is a DICOMDIR: by its SOP Class, or by its records where that is missing. */
export function isDicomdir(dataSet: DataSet): boolean {
  return metaText(dataSet, TAG.MediaStorageSOPClassUID) === DICOMDIR_SOP_CLASS || indexOf(dataSet, DIRECTORY_RECORD_SEQUENCE) >= 0;
}

/**
 * The components of a File ID (PS3.10 8.2, 8.5): at most eight of at most eight characters A-Z, 0-9 and _.
 * @param file with slashes, relative to the folder of the DICOMDIR
 * @returns undefined where a DICOMDIR may not hold the name
 */
export function fileIdOf(file: string): string[] | undefined {
  const components = file.split('/');
  return components.length <= 8 && components.every((component) => /^[A-Z0-9_]{1,8}$/.test(component)) ? components : undefined;
}

export const NO_LEGAL_NAMES =
  'a DICOMDIR can only list names of at most 8 characters A-Z, 0-9 and _, and no file that was written has one; ' +
  'with "--layout mirror" the names of a CD are kept, and its DICOMDIR is rebuilt';

/**
 * A DICOMDIR of written files (PS3.3 Annex F, PS3.10 8): patients, studies, series and instances with the values
 * that stand in the files, in explicit VR little endian. The same files make the same bytes, in whatever order they come.
 */
export function buildDicomdir(entries: readonly DirectoryEntry[], { folder, pseudonyms }: DicomdirOptions): Dicomdir {
  if (entries.length === 0) return { reason: 'no file beside or below it was written, so there is nothing to list' };
  const leaves: Leaf[] = [];
  for (const entry of entries) {
    const fileId = relativeTo(folder, entry.file);
    if (fileId === undefined) continue;
    const type = recordTypeOf(entry.sopClass);
    if (type === undefined) return { reason: `the standard has no directory record for instances of the SOP Class ${entry.sopClass}` };
    if (entry.sopInstance === '') return { reason: 'a file without SOP Instance UID cannot be listed' };
    leaves.push({ entry, type, fileId });
  }
  if (leaves.length === 0) return { reason: NO_LEGAL_NAMES };
  const roots = arrange(leaves);
  if (roots === undefined) return { reason: 'a study or series belongs to two patients or studies, which a DICOMDIR cannot say' };
  return { bytes: encode(roots, pseudonyms), listed: leaves.length, unlisted: entries.length - leaves.length };
}

interface Leaf {
  readonly entry: DirectoryEntry;
  readonly type: string;
  readonly fileId: string;
}

interface RecordNode {
  readonly type: string;
  keys: RecordKeys;
  readonly leaf?: Leaf;
  readonly below: RecordNode[];
}

function relativeTo(folder: string, file: string): string | undefined {
  if (folder !== '' && !file.startsWith(`${folder}/`)) return undefined;
  return fileIdOf(folder === '' ? file : file.slice(folder.length + 1))?.join('\\');
}

const LEVELS = ['PATIENT', 'STUDY', 'SERIES'];

/** The tree of records, sorted; undefined where a study or series would stand in it twice (PS3.3 F.5.2). */
function arrange(leaves: readonly Leaf[]): RecordNode[] | undefined {
  const roots: RecordNode[] = [];
  const known = new Map<string, { node: RecordNode; above: RecordNode[] }>();
  for (const leaf of leaves) {
    let above = roots;
    for (const [level, keys] of leaf.entry.levels.entries()) {
      const name = `${level}\0${keys.id}`;
      const old = known.get(name);
      if (old !== undefined && old.above !== above) return undefined;
      const node = old?.node ?? { type: LEVELS[level], keys, below: [] };
      if (old === undefined) above.push(node);
      else node.keys = fuller(node.keys, keys);
      known.set(name, { node, above });
      above = node.below;
    }
    above.push({ type: leaf.type, keys: leaf.entry.own, leaf, below: [] });
  }
  for (const { node } of known.values()) node.below.sort(byContent);
  return roots.sort(byContent);
}

/** Where files tell of the same study in different ways, the one that says more, whichever came first. */
function fuller(a: RecordKeys, b: RecordKeys): RecordKeys {
  if (a.keys === b.keys) return a;
  return a.keys.length > b.keys.length || (a.keys.length === b.keys.length && a.keys < b.keys) ? a : b;
}

function byContent(a: RecordNode, b: RecordNode): number {
  return a.keys.order - b.keys.order || compare(a.keys.id, b.keys.id) || compare(a.leaf?.fileId ?? '', b.leaf?.fileId ?? '');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where the two offsets stand in a record, counted from the first byte of its Item (PS3.3 Table F.3-3). */
const NEXT_AT = 8 + 8;
const LOWER_AT = NEXT_AT + 4 + 10 + 8;

function encode(roots: readonly RecordNode[], pseudonyms: Pseudonyms): Uint8Array {
  const nodes: RecordNode[] = [];
  flatten(roots, nodes);
  const items = nodes.map(encodeRecord);
  const digest = sha256.create();
  for (const item of items) digest.update(item);
  // The name of this content: the same files get the same UID, other files another one.
  const sopInstance = pseudonyms.uid(`dicomdir\0${byteString(digest.digest())}`);
  const meta = encodeFileMeta({ sopClass: DICOMDIR_SOP_CLASS, sopInstance, transferSyntax: EXPLICIT_LITTLE_ENDIAN });

  const length = items.reduce((sum, item) => sum + item.length, 0);
  const headLength = encodeHead(0, 0, length).length;
  const offsets = new Map<RecordNode | undefined, number>();
  let offset = meta.length + headLength;
  nodes.forEach((node, i) => {
    offsets.set(node, offset);
    offset += items[i].length;
  });
  const offsetOf = (node: RecordNode | undefined) => offsets.get(node) ?? 0;
  const next = new Map<RecordNode, RecordNode>();
  for (const siblings of [roots, ...nodes.map(({ below }) => below)]) {
    for (let i = 1; i < siblings.length; i++) next.set(siblings[i - 1], siblings[i]);
  }
  nodes.forEach((node, i) => {
    const view = new DataView(items[i].buffer);
    view.setUint32(NEXT_AT, offsetOf(next.get(node)), true);
    view.setUint32(LOWER_AT, offsetOf(node.below[0]), true);
  });
  return concat([meta, encodeHead(offsetOf(roots[0]), offsetOf(roots[roots.length - 1]), length), ...items]);
}

/** Each record before those below it; four levels deep at most. */
function flatten(siblings: readonly RecordNode[], into: RecordNode[]): void {
  for (const node of siblings) {
    into.push(node);
    flatten(node.below, into);
  }
}

/** Everything before the first record: an empty File-set ID, no file-set descriptor (PS3.3 Tables F.3-2, F.3-3). */
function encodeHead(first: number, last: number, length: number): Uint8Array {
  const elements: ElementToWrite[] = [
    { tag: 0x00041130, vr: 'CS', value: '' },
    { tag: 0x00041200, vr: 'UL', value: [first] },
    { tag: 0x00041202, vr: 'UL', value: [last] },
    { tag: 0x00041212, vr: 'US', value: [0] },
  ];
  return concat([encodeElements(elements, ENCODING), encodeHeader(DIRECTORY_RECORD_SEQUENCE, 'SQ', length, ENCODING)]);
}

/** Offsets of zero and the flag that a record is in use: the same in every record until the offsets are known. */
const RECORD_START = encodeElements([
  { tag: 0x00041400, vr: 'UL', value: [0] },
  { tag: 0x00041410, vr: 'US', value: [0xffff] },
  { tag: 0x00041420, vr: 'UL', value: [0] },
], ENCODING);

/** A record whose offsets are still zero, in a buffer of its own. */
function encodeRecord({ type, keys, leaf }: RecordNode): Uint8Array {
  const elements: ElementToWrite[] = [{ tag: 0x00041430, vr: 'CS', value: type }];
  if (leaf !== undefined) elements.push(
    { tag: 0x00041500, vr: 'CS', value: leaf.fileId },
    { tag: 0x00041510, vr: 'UI', value: leaf.entry.sopClass },
    { tag: 0x00041511, vr: 'UI', value: leaf.entry.sopInstance },
    { tag: 0x00041512, vr: 'UI', value: leaf.entry.transferSyntax },
  );
  const parts = [RECORD_START, encodeElements(elements, ENCODING), bytesOf(keys.keys)];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([encodeHeader(TAG.Item, '', length, ENCODING), ...parts]);
}

/**
 * Reads a DICOMDIR with the second reader and follows every offset.
 * @param listed files that must be found in it
 * @throws DicomError `unverified` where a record is not where an offset says, is met twice, or is never met
 */
export function verifyDicomdir(bytes: Uint8Array, listed: number): void {
  const wrong = () => new DicomError('unverified', 'the second reader does not find the records that were written');
  let dataSet: dicomParser.DataSet;
  try {
    dataSet = dicomParser.parseDicom(bytes);
  } catch {
    throw wrong();
  }
  const records = new Map((dataSet.elements.x00041220?.items ?? []).map((item) => [item.dataOffset - 8, item.dataSet]));
  const all = records.size;
  const pending = [dataSet.uint32('x00041200') ?? 0];
  let files = 0;
  for (let offset = pending.pop(); offset !== undefined; offset = pending.pop()) {
    if (offset === 0) continue;
    const record = records.get(offset);
    if (record === undefined) throw wrong();
    records.delete(offset);
    if (record.elements.x00041500 !== undefined) files += 1;
    pending.push(record.uint32('x00041400') ?? 0, record.uint32('x00041420') ?? 0);
  }
  if (records.size > 0 || all === 0 || files !== listed || dataSet.string('x00020002') !== DICOMDIR_SOP_CLASS) throw wrong();
}
