import type { Span } from '../apply.ts';
import { concat, encodeHeader } from '../dicom/encode.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG } from '../dicom/tag.ts';
import { EXPLICIT_LITTLE_ENDIAN, type TransferSyntax, transferSyntaxOf } from '../dicom/transfer-syntax.ts';
import { type AttributeChange, alwaysChanged, nativeAttributes, offsetTableAttributes } from './attributes.ts';
import { blackCell, blackSamples } from './black.ts';
import { isLossless } from './codec.ts';
import { frameError } from './frames.ts';
import { frameBits, type PixelLayout } from './image.ts';
import { nativeCells } from './native.ts';
import { inRgb } from './rgb.ts';
import { type NativeFrame, type Pixels, swappedPairs } from './pixels.ts';
import { redactBits, redactFrame } from './redact.ts';
import { type Region, rectsOfFrame } from './region.ts';

/** Bytes that are made when they are written, so that no more than a frame is in memory. `read` gives the same each time. */
export interface LazyBytes {
  readonly length: number;
  /** @throws DicomError `damaged` with the frame's number */
  read(): Uint8Array;
}

export type PixelPiece = Uint8Array | Span | LazyBytes;

/** What takes the place of Pixel Data, and what changes around it. */
export interface CleanedPixels {
  /** Index of the Pixel Data element. */
  readonly index: number;
  /** Of the result: the source's, or explicit VR little endian where the source had lossy compression. */
  readonly transferSyntax: TransferSyntax;
  /** The whole element in order, header and delimiter included; spans are the source's. */
  readonly pieces: readonly PixelPiece[];
  readonly attributes: readonly AttributeChange[];
  readonly framesChanged: number;
}

export interface CleanOptions {
  /** Bytes of newly encoded frames that are kept; what is beyond is encoded a second time when it is written. */
  readonly keptBytes?: number | undefined;
}

const KEPT_BYTES = 64 << 20;
const UNDEFINED_LENGTH = 0xffffffff;
/** The longest value with a defined length (PS3.5 7.1). */
const MOST_BYTES = 0xfffffffe;

/**
 * Blacks out `regions` (PS3.15 E.3.1). Frames that no region touches keep their bytes; the others go back in the same
 * Transfer Syntax where that loses nothing, else the whole instance becomes uncompressed, so that a lossy image
 * suffers no second loss. What was compressed with loss before stays marked so in (0028,2110).
 * @throws DicomError `damaged` with the number of a frame that cannot be decoded, `limit` for what gets too long
 */
export function cleanPixels(pixels: Pixels, regions: readonly Region[], options: CleanOptions = {}): CleanedPixels {
  const { dataSet, codec } = pixels;
  const touched = framesTouched(pixels, regions);
  const { uid } = dataSet.transferSyntax;
  if (codec === undefined) return native(pixels, regions, touched);
  if (touched.length === 0) return untouched(pixels);
  if (isLossless(uid)) {
    const cleaned = sameSyntax(pixels, regions, touched, options.keptBytes ?? KEPT_BYTES);
    if (cleaned !== undefined) return cleaned;
  }
  return uncompressed(pixels, regions, touched);
}

function framesTouched({ frames, image }: Pixels, regions: readonly Region[]): number[] {
  const inside = regions.filter(({ x, y, width, height }) => x < image.columns && y < image.rows && x + width > 0 && y + height > 0 && width > 0 && height > 0);
  if (inside.length === 0) return [];
  const forAll = inside.some((region) => region.frames === undefined);
  if (forAll) return Array.from({ length: frames.count }, (_, frame) => frame);
  return [...new Set(inside.flatMap((region) => region.frames ?? []))].filter((frame) => frame >= 0 && frame < frames.count).sort((a, b) => a - b);
}

function untouched({ dataSet, index, element }: Pixels): CleanedPixels {
  return { index, transferSyntax: dataSet.transferSyntax, pieces: [{ start: element.start, end: element.end }], attributes: alwaysChanged(dataSet, false), framesChanged: 0 };
}

