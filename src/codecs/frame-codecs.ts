import { CodecError, type CodecFor, type DecodedFrame, type FrameCodec } from '../anonymizer/pixels/codec.ts';
import { type CodestreamHeader, readJpeg2000Header, readJpegHeader } from '../anonymizer/pixels/codestream.ts';
import type { PixelLayout } from '../anonymizer/pixels/image.ts';
import { frameBits } from '../anonymizer/pixels/image.ts';
import { readJpegXlHeader } from '../anonymizer/pixels/jpeg-xl.ts';
import type { CodecsWasm, Family, WasmImage } from './codecs-wasm.ts';

/** Raw deflate and inflate (RFC 1951), handed in; `inflate` throws past `limit` bytes. */
export interface Deflate {
  readonly deflate: (bytes: Uint8Array) => Uint8Array;
  readonly inflate: (bytes: Uint8Array, limit: number) => Uint8Array;
}

/** RPCL, which HTJ2K Lossless RPCL (PS3.5 A.4.8) asks for. */
const RPCL = 2;

/** Codecs for the encapsulated Transfer Syntaxes of PS3.5 A.4; RLE Lossless is the core's own. */
export function createFrameCodecs(wasm: () => CodecsWasm, deflate: Deflate): CodecFor {
  const jpeg = jpegCodec(wasm, 'Jpeg');
  const jpegLs = jpegCodec(wasm, 'JpegLs');
  const jpeg2000 = jpeg2000Codec(wasm, 'Jpeg2000', 0);
  const htJpeg2000 = jpeg2000Codec(wasm, 'HtJpeg2000', 0);
  const jpegXl = jpegXlCodec(wasm, true);
  const lossyJpegXl = jpegXlCodec(wasm, false);
  const byLastPart: Readonly<Record<string, FrameCodec>> = {
    '4.50': jpeg, '4.51': jpeg, '4.53': jpeg, '4.55': jpeg, '4.57': jpeg, '4.70': jpeg,
    '4.80': jpegLs, '4.81': jpegLs, '4.90': jpeg2000, '4.91': jpeg2000, '4.110': jpegXl, '4.111': lossyJpegXl, '4.112': lossyJpegXl,
    '4.201': htJpeg2000, '4.202': jpeg2000Codec(wasm, 'HtJpeg2000', RPCL), '4.203': htJpeg2000, '8.1': deflatedCodec(deflate),
  };
  return (uid) => byLastPart[uid.replace('1.2.840.10008.1.2.', '')];
}

/**
 * @param hasLengths the codestream tells its own lengths; otherwise the decoder notices where it ends too soon
 * @throws CodecError where the codestream is not of the size that the header tells
 */
function checked(header: CodestreamHeader | undefined, { rows, columns, samples }: PixelLayout, hasLengths = true): CodestreamHeader {
  if (header === undefined) throw new CodecError('it is no codestream of its Transfer Syntax');
  if (header.rows !== rows || header.columns !== columns) throw new CodecError('its size is not that of the image');
  if (header.samples !== samples) throw new CodecError('its number of components is not that of the image');
  if (hasLengths && !header.complete) throw new CodecError('the codestream is cut short');
  return header;
}

function cellsFor(precision: number): number {
  if (precision > 16) throw new CodecError('more than 16 bits a sample');
  return precision <= 8 ? 8 : 16;
}

/** JPEG (libjpeg, three builds for 8, 12 and 16 bits) and JPEG-LS (CharLS). Samples come as coded: no colour is converted. */
function jpegCodec(wasm: () => CodecsWasm, family: Family): FrameCodec {
  const image = (layout: PixelLayout, precision: number): WasmImage => ({
    columns: layout.columns, rows: layout.rows, samples: layout.samples, signed: false, rgb: false,
    // CharLS takes the allocated bits for the precision; the JPEG library writes whole cells.
    bitsAllocated: family === 'JpegLs' ? precision : cellsFor(precision), bitsStored: precision,
  });
  return {
    decode(bytes, layout) {
      const header = checked(readJpegHeader(bytes), layout, false);
      const bitsAllocated = cellsFor(header.precision);
      const decoded = wasm().decode(family, family === 'JpegLs' ? withEnd(bytes) : bytes, image(layout, header.precision));
      return {
        ...expectSize(decoded, layout, bitsAllocated), samples: layout.samples, bitsAllocated,
        precision: header.precision, signed: layout.signed, photometric: meaningOf(header, layout),
      };
    },
    encodeLossless(frame, layout) {
      // Cells hold two's complement; what is coded are the bits of the precision alone.
      return wasm().encode(family, masked(frame), image(layout, frame.precision));
    },
  };
}

/** With an end marker whatever was cut off: CharLS takes half a minute to notice that there is none. */
function withEnd(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + 2);
  whole.set(bytes);
  whole.set([0xff, 0xd9], bytes.length);
  return whole;
}

