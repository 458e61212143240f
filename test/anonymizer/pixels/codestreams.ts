import { apply, isSpan } from '../../../src/anonymizer/apply.ts';
import { concat } from '../../../src/anonymizer/dicom/encode.ts';
import { indexOf } from '../../../src/anonymizer/dicom/data-set.ts';
import { TAG } from '../../../src/anonymizer/dicom/tag.ts';
import type { Plan } from '../../../src/anonymizer/plan.ts';
import { encapsulated, latin1, part10, type FixtureElement } from '../../fixtures/data-set.ts';
import { deidentify, plannerWith, read } from '../../fixtures/deidentify.ts';
import { minimalCt } from '../../fixtures/instances.ts';
import { element } from '../../../src/sample/part10.ts';

/** Codestreams by hand, with whatever stands in them beside samples. */

export const SYNTAX = {
  jpeg: '1.2.840.10008.1.2.4.50', jpegLs: '1.2.840.10008.1.2.4.80', jpeg2000: '1.2.840.10008.1.2.4.90', jpegXl: '1.2.840.10008.1.2.4.110',
  rle: '1.2.840.10008.1.2.5', h264: '1.2.840.10008.1.2.4.102',
} as const;

/** In no other place of any fixture. */
export const NAME = 'BIANCHI LAURA';

/** Bytes from numbers and texts. */
export function bytes(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : Uint8Array.from(part))));
}

/** A marker segment of the JPEG family. */
export function segment(marker: number, ...content: readonly (string | readonly number[])[]): Uint8Array {
  const inside = bytes(...content);
  return bytes([0xff, marker, (inside.length + 2) >> 8, (inside.length + 2) & 0xff], inside);
}

export const SOI = bytes([0xff, 0xd8]);
export const EOI = bytes([0xff, 0xd9]);
export const SCAN = bytes(segment(0xda, [1, 1, 0, 0, 63, 0]), [0x12, 0xff, 0x00, 0x34, 0x56]);
export const jpeg = (...parts: readonly Uint8Array[]) => bytes(SOI, ...parts, SCAN, EOI);

const SIZ = segment(0x51, '\0'.repeat(39));
/** A tile-part whose length is told; packets follow. */
export const tilePart = (packets: Uint8Array, told = 14 + packets.length) => bytes(segment(0x90, [0, 0, 0, 0, told >> 8, told & 0xff, 0, 1]), [0xff, 0x93], packets);
export const jpeg2000 = (...parts: readonly Uint8Array[]) => bytes([0xff, 0x4f], SIZ, ...parts, [0xff, 0xd9]);

/** A box of JP2 or JPEG XL. */
export function box(type: string, content: Uint8Array): Uint8Array {
  const length = content.length + 8;
  return bytes([0, 0, length >> 8, length & 0xff], type, content);
}

export interface Cleaned {
  readonly plan: Plan;
  /** Values of all fragments, joined. */
  readonly pixels: Uint8Array;
  readonly result: Uint8Array;
}

/** Fragments as one frame of an image, de-identified. */
export function cleaned(syntax: string, fragments: readonly Uint8Array[], changes: readonly FixtureElement[] = []): Cleaned {
  const { bytes: result, plan } = deidentify(part10(minimalCt([encapsulated(fragments, 'empty'), ...changes]), { syntax }));
  return { plan, pixels: pixelsOf(result), result };
}

/** The value of Pixel Data; of fragments all but the first eight bytes of each. */
export function pixelsOf(file: Uint8Array): Uint8Array {
  const dataSet = read(file);
  const { valueStart, valueEnd, undefinedLength } = dataSet.elements[indexOf(dataSet, TAG.PixelData)];
  const value = dataSet.source.read(valueStart, valueEnd);
  if (!undefinedLength) return value;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < value.length; ) {
    const length = view.getUint32(at + 4, true);
    parts.push(value.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return concat(parts);
}

/** A native image of 2×2 pixels of 8 bits whose value is as given. */
export function native(value: Uint8Array, changes: readonly FixtureElement[] = [], without: readonly number[] = []): Uint8Array {
  const small = [element(0x00280010, 'US', [2]), element(0x00280011, 'US', [2]), element(0x00280100, 'US', [8]), element(0x00280101, 'US', [8]), element(0x00280102, 'US', [7])];
  return part10(minimalCt([...small, element(TAG.PixelData, 'OW', value), ...changes], without));
}

/** Bytes of the source that a plan puts into memory anew. */
export function newBytes(file: Uint8Array): number {
  const pieces = new Set(apply(plannerWith().plan(read(file))).filter((piece) => !isSpan(piece)));
  return [...pieces].reduce((sum, piece) => sum + (isSpan(piece) ? 0 : piece.length), 0);
}
