import type { DataSet } from '../anonymizer/dicom/data-set.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { isVideo } from '../anonymizer/dicom/transfer-syntax.ts';
import { blackCell, blackSamples } from '../anonymizer/pixels/black.ts';
import type { CodecFor } from '../anonymizer/pixels/codec.ts';
import { IMAGE, numberAt, pixelDataIndex, type PixelLayout } from '../anonymizer/pixels/image.ts';
import { sampleValues } from '../anonymizer/pixels/native.ts';
import { openPixels, type NativeFrame, type Pixels } from '../anonymizer/pixels/pixels.ts';
import { redactBits, redactFrame } from '../anonymizer/pixels/redact.ts';
import type { Rect } from '../anonymizer/pixels/region.ts';
import type { FrameImage } from './protocol.ts';

/** Pixels of one frame at most: what a screen can show many times over. */
const MAX_PIXELS = 100_000_000;

/** Opened pixels, as long as their file is open. */
const opened = new WeakMap<DataSet, Pixels>();

/** Number of frames; 0 for what holds no image that could be shown. */
export function framesOf(dataSet: DataSet): number {
  if (pixelDataIndex(dataSet) < 0 || isVideo(dataSet.transferSyntax)) return 0;
  if (!numberAt(dataSet, IMAGE.Rows) || !numberAt(dataSet, IMAGE.Columns)) return 0;
  return Math.max(1, Math.min(1_000_000, numberAt(dataSet, IMAGE.NumberOfFrames) ?? 1));
}

/** Whether its Transfer Syntax is one of video, whose frames are neither shown nor cleaned. */
export function holdsVideo(dataSet: DataSet): boolean {
  return pixelDataIndex(dataSet) >= 0 && isVideo(dataSet.transferSyntax);
}

/**
 * One frame for the image pane, some of it black as the writer would make it.
 * @throws DicomError where the pixels cannot be decoded or are not there
 */
export function frameOf(dataSet: DataSet, frame: number, codecs: CodecFor, black: readonly Rect[] = []): FrameImage {
  const pixels = pixelsOf(dataSet, codecs);
  const { rows, columns } = pixels.image;
  if (rows * columns > MAX_PIXELS) throw new DicomError('limit', 'an image of an unusual size');
  const native = withBlack(pixels, pixels.native(frame), black);
  const { samples, photometric, planar } = native.layout;
  if (samples !== 1 && samples !== 3) throw new DicomError('unsupported-transfer-syntax', 'pixels of an unusual shape');
  const center = numberAt(dataSet, IMAGE.WindowCenter);
  const width = numberAt(dataSet, IMAGE.WindowWidth);
  const slope = numberAt(dataSet, IMAGE.RescaleSlope) || 1;
  const intercept = numberAt(dataSet, IMAGE.RescaleIntercept) ?? 0;
  const { step, least, ...shown } = samplesFor(native);
  return {
    frame, rows, columns, samples, photometric, planar, ...shown,
    ...(center !== undefined && width !== undefined && width > 0 ? { center, width } : {}),
    slope: slope * step, intercept: intercept + slope * least,
    palette: paletteOf(pixels), isBlacked: black.length > 0,
  };
}

/** As `cleanPixels` blacks out, in bytes of its own. */
function withBlack({ palette, hasOverlayBits }: Pixels, native: NativeFrame, black: readonly Rect[]): NativeFrame {
  if (black.length === 0) return native;
  const { layout, littleEndian } = native;
  const bytes = native.bytes.slice();
  if (layout.bitsAllocated === 1) redactBits(bytes, 0, layout, black, blackSamples(layout)[0] === 1 ? 1 : 0);
  else redactFrame(bytes, layout, black, blackCell(layout, littleEndian, hasOverlayBits, palette));
  return { ...native, bytes };
}

export function pixelsOf(dataSet: DataSet, codecs: CodecFor): Pixels {
  const known = opened.get(dataSet);
  if (known !== undefined) return known;
  const pixels = openPixels(dataSet, codecs);
  if (pixels === undefined) throw new DicomError('damaged', 'there is no such frame');
  opened.set(dataSet, pixels);
  return pixels;
}

/** Samples as the webview draws them, and what their values mean: `least` and so many times `step`. */
type Samples = Pick<FrameImage, 'bytes' | 'bits' | 'signed'> & { readonly step: number; readonly least: number };

/** The stored values alone, in little-endian cells of 8 or 16 bits; the bytes are new, so that they can be handed over. */
function samplesFor(native: NativeFrame): Samples {
  const { layout } = native;
  const asStored = { signed: layout.signed, step: 1, least: 0 };
  if (layout.bitsAllocated === 1) return { ...asStored, bytes: unpacked(native.bytes, layout), bits: 8, signed: false };
  if (layout.bitsAllocated > 32) throw new DicomError('unsupported-transfer-syntax', 'pixels of an unusual shape');
  const values = sampleValues(native);
  if (layout.bitsAllocated === 8) return { ...asStored, bytes: Uint8Array.from(values), bits: 8 };
  if (layout.bitsAllocated === 16) return { ...asStored, bytes: new Uint8Array(Uint16Array.from(values).buffer), bits: 16 };
  return squeezed(values, layout.signed);
}

/** Values of 32 bits between the least and the most of their frame, in 16 bits: more than a screen shows. */
function squeezed(values: Int32Array, signed: boolean): Samples {
  const numbers = signed ? values : new Uint32Array(values.buffer);
  let [least, most] = [Infinity, -Infinity];
  for (const value of numbers) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (numbers.length === 0) [least, most] = [0, 0];
  const step = Math.max(1, most - least) / 0xffff;
  const cells = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) cells[i] = Math.round((numbers[i] - least) / step);
  return { bytes: new Uint8Array(cells.buffer), bits: 16, signed: false, step, least };
}

/** Pixels of one bit, the first in the lowest (PS3.5 8.1.1), as black and white. */
function unpacked(bytes: Uint8Array, { rows, columns }: PixelLayout): Uint8Array {
  return Uint8Array.from({ length: rows * columns }, (_, i) => ((bytes[i >> 3] >> (i & 7)) & 1) * 255);
}

function paletteOf({ palette }: Pixels): FrameImage['palette'] {
  if (palette === undefined) return undefined;
  const { first, red, green, blue } = palette;
  const colors = new Uint8Array(red.length * 3);
  for (let i = 0; i < red.length; i++) colors.set([red[i], green[i], blue[i]], i * 3);
  return { first, colors };
}