/** A native frame with its regions blacked out, in bytes of its own. */
function redacted({ palette, hasOverlayBits }: Pixels, { bytes, layout, littleEndian }: NativeFrame, regions: readonly Region[], frame: number): Uint8Array {
  const own = bytes.slice();
  redactFrame(own, layout, rectsOfFrame(regions, frame), blackCell(layout, littleEndian, hasOverlayBits, palette));
  return own;
}

function native(pixels: Pixels, regions: readonly Region[], touched: readonly number[]): CleanedPixels {
  const { dataSet, index, element, image, frames } = pixels;
  const common = { index, transferSyntax: dataSet.transferSyntax, attributes: alwaysChanged(dataSet, touched.length > 0), framesChanged: touched.length };
  if (image.bitsAllocated === 1) return { ...common, pieces: singleBits(pixels, regions, touched) };
  const pieces: PixelPiece[] = [];
  let at = element.start;
  for (const frame of touched) {
    const [{ start, end }] = frames.spans(frame);
    if (start > at) pieces.push({ start: at, end: start });
    const read = () => redacted(pixels, pixels.native(frame), regions, frame);
    pieces.push({ length: end - start, read: pixels.inWords ? () => swappedPairs(read()) : read });
    at = end;
  }
  if (element.end > at) pieces.push({ start: at, end: element.end });
  return { ...common, pieces };
}

/** Frames of single bits share bytes, so that they are cleaned all together; such masks are small. */
function singleBits({ dataSet, element, image }: Pixels, regions: readonly Region[], touched: readonly number[]): PixelPiece[] {
  const { valueStart } = element;
  const bits = frameBits(image);
  const framesEnd = valueStart + Math.ceil((bits * image.frames) / 8);
  const black = blackSamples(image)[0] === 1 ? 1 : 0;
  const read = () => {
    const bytes = dataSet.source.read(valueStart, framesEnd).slice();
    for (const frame of touched) redactBits(bytes, frame * bits, image, rectsOfFrame(regions, frame), black);
    return bytes;
  };
  return [{ start: element.start, end: valueStart }, { length: framesEnd - valueStart, read }, ...(element.end > framesEnd ? [{ start: framesEnd, end: element.end }] : [])];
}

