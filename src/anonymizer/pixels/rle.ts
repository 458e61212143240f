import { concat } from '../dicom/encode.ts';
import { CodecError, type DecodedFrame, type FrameCodec } from './codec.ts';

const HEADER = 64;
const MOST_SEGMENTS = 15;

/** RLE Lossless (PS3.5 Annex G): a segment for each byte of each sample, the most significant first, PackBits inside. */
export const RLE: FrameCodec = {
  decode(bytes, { rows, columns, samples, bitsAllocated, bitsStored, signed }) {
    const size = bitsAllocated >> 3;
    const pixels = rows * columns;
    if (size < 1) throw new CodecError('RLE of pixels of one bit is not defined');
    const starts = segmentStarts(bytes);
    if (starts.length !== samples * size) throw new CodecError('the number of RLE segments does not fit the image');
    const out = new Uint8Array(pixels * samples * size);
    starts.forEach((start, segment) => {
      const sample = Math.floor(segment / size);
      const place = sample * size + (size - 1 - (segment % size));
      unpack(bytes.subarray(start, starts[segment + 1] ?? bytes.length), out, place, samples * size, pixels);
    });
    return { bytes: out, samples, bitsAllocated, precision: bitsStored, signed };
  },
  encodeLossless({ bytes, samples, bitsAllocated }: DecodedFrame, { rows, columns }) {
    const size = bitsAllocated >> 3;
    if (samples * size > MOST_SEGMENTS) throw new CodecError('more than 15 RLE segments');
    const header = new Uint8Array(HEADER);
    const view = new DataView(header.buffer);
    view.setUint32(0, samples * size, true);
    const segments: Uint8Array[] = [header];
    let offset = HEADER;
    for (let segment = 0; segment < samples * size; segment++) {
      const place = Math.floor(segment / size) * size + (size - 1 - (segment % size));
      const packed = pack(bytes, place, samples * size, rows, columns);
      view.setUint32(4 + segment * 4, offset, true);
      segments.push(packed);
      offset += packed.length;
    }
    return concat(segments);
  },
};

function segmentStarts(bytes: Uint8Array): number[] {
  if (bytes.length < HEADER) throw new CodecError('the RLE header is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(0, true);
  if (count < 1 || count > MOST_SEGMENTS) throw new CodecError('the number of RLE segments is unlawful');
  const starts = Array.from({ length: count }, (_, i) => view.getUint32(4 + i * 4, true));
  if (starts.some((start, i) => start < HEADER || start > bytes.length || (i > 0 && start < starts[i - 1]))) throw new CodecError('an RLE segment leaves the frame');
  return starts;
}

/** G.3.2: n from 0 to 127 copies n + 1 bytes, from -127 to -1 repeats one byte 1 - n times, -128 does nothing. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, step: number, pixels: number): void {
  let written = 0;
  let to = first;
  for (let at = 0; at < packed.length && written < pixels; ) {
    const n = (packed[at++] << 24) >> 24;
    if (n === -128) continue;
    const length = Math.min(n >= 0 ? n + 1 : 1 - n, pixels - written);
    if (n >= 0) {
      if (at + length > packed.length) throw new CodecError('an RLE segment ends inside a run');
      for (let i = 0; i < length; i++, to += step) out[to] = packed[at + i];
      at += n + 1;
    } else {
      if (at >= packed.length) throw new CodecError('an RLE segment ends inside a run');
      const value = packed[at++];
      for (let i = 0; i < length; i++, to += step) out[to] = value;
    }
    written += length;
  }
  if (written < pixels) throw new CodecError('an RLE segment holds too few pixels');
}

/** G.3.1: every row by itself, and a segment of even length. */
function pack(bytes: Uint8Array, first: number, step: number, rows: number, columns: number): Uint8Array {
  const out = new Uint8Array(rows * (columns + Math.ceil(columns / 128) + 2) + 2);
  let to = 0;
  const at = (i: number) => bytes[first + i * step];
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * columns;
    let i = row * columns;
    while (i < end) {
      let run = 1;
      while (run < 128 && i + run < end && at(i + run) === at(i)) run++;
      if (run >= 2) {
        out[to++] = 257 - run;
        out[to++] = at(i);
        i += run;
        continue;
      }
      const start = i;
      // A literal goes on until three equal bytes make a run worth while.
      while (i < end && i - start < 128 && !(i + 2 < end && at(i) === at(i + 1) && at(i) === at(i + 2))) i++;
      out[to++] = i - start - 1;
      for (let k = start; k < i; k++) out[to++] = at(k);
    }
  }
  return out.subarray(0, to + (to & 1));
}