/** Photometric Interpretation of samples that no decoder converted; undefined where the header's holds. */
function meaningOf({ colour, samples }: CodestreamHeader, { photometric }: PixelLayout): string | undefined {
  if (samples !== 3) return undefined;
  if (colour === 'RGB') return 'RGB';
  if (colour === 'YBR' || photometric.startsWith('YBR_')) return 'YBR_FULL';
  return undefined;
}

/** JPEG 2000 (OpenJPEG) and HTJ2K (OpenJPH). A multiple component transform is undone, so that its colours are RGB. */
function jpeg2000Codec(wasm: () => CodecsWasm, family: Family, order: number): FrameCodec {
  return {
    decode(bytes, layout) {
      const header = checked(readJpeg2000Header(bytes), layout);
      if (!header.fullSize || (header.samples !== 1 && header.samples !== 3)) throw new CodecError('its components differ or are neither one nor three');
      const bitsAllocated = cellsFor(header.precision);
      if (header.samples === 3 && bitsAllocated > 8) throw new CodecError('colour of more than 8 bits a sample is not handled');
      const { columns, rows, samples } = layout;
      const decoded = wasm().decode(family, bytes, { columns, rows, samples, bitsAllocated, bitsStored: header.precision, signed: header.signed, rgb: false });
      const photometric = header.transformed ? 'RGB' : samples === 3 && layout.photometric.startsWith('YBR_') ? 'YBR_FULL' : undefined;
      return {
        ...expectSize(decoded, layout, bitsAllocated), samples, bitsAllocated, precision: header.precision,
        signed: header.signed, photometric, transformed: header.transformed,
      };
    },
    encodeLossless({ bytes, samples, bitsAllocated, precision, signed, transformed = false }, { columns, rows }) {
      return wasm().encode(family, bytes, { columns, rows, samples, bitsAllocated, bitsStored: precision, signed, rgb: transformed }, order);
    },
  };
}

/** JPEG XL (libjxl), which gives RGB for what it coded with loss. Cells are scaled to all their bits by the decoder where the image has fewer, which is undone. */
function jpegXlCodec(wasm: () => CodecsWasm, keepsColours: boolean): FrameCodec {
  return {
    decode(bytes, layout) {
      const header = readJpegXlHeader(bytes);
      if (header === undefined) throw new CodecError('it is no codestream of its Transfer Syntax');
      const { columns, rows, samples } = layout;
      if (header.rows !== rows || header.columns !== columns) throw new CodecError('its size is not that of the image');
      const { precision } = header;
      const bitsAllocated = cellsFor(precision);
      const decoded = wasm().decode('JpegXl', bytes, { columns, rows, samples, bitsAllocated, bitsStored: precision, signed: false, rgb: false });
      const cells = expectSize(decoded, layout, bitsAllocated).bytes;
      return { bytes: unscaled(cells, bitsAllocated, precision), samples, bitsAllocated, precision, signed: layout.signed, photometric: samples === 3 && !keepsColours ? 'RGB' : undefined };
    },
    encodeLossless({ bytes, samples, bitsAllocated }, { columns, rows }) {
      return wasm().encode('JpegXl', bytes, { columns, rows, samples, bitsAllocated, bitsStored: bitsAllocated, signed: false, rgb: samples === 3 });
    },
  };
}

/** A deflated image frame (PS3.5 A.4.13): the native bytes of a frame, compressed. */
function deflatedCodec({ deflate, inflate }: Deflate): FrameCodec {
  return {
    decode(bytes, layout) {
      const size = Math.ceil(frameBits(layout) / 8);
      const { samples, bitsAllocated, bitsStored: precision, signed } = layout;
      let native: Uint8Array;
      try {
        native = inflate(bytes, size + 2);
      } catch {
        throw new CodecError('the deflated frame is damaged');
      }
      if (native.length < size) throw new CodecError('the deflated frame is too short');
      return { bytes: native.subarray(0, size), samples, bitsAllocated, precision, signed, asHeader: true };
    },
    encodeLossless: ({ bytes }) => deflate(bytes),
  };
}

function expectSize(bytes: Uint8Array, { rows, columns, samples }: PixelLayout, bitsAllocated: number): { bytes: Uint8Array } {
  if (bytes.length !== rows * columns * samples * (bitsAllocated >> 3)) throw new CodecError('it decodes to another size than the image has');
  return { bytes };
}

function masked({ bytes, bitsAllocated, precision }: DecodedFrame): Uint8Array {
  if (bitsAllocated !== 16 || precision === 16) return bytes;
  const out = bytes.slice();
  const mask = ((1 << precision) - 1) >> 8;
  for (let i = 1; i < out.length; i += 2) out[i] &= mask;
  return out;
}

/** Undoes libjxl's scaling of n bits to all bits of a cell, which is exact. */
function unscaled(bytes: Uint8Array, bitsAllocated: number, precision: number): Uint8Array {
  if (precision === bitsAllocated || precision < 1) return bytes;
  const [most, full] = [2 ** precision - 1, 2 ** bitsAllocated - 1];
  if (bitsAllocated === 8) return bytes.map((value) => Math.round((value * most) / full));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) view.setUint16(i, Math.round((view.getUint16(i, true) * most) / full), true);
  return bytes;
}