/** Undefined where a frame does not come back from the encoder as it went in. */
function sameSyntax(pixels: Pixels, regions: readonly Region[], touched: readonly number[], keptBytes: number): CleanedPixels | undefined {
  const { dataSet, index, frames } = pixels;
  const encoded = new Map<number, LazyBytes>();
  let kept = 0;
  for (const frame of touched) {
    const bytes = encode(pixels, regions, frame);
    if (bytes === undefined) return undefined;
    const keep = kept + bytes.length <= keptBytes;
    if (keep) kept += bytes.length;
    encoded.set(frame, { length: bytes.length, read: () => (keep ? bytes : encodeAgain(pixels, regions, frame)) });
  }
  const encoding = { implicit: false, littleEndian: true };
  const items: PixelPiece[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  let offset = 0;
  for (let frame = 0; frame < frames.count; frame++) {
    const changed = encoded.get(frame);
    offsets.push(offset);
    if (changed !== undefined) {
      items.push(encodeHeader(TAG.Item, '', changed.length, encoding), changed);
      lengths.push(changed.length);
      offset += 8 + changed.length;
      continue;
    }
    const spans = frames.spans(frame);
    for (const { start, end } of spans) {
      items.push({ start: start - 8, end });
      offset += 8 + end - start;
    }
    lengths.push(spans.reduce((sum, { start, end }) => sum + end - start, 0));
  }
  const table = frames.table === 'basic' && offset <= UNDEFINED_LENGTH ? words(offsets) : new Uint8Array(0);
  const pieces: PixelPiece[] = [
    encodeHeader(TAG.PixelData, 'OB', UNDEFINED_LENGTH, encoding), encodeHeader(TAG.Item, '', table.length, encoding), table,
    ...items, encodeHeader(TAG.SequenceDelimitationItem, '', 0, encoding),
  ];
  const attributes = [...alwaysChanged(dataSet, true), ...(frames.table === 'extended' ? offsetTableAttributes(offsets, lengths) : [])];
  return { index, transferSyntax: dataSet.transferSyntax, pieces, attributes, framesChanged: touched.length };
}

/** The codestream of a redacted frame, of even length; proven by decoding it again. */
function encode(pixels: Pixels, regions: readonly Region[], frame: number): Uint8Array | undefined {
  const { codec, image } = pixels;
  const source = pixels.native(frame);
  const { decoded } = source;
  const encodeLossless = codec?.encodeLossless?.bind(codec);
  if (codec === undefined || encodeLossless === undefined || decoded === undefined) return undefined;
  const bytes = redacted(pixels, source, regions, frame);
  try {
    const codestream = encodeLossless({ ...decoded, bytes }, image);
    const again = codec.decode(codestream, image);
    if (!sameBits(again.bytes, bytes, decoded.bitsAllocated, decoded.precision)) return undefined;
    return codestream.length % 2 === 0 ? codestream : concat([codestream, new Uint8Array(1)]);
  } catch {
    // What cannot be encoded is written uncompressed; that the frame can be decoded is proven already.
    return undefined;
  }
}

function encodeAgain(pixels: Pixels, regions: readonly Region[], frame: number): Uint8Array {
  const bytes = encode(pixels, regions, frame);
  if (bytes === undefined) throw frameError(frame, 'it could not be encoded a second time');
  return bytes;
}

/** Equal in the bits that the codestream holds. */
function sameBits(a: Uint8Array, b: Uint8Array, bitsAllocated: number, precision: number): boolean {
  if (a.length !== b.length) return false;
  const high = bitsAllocated === 16 && precision > 8 ? (1 << (precision - 8)) - 1 : 0xff;
  const everyOther = bitsAllocated === 16 ? high : 0xff;
  for (let i = 0; i < a.length; i++) if (((a[i] ^ b[i]) & (i & 1 ? everyOther : 0xff)) !== 0) return false;
  return true;
}

/** Every frame decoded, in explicit VR little endian, with attributes that say so. */
function uncompressed(pixels: Pixels, regions: readonly Region[], touched: readonly number[]): CleanedPixels {
  const { dataSet, index, image, frames } = pixels;
  const decoded = (frame: number) => inRgb(nativeCells(pixels.native(frame), image));
  const target = decoded(0).layout;
  const length = frameBits(target) / 8;
  const total = length * frames.count;
  if (total > MOST_BYTES) throw new DicomError('limit', 'uncompressed, Pixel Data would be longer than a value can be', { tag: TAG.PixelData });
  const isTouched = new Set(touched);
  const read = (frame: number) => {
    const cells = decoded(frame);
    if (!sameLayout(cells.layout, target)) throw frameError(frame, 'its colours or bits are not those of the first frame');
    return isTouched.has(frame) ? redacted(pixels, cells, regions, frame) : cells.bytes;
  };
  const vr = target.bitsAllocated > 8 ? 'OW' : 'OB';
  const pieces: PixelPiece[] = [encodeHeader(TAG.PixelData, vr, total + (total & 1), { implicit: false, littleEndian: true })];
  for (let frame = 0; frame < frames.count; frame++) pieces.push({ length, read: () => read(frame) });
  if (total % 2 === 1) pieces.push(new Uint8Array(1));
  const attributes = [...alwaysChanged(dataSet, true), ...nativeAttributes(target, image)];
  return { index, transferSyntax: transferSyntaxOf(EXPLICIT_LITTLE_ENDIAN), pieces, attributes, framesChanged: touched.length };
}

function sameLayout(a: PixelLayout, b: PixelLayout): boolean {
  return a.photometric === b.photometric && a.bitsAllocated === b.bitsAllocated && a.samples === b.samples;
}

function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => { view.setUint32(i * 4, value, true); });
  return bytes;
}
