import { DicomError } from '../anonymizer/dicom/errors.ts';
import type { PixelFormat } from './frames.ts';

/**
 * Samples of an RLE frame (PS3.5 Annex G), little endian and by pixel: a header of 64 bytes with the offsets of the
 * segments, one segment a byte of a sample, the most significant first, each packed by PackBits.
 */
export function decodeRle(encoded: Uint8Array, { rows, columns, samples, bits }: PixelFormat): Uint8Array {
  const pixels = rows * columns;
  const sampleBytes = bits / 8;
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (encoded.length < 64 || view.getUint32(0, true) !== samples * sampleBytes) throw new DicomError('damaged', 'RLE segments do not fit the image');
  const result = new Uint8Array(pixels * samples * sampleBytes);
  for (let segment = 0; segment < samples * sampleBytes; segment++) {
    const start = view.getUint32(4 + segment * 4, true);
    const next = segment + 1 < samples * sampleBytes ? view.getUint32(8 + segment * 4, true) : encoded.length;
    const sample = Math.floor(segment / sampleBytes);
    const byte = sampleBytes - 1 - (segment % sampleBytes);
    unpack(encoded.subarray(start, next), result, sample * sampleBytes + byte, samples * sampleBytes, pixels);
  }
  return result;
}

/** PackBits (PS3.5 G.3.1) into every `stride`th byte of the result. */
function unpack(packed: Uint8Array, result: Uint8Array, offset: number, stride: number, pixels: number): void {
  let to = offset;
  const end = offset + pixels * stride;
  for (let at = 0; at < packed.length && to < end; ) {
    const n = packed[at++];
    if (n === 128) continue;
    if (n < 128) {
      for (let i = 0; i <= n && to < end; i++, to += stride) result[to] = packed[at + i];
      at += n + 1;
    } else {
      for (let i = 0; i <= 256 - n && to < end; i++, to += stride) result[to] = packed[at];
      at += 1;
    }
  }
}
