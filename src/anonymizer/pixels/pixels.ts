import type { DataElement, DataSet } from '../dicom/data-set.ts';
import { DicomError } from '../dicom/errors.ts';
import { groupOf, TAG } from '../dicom/tag.ts';
import { EXPLICIT_BIG_ENDIAN, isVideo } from '../dicom/transfer-syntax.ts';
import { CodecError, type CodecFor, type DecodedFrame, type FrameCodec } from './codec.ts';
import { frameBytes, frameError, type Frames, locateFrames } from './frames.ts';
import { frameBits, IMAGE, type ImagePixels, numberAt, pixelDataIndex, type PixelLayout, readImage } from './image.ts';
import { indexOf } from '../dicom/data-set.ts';
import { type Palette, readPalette } from './palette.ts';
import { RLE } from './rle.ts';

const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/** A frame as native bytes with the layout that they have; `bytes` may be a view of the source and is not to be written to. */
export interface NativeFrame {
  readonly bytes: Uint8Array;
  readonly layout: PixelLayout;
  readonly littleEndian: boolean;
  /** As the codec gave it, for a frame of encapsulated Pixel Data. */
  readonly decoded?: DecodedFrame | undefined;
}

/** The Pixel Data of an instance, opened: where its frames are and how they are decoded. */
export class Pixels {
  readonly palette: Palette | undefined;
  /** An overlay in the unused bits of the pixels (60xx,0102), retired but met. */
  readonly hasOverlayBits: boolean;

  constructor(
    readonly dataSet: DataSet,
    readonly index: number,
    readonly image: ImagePixels,
    readonly frames: Frames,
    /** Undefined for native Pixel Data. */
    readonly codec: FrameCodec | undefined,
  ) {
    this.palette = image.photometric === 'PALETTE COLOR' ? readPalette(dataSet) : undefined;
    this.hasOverlayBits = hasOverlayBits(dataSet);
  }

  get element(): DataElement {
    return this.dataSet.elements[this.index];
  }

  /** @throws DicomError `damaged` with the frame's number, `limit` for one that is too large */
  native(frame: number): NativeFrame {
    // A codestream can say that it is of any size.
    if (frameBits(this.image) / 8 > this.dataSet.limits.frameBytes) throw new DicomError('limit', `frame ${frame + 1}: it is larger than this program decodes at once`, { tag: TAG.PixelData });
    const bytes = frameBytes(this.dataSet, this.frames, frame);
    const { image, codec } = this;
    if (codec === undefined) return { bytes: this.inWords ? swappedPairs(bytes) : bytes, layout: image, littleEndian: this.littleEndian };
    const decoded = this.guarded(frame, () => codec.decode(bytes, image));
    return { bytes: decoded.bytes, layout: decodedLayout(decoded, image), littleEndian: true, decoded };
  }

  /** Runs what a codec does; a failure becomes a refusal that names the frame. */
  guarded<T>(frame: number, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof CodecError) throw frameError(frame, error.message);
      throw error;
    }
  }

  /** Pixels of 8 bits that stand two in a word of OW, the second first (PS3.5 A.3, big endian). */
  get inWords(): boolean {
    return this.codec === undefined && !this.littleEndian && this.image.bitsAllocated === 8 && this.element.vr === 'OW';
  }

  private get littleEndian(): boolean {
    return this.dataSet.transferSyntax.uid !== EXPLICIT_BIG_ENDIAN;
  }
}

/**
 * Opens the pixels of an instance; undefined where it has none, as a report or a presentation state.
 * @throws DicomError `unsafe` for pixels that cannot be cleaned (video, floats, pixels elsewhere, no codec), and
 *   `damaged` with the number of a frame that is not there
 */
export function openPixels(dataSet: DataSet, codecs: CodecFor): Pixels | undefined {
  const refuse = (reason: string, tag: number = TAG.PixelData): never => { throw new DicomError('unsafe', reason, { tag }); };
  if (indexOf(dataSet, IMAGE.PixelDataProviderUrl) >= 0) refuse('the pixels are on a server (JPIP) and cannot be cleaned', IMAGE.PixelDataProviderUrl);
  if (indexOf(dataSet, IMAGE.FloatPixelData) >= 0 || indexOf(dataSet, IMAGE.DoubleFloatPixelData) >= 0) refuse('pixels of floating-point numbers cannot be cleaned', IMAGE.FloatPixelData);
  const index = pixelDataIndex(dataSet);
  if (index < 0) return undefined;
  const { transferSyntax, elements } = dataSet;
  if (isVideo(transferSyntax)) refuse('video cannot be cleaned: its frames depend on each other, and no encoder ships with this program');
  const image = readImage(dataSet);
  if (image === undefined) throw new DicomError('damaged', 'Pixel Data without Rows and Columns', { tag: IMAGE.Rows });
  const { undefinedLength } = elements[index];
  const codec = undefinedLength ? codecOf(transferSyntax.uid, codecs) : undefined;
  if (undefinedLength && codec === undefined) refuse(`there is no codec for the Transfer Syntax ${transferSyntax.uid}`);
  if (!undefinedLength && transferSyntax.encapsulated) refuse('native Pixel Data under a Transfer Syntax that encapsulates it');
  return new Pixels(dataSet, index, image, locateFrames(dataSet, elements[index], image), codec);
}

function codecOf(uid: string, codecs: CodecFor): FrameCodec | undefined {
  return uid === RLE_LOSSLESS ? RLE : codecs(uid);
}

/** A copy with the two bytes of each word exchanged. */
export function swappedPairs(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, i) => bytes[i ^ 1] ?? bytes[i]);
}

/** The layout of decoded bytes: no planes, no shared colours, the precision of the codestream. */
export function decodedLayout(decoded: DecodedFrame, image: PixelLayout): PixelLayout {
  if (decoded.asHeader) return image;
  const { samples, bitsAllocated, precision, signed } = decoded;
  // Bits above those that the header speaks of are in no display value.
  const bitsStored = Math.min(image.bitsStored, precision);
  return { rows: image.rows, columns: image.columns, samples, bitsAllocated, bitsStored, highBit: bitsStored - 1, signed: signed || image.signed, planar: false, photometric: decodedPhotometric(decoded, image) };
}

function decodedPhotometric({ photometric, samples }: DecodedFrame, image: PixelLayout): string {
  if (photometric !== undefined) return photometric;
  if (samples < 3) return image.photometric;
  if (image.photometric === 'YBR_RCT' || image.photometric === 'YBR_ICT' || image.photometric === 'XYB') return 'RGB';
  return image.photometric.replace(/^(YBR_(?:FULL|PARTIAL))_4\d\d$/, '$1');
}

/** Overlay Bits Allocated other than 1 says that the plane is in Pixel Data (PS3.3 C.9.2, retired). */
function hasOverlayBits(dataSet: DataSet): boolean {
  return dataSet.elements.some(({ tag, depth }) => {
    const group = groupOf(tag);
    const isAllocated = depth === 0 && group >= 0x6000 && group <= 0x601e && group % 2 === 0 && (tag & 0xffff) === 0x0100;
    return isAllocated && (numberAt(dataSet, tag) ?? 1) > 1;
  });
}
