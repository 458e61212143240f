import type { PixelLayout } from './image.ts';
import type { NativeFrame } from './pixels.ts';

/**
 * A decoded frame in the cells that the header asks for, as far as they are wide enough: what had 8 bits in the
 * codestream and 16 in the header is widened, and a sign goes through the bits above the stored ones.
 */
export function nativeCells(frame: NativeFrame, image: PixelLayout): NativeFrame {
  const { decoded, layout } = frame;
  if (decoded === undefined || decoded.asHeader) return frame;
  const bitsAllocated = Math.max(image.bitsAllocated, decoded.bitsAllocated);
  const bitsStored = decoded.bitsAllocated > image.bitsAllocated ? decoded.precision : image.bitsStored;
  const target: PixelLayout = { ...layout, bitsAllocated, bitsStored, highBit: bitsStored - 1, signed: image.signed };
  const wide = widened(frame.bytes, decoded.bitsAllocated, bitsAllocated);
  const bytes = image.signed && bitsAllocated === 16 && bitsStored < 16 ? signExtended(wide, bitsStored) : wide;
  return { bytes, layout: target, littleEndian: true, decoded };
}

function widened(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return bytes;
  const [size, wide] = [from >> 3, to >> 3];
  const out = new Uint8Array((bytes.length / size) * wide);
  for (let i = 0, o = 0; i < bytes.length; i += size, o += wide) for (let byte = 0; byte < size; byte++) out[o + byte] = bytes[i + byte];
  return out;
}

function signExtended(bytes: Uint8Array, bitsStored: number): Uint8Array {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const shift = 32 - bitsStored;
  for (let i = 0; i + 1 < out.length; i += 2) view.setInt16(i, (view.getUint16(i, true) << shift) >> shift, true);
  return out;
}

/**
 * Calls `visit` with the value of every sample of a frame in 8-, 16- or 32-bit cells, stored bits alone and signed
 * where the layout says so; in the order of the cells.
 */
export function sampleValues({ bytes, layout, littleEndian }: NativeFrame): Int32Array {
  const { bitsAllocated, bitsStored, highBit, signed } = layout;
  const size = bitsAllocated >> 3;
  const count = Math.floor(bytes.length / size);
  const values = new Int32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  for (let i = 0; i < count; i++) {
    const cell = size === 1 ? bytes[i] : size === 2 ? view.getUint16(i * 2, littleEndian) : size === 4 ? view.getUint32(i * 4, littleEndian) : view.getUint32(i * 8 + (littleEndian ? 4 : 0), littleEndian);
    values[i] = size > 4 ? cell : signed ? (cell << left) >> right : (cell << left) >>> right;
  }
  return values;
}
