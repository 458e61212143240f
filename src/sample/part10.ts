import { concat, encodeElements, encodeText, type ElementToWrite, type Encoding, type ItemToWrite } from '../anonymizer/dicom/encode.ts';
import { TAG, type Tag } from '../anonymizer/dicom/tag.ts';
import { EXPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from '../anonymizer/dicom/transfer-syntax.ts';
import type { VR } from '../anonymizer/dicom/vr.ts';

/** How a DICOM file is put together (PS3.10 7.1); every part may be left out or bent, for files as they are met in the field. */
export interface Part10Options {
  /** Explicit VR little endian where absent. */
  readonly transferSyntax?: string;
  /** Where it differs from what the Transfer Syntax says, or where that one is unknown. */
  readonly encoding?: Encoding;
  /** Up to 128 bytes; zeros where absent. `null`: neither preamble nor `DICM`, the file begins with group 0002. */
  readonly preamble?: Uint8Array | null;
  /** Added to the File Meta Information, or in place of what it would hold under the same tag. */
  readonly meta?: readonly ElementToWrite[];
  /** Left out of the File Meta Information. */
  readonly withoutMeta?: readonly Tag[];
  /** Raw deflate (RFC 1951), for the deflated Transfer Syntaxes. */
  readonly deflate?: (bytes: Uint8Array) => Uint8Array;
}

const META_ENCODING: Encoding = { implicit: false, littleEndian: true };
const IMPLEMENTATION_CLASS_UID = '2.25.171290734826339514938761420917862031';

/** The bytes of a file: preamble, File Meta Information and the elements in the order given. */
export function writePart10(elements: readonly ElementToWrite[], options: Part10Options = {}): Uint8Array {
  const valueAt = (tag: Tag): ElementToWrite['value'] => elements.find((each) => each.tag === tag)?.value ?? '';
  const instance = [
    element(TAG.MediaStorageSOPClassUID, 'UI', valueAt(TAG.SOPClassUID)),
    element(TAG.MediaStorageSOPInstanceUID, 'UI', valueAt(TAG.SOPInstanceUID)),
  ];
  const dataSet = encodeElements(elements, encodingOf(options));
  return wrapPart10(dataSet, { ...options, meta: [...instance, ...(options.meta ?? [])] });
}

/** A file around a Data Set that is encoded already; the SOP Class and Instance are for `meta` to tell. */
export function wrapPart10(dataSet: Uint8Array, options: Part10Options): Uint8Array {
  const stored = options.deflate === undefined ? dataSet : evenLength(options.deflate(dataSet));
  return concat([...head(options.preamble), fileMeta(options), stored]);
}

/** How the Data Set of such a file is encoded. */
export function encodingOf(options: Part10Options): Encoding {
  return options.encoding ?? transferSyntaxOf(options.transferSyntax ?? EXPLICIT_LITTLE_ENDIAN);
}

export function element(tag: Tag, vr: VR, value: ElementToWrite['value'] = ''): ElementToWrite {
  return { tag, vr, value };
}

/** Elements in ascending order of tags, in Items too (PS3.5 7.1). */
export function inTagOrder(elements: readonly ElementToWrite[]): ElementToWrite[] {
  return elements
    .map((each) => (isSequence(each) ? { ...each, value: each.value.map(inTagOrder) } : each))
    .sort((a, b) => a.tag - b.tag);
}

/** An Item of a code sequence (PS3.3 8.8). */
export function code(value: string, scheme: string, meaning: string): ItemToWrite {
  return [
    element(TAG.CodeValue, 'SH', value),
    element(TAG.CodingSchemeDesignator, 'SH', scheme),
    element(TAG.CodeMeaning, 'LO', meaning),
  ];
}

/** An Item that references a SOP Instance (PS3.3 10.8). */
export function reference(sopClass: string, sopInstance: string): ItemToWrite {
  return [element(TAG.ReferencedSOPClassUID, 'UI', sopClass), element(TAG.ReferencedSOPInstanceUID, 'UI', sopInstance)];
}

function isSequence(each: ElementToWrite): each is ElementToWrite & { value: readonly ItemToWrite[] } {
  return each.vr === 'SQ' && Array.isArray(each.value);
}

function head(preamble: Uint8Array | null = new Uint8Array(0)): Uint8Array[] {
  if (preamble === null) return [];
  const bytes = new Uint8Array(132);
  bytes.set(preamble.subarray(0, 128));
  bytes.set(encodeText('DICM', 'CS'), 128);
  return [bytes];
}

function fileMeta(options: Part10Options): Uint8Array {
  const byTag = new Map<Tag, ElementToWrite>();
  const usual = [
    element(TAG.FileMetaInformationVersion, 'OB', Uint8Array.of(0, 1)),
    element(TAG.TransferSyntaxUID, 'UI', options.transferSyntax ?? EXPLICIT_LITTLE_ENDIAN),
    element(TAG.ImplementationClassUID, 'UI', IMPLEMENTATION_CLASS_UID),
    element(TAG.ImplementationVersionName, 'SH', 'SAMPLE_1'),
  ];
  for (const each of [...usual, ...(options.meta ?? [])]) byTag.set(each.tag, each);
  const without = options.withoutMeta ?? [];
  for (const tag of without) byTag.delete(tag);
  if (byTag.size === 0) return new Uint8Array(0);

  const given = byTag.get(TAG.FileMetaInformationGroupLength);
  byTag.delete(TAG.FileMetaInformationGroupLength);
  const rest = encodeElements(inTagOrder([...byTag.values()]), META_ENCODING);
  if (without.includes(TAG.FileMetaInformationGroupLength)) return rest;
  const groupLength = given ?? element(TAG.FileMetaInformationGroupLength, 'UL', [rest.length]);
  return concat([encodeElements([groupLength], META_ENCODING), rest]);
}

/** A deflated stream of odd length is padded with one zero byte (PS3.5 A.5). */
function evenLength(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concat([bytes, new Uint8Array(1)]);
}
