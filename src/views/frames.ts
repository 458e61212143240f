import { type DataElement, type DataSet, indexOf } from '../anonymizer/dicom/data-set.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { TAG, type Tag } from '../anonymizer/dicom/tag.ts';
import { valueBytes, valueText } from '../anonymizer/dicom/values.ts';
import { isVideo } from '../anonymizer/dicom/transfer-syntax.ts';
import { type Fragment, fragmentsOf } from '../anonymizer/pixels/fragments.ts';
import type { Plan } from '../anonymizer/plan.ts';
import type { FrameImage } from './protocol.ts';
import { decodeRle } from './rle.ts';

const RLE = '1.2.840.10008.1.2.5';
const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
/** JPEG Extended is the same as baseline where its samples have 8 bits, and then browsers read it. */
const JPEG_EXTENDED = '1.2.840.10008.1.2.4.51';

/** Pixels of one frame at most: what a screen can show many times over. */
const MAX_PIXELS = 100_000_000;

/** The attributes of Image Pixel (PS3.3 C.7.6.3) that a frame is read by. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  readonly bits: 8 | 16;
  readonly signed: boolean;
  readonly planar: boolean;
  readonly photometric: string;
}

/** Samples of a decoded frame, little endian; or the encoded picture, where the browser decodes it itself. */
export type DecodedFrame = Pick<FrameImage, 'bytes' | 'encoding'> & Partial<Pick<PixelFormat, 'planar' | 'photometric'>>;

/** Turns one frame's fragments into samples; one for a kind of Transfer Syntax. */
export interface FrameDecoder {
  readonly syntaxes: ReadonlySet<string>;
  decode(encoded: Uint8Array, format: PixelFormat): DecodedFrame;
}

/** Decoders in the order in which they are asked; more may be added before the first frame is. */
export const FRAME_DECODERS: FrameDecoder[] = [
  { syntaxes: new Set([RLE]), decode: (encoded, format) => ({ bytes: decodeRle(encoded, format), planar: false }) },
  { syntaxes: new Set([JPEG_BASELINE, JPEG_EXTENDED]), decode: (encoded, format) => {
    if (format.bits !== 8) throw new DicomError('unsupported-transfer-syntax', 'JPEG with more than 8 bits');
    return { bytes: encoded, encoding: 'image/jpeg' };
  } },
];

/** Number of frames; 0 for what holds no image. */
export function framesOf(dataSet: DataSet): number {
  if (indexOf(dataSet, TAG.PixelData) < 0 || isVideo(dataSet.transferSyntax)) return 0;
  if (number(dataSet, 0x00280010) === 0 || number(dataSet, 0x00280011) === 0) return 0;
  return Math.max(1, Math.min(1_000_000, Number.parseInt(text(dataSet, 0x00280008), 10) || 1));
}

/**
 * One frame for the image pane.
 * @throws DicomError `unsupported-transfer-syntax` where nothing decodes it, `damaged` where the pixels are not there
 */
export function frameOf(dataSet: DataSet, plan: Plan | undefined, frame: number): FrameImage {
  const index = indexOf(dataSet, TAG.PixelData);
  if (index < 0 || frame < 0 || frame >= framesOf(dataSet)) throw new DicomError('damaged', 'there is no such frame');
  const pixelData = dataSet.elements[index];
  const format = formatOf(dataSet);
  const decoded = dataSet.transferSyntax.encapsulated
    ? decode(dataSet, encodedFrame(dataSet, pixelData, frame), format)
    : { bytes: nativeFrame(dataSet, pixelData, format, frame) };
  const center = Number.parseFloat(text(dataSet, 0x00281050));
  const width = Number.parseFloat(text(dataSet, 0x00281051));
  return {
    frame, ...format, ...decoded,
    ...(Number.isFinite(center) && width > 0 ? { center, width } : {}),
    slope: Number.parseFloat(text(dataSet, 0x00281053)) || 1,
    intercept: Number.parseFloat(text(dataSet, 0x00281052)) || 0,
    palette: format.photometric === 'PALETTE COLOR' ? paletteOf(dataSet) : undefined,
    regions: regionsOf(plan),
  };
}

/** Regions that will be blacked out; none as long as no profile asks for it. */
function regionsOf(plan: Plan | undefined): FrameImage['regions'] {
  return plan !== undefined && 'regions' in plan && Array.isArray(plan.regions) ? plan.regions : [];
}

function formatOf(dataSet: DataSet): PixelFormat {
  const rows = number(dataSet, 0x00280010);
  const columns = number(dataSet, 0x00280011);
  const bits = number(dataSet, 0x00280100);
  const samples = number(dataSet, 0x00280002) || 1;
  if ((bits !== 8 && bits !== 16) || (samples !== 1 && samples !== 3)) throw new DicomError('unsupported-transfer-syntax', 'pixels of an unusual shape');
  if (rows * columns === 0 || rows * columns > MAX_PIXELS) throw new DicomError('limit', 'an image of an unusual size');
  return {
    rows, columns, samples, bits, signed: number(dataSet, 0x00280103) === 1, planar: number(dataSet, 0x00280006) === 1,
    photometric: text(dataSet, 0x00280004),
  };
}

