import { MemorySource, type ByteSource } from './byte-source.ts';
import { indexOf, type DataElement, type DataSet } from './data-set.ts';
import type { Encoding } from './encode.ts';
import { DicomError } from './errors.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { readElements } from './reader.ts';
import { TAG } from './tag.ts';
import {
  EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, transferSyntaxOf, type TransferSyntax,
} from './transfer-syntax.ts';
import { vrFromBytes } from './vr.ts';

/** Length of the preamble before the prefix `DICM` (PS3.10 7.1). */
const PREAMBLE = 128;
const META_ENCODING: Encoding = { implicit: false, littleEndian: true };

export interface ReadOptions {
  /** Raw inflate (RFC 1951); throws when the stream is damaged or its output longer than `limit` bytes. */
  readonly inflate: (deflated: Uint8Array, limit: number) => Uint8Array;
  readonly limits?: Limits | undefined;
}

/**
 * Reads a Part 10 file or a bare Data Set (PS3.10 7, PS3.5 7).
 * @throws DicomError `not-dicom`, `damaged`, `limit` or `unsupported-transfer-syntax`
 */
export function readDataSet(source: ByteSource, options: ReadOptions): DataSet {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const metaStart = findMeta(source);
  const meta = metaStart === undefined
    ? { elements: [], end: 0 }
    : readElements(source, metaStart, META_ENCODING, limits.elements, 0x0002);
  const declared = declaredSyntax(source, meta.elements);
  const syntax = declared ?? detectSyntax(source, meta.end);
  const part10 = { meta: meta.elements, metaSource: source, transferSyntax: syntax, littleEndian: syntax.littleEndian, limits };
  if (syntax.deflated) {
    const inflated = new MemorySource(inflateDataSet(source.read(meta.end, source.size), meta.end, options, limits));
    return { ...part10, source: inflated, start: 0, ...readElements(inflated, 0, syntax, limits.elements) };
  }
  const dataSet = { ...part10, source, start: meta.end, ...readElements(source, meta.end, syntax, limits.elements) };
  if (dataSet.elements.length === 0) throw new DicomError('not-dicom', 'no Data Element');
  // Without a File Meta Information anything might look like an element: what makes it an instance must be there.
  if (declared === undefined && indexOf(dataSet, TAG.SOPClassUID) < 0) throw new DicomError('not-dicom', 'neither File Meta Information nor SOP Class UID');
  return dataSet;
}

/** Offset of group 0002, with or without the preamble and the prefix; undefined for a bare Data Set. */
function findMeta(source: ByteSource): number | undefined {
  const { bytes, offset } = source.window(0, Math.min(source.size, PREAMBLE + 8));
  const startsMeta = (at: number) => bytes[at - offset] === 2 && bytes[at + 1 - offset] === 0;
  const prefixAt = (at: number) =>
    source.size >= at + 4 && String.fromCharCode(...bytes.subarray(at - offset, at + 4 - offset)) === 'DICM';
  if (prefixAt(PREAMBLE)) return PREAMBLE + 4;
  if (prefixAt(0)) return 4;
  return source.size >= 8 && startsMeta(0) ? 0 : undefined;
}

function declaredSyntax(source: ByteSource, meta: readonly DataElement[]): TransferSyntax | undefined {
  const element = meta.find(({ tag }) => tag === TAG.TransferSyntaxUID);
  if (element === undefined || element.length === 0) return undefined;
  const uid = String.fromCharCode(...source.read(element.valueStart, Math.min(element.valueEnd, element.valueStart + 66)));
  return transferSyntaxOf(uid.replace(/[\0 ]+$/, ''));
}

/**
 * The syntax of a Data Set that does not declare one, by the first header: a low group in one byte order, then a VR
 * or a length that fits. What it says is held to: the whole file must parse that way.
 */
function detectSyntax(source: ByteSource, start: number): TransferSyntax {
  if (source.size - start < 8) throw new DicomError('not-dicom', 'too short');
  const { bytes, offset } = source.window(start, 8);
  const at = start - offset;
  const isExplicit = vrFromBytes(bytes[at + 4], bytes[at + 5]) !== undefined;
  const isLowGroup = (high: number, low: number) => high === 0 && low > 0 && low <= 0x20 && low % 2 === 0;
  if (isLowGroup(bytes[at + 1], bytes[at])) return transferSyntaxOf(isExplicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN);
  if (isLowGroup(bytes[at], bytes[at + 1]) && isExplicit) return transferSyntaxOf(EXPLICIT_BIG_ENDIAN);
  throw new DicomError('not-dicom', 'no Transfer Syntax and no Data Element that would tell it', { offset: start });
}

function inflateDataSet(deflated: Uint8Array, offset: number, options: ReadOptions, limits: Limits): Uint8Array {
  try {
    return options.inflate(deflated, limits.inflatedBytes);
  } catch {
    throw new DicomError('damaged', `the deflated Data Set is damaged or inflates to more than ${limits.inflatedBytes} bytes`, { offset });
  }
}
