import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG, type Tag } from '../dicom/tag.ts';
import { valueBytes, valueText } from '../dicom/values.ts';

/** Tags of the Image Pixel Module (PS3.3 C.7.6.3) and of what speaks of its pixels elsewhere. */
export const IMAGE = {
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  PlanarConfiguration: 0x00280006,
  NumberOfFrames: 0x00280008,
  Rows: 0x00280010,
  Columns: 0x00280011,
  BitsAllocated: 0x00280100,
  BitsStored: 0x00280101,
  HighBit: 0x00280102,
  PixelRepresentation: 0x00280103,
  WindowCenter: 0x00281050,
  WindowWidth: 0x00281051,
  RescaleIntercept: 0x00281052,
  RescaleSlope: 0x00281053,
  LossyImageCompression: 0x00282110,
  PixelDataProviderUrl: 0x00287fe0,
  ExtendedOffsetTable: 0x7fe00001,
  ExtendedOffsetTableLengths: 0x7fe00002,
  FloatPixelData: 0x7fe00008,
  DoubleFloatPixelData: 0x7fe00009,
} as const satisfies Record<string, Tag>;

/** How the cells of a frame are laid down, and what their values mean (PS3.3 C.7.6.3, PS3.5 8.1). */
export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Bits of a cell: 1, 8, 16, 32 or 64. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Samples one plane after the other (Planar Configuration 1). */
  readonly planar: boolean;
  /** Photometric Interpretation, upper case. */
  readonly photometric: string;
}

export interface ImagePixels extends PixelLayout {
  readonly frames: number;
}

const MOST_FRAMES = 1 << 24;

/**
 * The Image Pixel Module of a Data Set, or of the Item at `item` (an icon); undefined without Rows or Columns.
 * @throws DicomError `damaged` where its values contradict each other
 */
export function readImage(dataSet: DataSet, item = -1): ImagePixels | undefined {
  const number = (tag: Tag) => numberAt(dataSet, tag, item);
  const rows = number(IMAGE.Rows) ?? 0;
  const columns = number(IMAGE.Columns) ?? 0;
  if (rows === 0 || columns === 0) return undefined;
  const bitsAllocated = number(IMAGE.BitsAllocated) ?? 8;
  const bitsStored = number(IMAGE.BitsStored) ?? bitsAllocated;
  const image: ImagePixels = {
    rows, columns, bitsAllocated, bitsStored,
    samples: number(IMAGE.SamplesPerPixel) ?? 1,
    highBit: number(IMAGE.HighBit) ?? bitsStored - 1,
    signed: number(IMAGE.PixelRepresentation) === 1,
    planar: number(IMAGE.PlanarConfiguration) === 1,
    photometric: textAt(dataSet, IMAGE.PhotometricInterpretation, item).toUpperCase() || 'MONOCHROME2',
    frames: number(IMAGE.NumberOfFrames) ?? 1,
  };
  check(image);
  return image;
}

function check({ bitsAllocated, bitsStored, highBit, samples, frames }: ImagePixels): void {
  const fault = (tag: Tag, message: string): never => { throw new DicomError('damaged', message, { tag }); };
  if (![1, 8, 16, 32, 64].includes(bitsAllocated)) fault(IMAGE.BitsAllocated, 'Bits Allocated is none of 1, 8, 16, 32 and 64');
  if (bitsStored < 1 || bitsStored > bitsAllocated) fault(IMAGE.BitsStored, 'Bits Stored does not fit Bits Allocated');
  if (highBit < bitsStored - 1 || highBit >= bitsAllocated) fault(IMAGE.HighBit, 'High Bit does not fit Bits Stored');
  if (samples < 1 || samples > 4) fault(IMAGE.SamplesPerPixel, 'Samples per Pixel is not 1 to 4');
  if (!Number.isInteger(frames) || frames < 1 || frames > MOST_FRAMES) fault(IMAGE.NumberOfFrames, 'Number of Frames is no lawful number');
}

/** Two pixels share their colour difference samples, so that a pair takes four cells (PS3.3 C.7.6.3.1.2). */
export function isPaired({ photometric, samples }: PixelLayout): boolean {
  return samples === 3 && (photometric === 'YBR_FULL_422' || photometric === 'YBR_PARTIAL_422');
}

/** Bits of one native frame. Frames of 1 bit a pixel follow each other without padding (PS3.5 8.1.1). */
export function frameBits(layout: PixelLayout): number {
  const { rows, columns, samples, bitsAllocated } = layout;
  return rows * columns * (isPaired(layout) ? 2 : samples) * bitsAllocated;
}

/** The first value of a numeric element, in US, SS, UL, IS or DS. */
export function numberAt(dataSet: DataSet, tag: Tag, item = -1): number | undefined {
  const values = numbersAt(dataSet, tag, item);
  return values.length === 0 ? undefined : values[0];
}

/** All values of a numeric element; those of a text that are no numbers are left out. */
export function numbersAt(dataSet: DataSet, tag: Tag, item = -1): number[] {
  const index = indexOf(dataSet, tag, item);
  if (index < 0) return [];
  const element = dataSet.elements[index];
  const littleEndian = dataSet.littleEndian || element.implicit;
  switch (element.vr) {
    case 'US': case 'SS': case 'OW': case 'UL': case 'SL': case 'FD': case 'FL': {
      const bytes = valueBytes(dataSet, element);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const size = element.vr === 'FD' ? 8 : element.vr === 'UL' || element.vr === 'SL' || element.vr === 'FL' ? 4 : 2;
      return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => {
        switch (element.vr) {
          case 'SS': return view.getInt16(i * size, littleEndian);
          case 'UL': return view.getUint32(i * size, littleEndian);
          case 'SL': return view.getInt32(i * size, littleEndian);
          case 'FD': return view.getFloat64(i * size, littleEndian);
          case 'FL': return view.getFloat32(i * size, littleEndian);
          default: return view.getUint16(i * size, littleEndian);
        }
      });
    }
    case 'SQ': case 'OB': case 'UN': return [];
    default:
      return valueText(dataSet, element).split('\\').map((text) => Number(text.trim() === '' ? Number.NaN : text)).filter(Number.isFinite);
  }
}

/** The text of an element at the top level or in an Item; empty where there is none. */
export function textAt(dataSet: DataSet, tag: Tag, item = -1): string {
  const index = indexOf(dataSet, tag, item);
  return index < 0 || dataSet.elements[index].vr === 'SQ' ? '' : valueText(dataSet, dataSet.elements[index]).trim();
}

/** Index of the Pixel Data element at the top level; -1 where the pixels are floats, elsewhere or none. */
export function pixelDataIndex(dataSet: DataSet): number {
  return indexOf(dataSet, TAG.PixelData);
}