function nativeFrame(dataSet: DataSet, element: DataElement, format: PixelFormat, frame: number): Uint8Array {
  // Chrominance of every second pixel is left out (PS3.3 C.7.6.3.1.2).
  const samples = format.photometric === 'YBR_FULL_422' ? 2 : format.samples;
  const length = format.rows * format.columns * samples * (format.bits / 8);
  const start = element.valueStart + frame * length;
  if (start + length > element.valueEnd) throw new DicomError('damaged', 'the pixels end before the frame does');
  const bytes = dataSet.source.read(start, start + length).slice();
  if (!dataSet.littleEndian && format.bits === 16) swap(bytes);
  return bytes;
}

function swap(bytes: Uint8Array): void {
  for (let i = 0; i + 1 < bytes.length; i += 2) [bytes[i], bytes[i + 1]] = [bytes[i + 1], bytes[i]];
}

/**
 * The fragments of one frame: one each where there are as many as frames, by the Basic Offset Table where there is
 * one, all of them for a single frame (PS3.5 A.4).
 */
function encodedFrame(dataSet: DataSet, element: DataElement, frame: number): Uint8Array {
  const [table, ...fragments] = fragmentsOf(dataSet, element);
  const frames = framesOf(dataSet);
  if (table === undefined || fragments.length === 0) throw new DicomError('damaged', 'encapsulated pixels without a fragment');
  if (frames === 1) return join(dataSet, fragments);
  if (fragments.length === frames) return join(dataSet, fragments.slice(frame, frame + 1));
  const starts = offsets(dataSet, table);
  if (starts.length !== frames) throw new DicomError('unsupported-transfer-syntax', 'frames in several fragments without their offsets');
  const first = fragments[0].start - 8;
  const from = first + starts[frame];
  const to = frame + 1 < frames ? first + starts[frame + 1] : Number.POSITIVE_INFINITY;
  return join(dataSet, fragments.filter(({ start }) => start - 8 >= from && start - 8 < to));
}

function offsets(dataSet: DataSet, table: Fragment): number[] {
  const bytes = dataSet.source.read(table.start, table.end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}

function join(dataSet: DataSet, fragments: readonly Fragment[]): Uint8Array {
  const length = fragments.reduce((sum, { start, end }) => sum + end - start, 0);
  if (length > MAX_PIXELS * 2) throw new DicomError('limit', 'a frame of an unusual size');
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const { start, end } of fragments) {
    bytes.set(dataSet.source.read(start, end), at);
    at += end - start;
  }
  return bytes;
}

function decode(dataSet: DataSet, encoded: Uint8Array, format: PixelFormat): DecodedFrame {
  const decoder = FRAME_DECODERS.find(({ syntaxes }) => syntaxes.has(dataSet.transferSyntax.uid));
  if (decoder === undefined) throw new DicomError('unsupported-transfer-syntax', 'nothing here decodes this Transfer Syntax yet');
  return decoder.decode(encoded, format);
}

/** Palette Color Lookup Tables (PS3.3 C.7.6.3.1.5), to 8 bits a color. */
function paletteOf(dataSet: DataSet): FrameImage['palette'] {
  const descriptor = bytesOf(dataSet, 0x00281101);
  const tables = [0x00281201, 0x00281202, 0x00281203].map((tag) => bytesOf(dataSet, tag));
  if (descriptor.length < 6 || tables.some((table) => table.length === 0)) throw new DicomError('damaged', 'a palette is missing');
  const word = (bytes: Uint8Array, i: number) => (dataSet.littleEndian ? bytes[i * 2] | (bytes[i * 2 + 1] << 8) : (bytes[i * 2] << 8) | bytes[i * 2 + 1]);
  const count = word(descriptor, 0) || 65_536;
  const depth = word(descriptor, 2);
  const colors = new Uint8Array(count * 3);
  tables.forEach((table, channel) => {
    const isWide = table.length >= count * 2;
    for (let i = 0; i < count; i++) colors[i * 3 + channel] = isWide ? (depth === 8 ? word(table, i) & 0xff : word(table, i) >> 8) : table[i];
  });
  return { first: word(descriptor, 1), colors };
}

function bytesOf(dataSet: DataSet, tag: Tag): Uint8Array {
  const index = indexOf(dataSet, tag);
  return index < 0 ? new Uint8Array(0) : valueBytes(dataSet, dataSet.elements[index]);
}

function number(dataSet: DataSet, tag: Tag): number {
  const bytes = bytesOf(dataSet, tag);
  if (bytes.length < 2) return 0;
  return dataSet.littleEndian ? bytes[0] | (bytes[1] << 8) : (bytes[0] << 8) | bytes[1];
}

/** The first value. */
function text(dataSet: DataSet, tag: Tag): string {
  const index = indexOf(dataSet, tag);
  return index < 0 ? '' : valueText(dataSet, dataSet.elements[index]).split('\\')[0].trim();
}
