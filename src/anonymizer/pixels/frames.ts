import type { Span } from '../apply.ts';
import type { DataElement, DataSet } from '../dicom/data-set.ts';
import { concat } from '../dicom/encode.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG } from '../dicom/tag.ts';
import { indexOf } from '../dicom/data-set.ts';
import { type Fragment, fragmentsOf } from './fragments.ts';
import { frameBits, IMAGE, type ImagePixels } from './image.ts';

/** Where the frames of Pixel Data are, as spans over the source; nothing is read before a frame is asked for. */
export interface Frames {
  readonly count: number;
  /** Spans of the frame's bytes in order, `frame` counting from 0: one for native, the fragments for encapsulated. */
  spans(frame: number): readonly Span[];
  /** The table that says where frames begin: none, Basic (PS3.5 A.4) or Extended (PS3.3 C.7.6.3.1.8). */
  readonly table: 'none' | 'basic' | 'extended';
}

/** A refusal that names the frame, counted from 1 as DICOM does; never a value. */
export function frameError(frame: number, reason: string): DicomError {
  return new DicomError('damaged', `frame ${frame + 1}: ${reason}`, { tag: TAG.PixelData });
}

/** The bytes of a frame in one piece. */
export function frameBytes(dataSet: DataSet, frames: Frames, frame: number): Uint8Array {
  const parts = frames.spans(frame).map(({ start, end }) => dataSet.source.read(start, end));
  return parts.length === 1 ? parts[0] : concat(parts);
}

/**
 * Finds the frames of `pixelData`.
 * @throws DicomError `damaged`, with the first frame that is not there or cannot be told from the next
 */
export function locateFrames(dataSet: DataSet, pixelData: DataElement, image: ImagePixels): Frames {
  return pixelData.undefinedLength ? encapsulatedFrames(dataSet, pixelData, image) : nativeFrames(pixelData, image);
}

/** Frames one after another. A frame of single bits may begin inside a byte, which then belongs to two frames. */
function nativeFrames({ valueStart, valueEnd }: DataElement, image: ImagePixels): Frames {
  const bits = frameBits(image);
  const complete = Math.floor(((valueEnd - valueStart) * 8) / bits);
  if (complete < image.frames) throw frameError(complete, 'the value of Pixel Data ends before it');
  return {
    count: image.frames,
    table: 'none',
    spans: (frame) => [{ start: valueStart + Math.floor((frame * bits) / 8), end: valueStart + Math.ceil(((frame + 1) * bits) / 8) }],
  };
}

function encapsulatedFrames(dataSet: DataSet, pixelData: DataElement, { frames: count }: ImagePixels): Frames {
  const [offsetTable, ...fragments] = fragmentsOf(dataSet, pixelData);
  if (offsetTable === undefined || fragments.length === 0) throw frameError(0, 'Pixel Data holds no fragment');
  for (const { end } of fragments) if (end > pixelData.valueEnd) throw frameError(count - 1, 'a fragment leaves Pixel Data');
  const extended = extendedOffsets(dataSet);
  const basic = basicOffsets(dataSet, offsetTable);
  const table = extended.length > 0 ? 'extended' : basic.length > 0 ? 'basic' : 'none';
  const firsts = firstFragments(dataSet, fragments, count, extended.length > 0 ? extended : basic);
  return {
    count,
    table,
    spans(frame) {
      if (frame < 0 || frame >= count) throw frameError(frame, 'there is no such frame');
      return fragments.slice(firsts[frame], frame + 1 < count ? firsts[frame + 1] : fragments.length);
    },
  };
}

/** By frame, the index of its first fragment: as the table says, else one fragment a frame, else by start of codestream. */
function firstFragments(dataSet: DataSet, fragments: readonly Fragment[], count: number, offsets: readonly number[]): number[] {
  if (count === 1) return [0];
  const told = byOffsets(fragments, count, offsets);
  if (told !== undefined) return told;
  if (fragments.length === count) return fragments.map((_, i) => i);
  if (fragments.length < count) throw frameError(fragments.length, 'there is no fragment for it');
  const starts = fragments.flatMap((fragment, i) => (startsCodestream(dataSet, fragment) ? [i] : []));
  if (starts.length === count && starts[0] === 0) return starts;
  throw frameError(1, 'it cannot be told which fragments it consists of');
}

/** Undefined for a table that does not fit the fragments, which damaged or careless writers leave behind. */
function byOffsets(fragments: readonly Fragment[], count: number, offsets: readonly number[]): number[] | undefined {
  if (offsets.length !== count || offsets[0] !== 0) return undefined;
  const origin = fragments[0].start - 8;
  const byStart = new Map(fragments.map(({ start }, i) => [start - 8 - origin, i]));
  const firsts = offsets.map((offset) => byStart.get(offset) ?? -1);
  return firsts.every((first, i) => first >= 0 && (i === 0 || first > firsts[i - 1])) ? firsts : undefined;
}

/** Offsets of 32 bits in the first Item (PS3.5 A.4). */
function basicOffsets({ source }: DataSet, { start, end }: Fragment): number[] {
  const bytes = source.read(start, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(i * 4, true));
}

/** Offsets of 64 bits in (7FE0,0001). */
function extendedOffsets(dataSet: DataSet): number[] {
  const index = indexOf(dataSet, IMAGE.ExtendedOffsetTable);
  if (index < 0) return [];
  const { valueStart, valueEnd } = dataSet.elements[index];
  const bytes = dataSet.source.read(valueStart, valueEnd);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >> 3 }, (_, i) => Number(view.getBigUint64(i * 8, true)));
}

/** SOI of the JPEG family, SOC and SIZ of JPEG 2000, or a JP2 or JPEG XL container. */
function startsCodestream({ source }: DataSet, { start, end }: Fragment): boolean {
  if (end - start < 4) return false;
  const [a, b, c] = source.read(start, start + 4);
  return (a === 0xff && ((b === 0xd8 && c === 0xff) || (b === 0x4f && c === 0xff) || b === 0x0a)) || (a === 0 && b === 0 && c === 0);
}
