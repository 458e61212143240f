import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { encodeText } from '../dicom/encode.ts';
import { TAG, type Tag } from '../dicom/tag.ts';
import type { VR } from '../dicom/vr.ts';
import { textAt, IMAGE, type PixelLayout } from './image.ts';

/** A top-level attribute that gets `value`, with its element or without; undefined where the element goes. */
export interface AttributeChange {
  readonly tag: Tag;
  readonly vr: VR;
  readonly value: Uint8Array | undefined;
}

/** Smallest and Largest Pixel Value of the image, its series and its plane (PS3.3 C.7.6.3): Type 3 and no longer known. */
const PIXEL_RANGE: readonly Tag[] = [0x00280106, 0x00280107, 0x00280108, 0x00280109, 0x00280110, 0x00280111];
const ICON_IMAGE_SEQUENCE = 0x00880200;

/** What changes with the pixels: Burned In Annotation, and where they really changed the icon and the range of values. */
export function alwaysChanged(dataSet: DataSet, pixelsChanged: boolean): AttributeChange[] {
  const changes: AttributeChange[] = [{ tag: TAG.BurnedInAnnotation, vr: 'CS', value: encodeText('NO', 'CS') }];
  if (!pixelsChanged) return changes;
  for (const tag of PIXEL_RANGE) if (indexOf(dataSet, tag) >= 0) changes.push({ tag, vr: 'US', value: undefined });
  if (indexOf(dataSet, ICON_IMAGE_SEQUENCE) >= 0) changes.push({ tag: ICON_IMAGE_SEQUENCE, vr: 'SQ', value: undefined });
  return wasLossy(dataSet) ? [...changes, { tag: IMAGE.LossyImageCompression, vr: 'CS', value: encodeText('01', 'CS') }] : changes;
}

const LOSSY = /^1\.2\.840\.10008\.1\.2\.4\.(5[0-6]|81|9[13]|11[12]|203)$/;

/** (0028,2110), which once 01 stays 01 (PS3.3 C.7.6.1.1.5); a lossy Transfer Syntax speaks for itself. */
function wasLossy(dataSet: DataSet): boolean {
  return textAt(dataSet, IMAGE.LossyImageCompression) === '01' || (LOSSY.test(dataSet.transferSyntax.uid) && textAt(dataSet, IMAGE.LossyImageCompression) !== '00');
}

/** The attributes that must say what uncompressed pixels are like. */
export function nativeAttributes(target: PixelLayout, source: PixelLayout): AttributeChange[] {
  const number = (tag: Tag, now: number, before: number): AttributeChange[] =>
    now === before ? [] : [{ tag, vr: 'US', value: Uint8Array.of(now & 0xff, now >> 8) }];
  const colour: AttributeChange[] = target.photometric === source.photometric ? []
    : [{ tag: IMAGE.PhotometricInterpretation, vr: 'CS', value: encodeText(target.photometric, 'CS') }];
  return [
    ...colour,
    ...(target.samples > 1 ? number(IMAGE.PlanarConfiguration, target.planar ? 1 : 0, -1) : []),
    ...number(IMAGE.BitsAllocated, target.bitsAllocated, source.bitsAllocated),
    ...number(IMAGE.BitsStored, target.bitsStored, source.bitsStored),
    ...number(IMAGE.HighBit, target.highBit, source.highBit),
    { tag: IMAGE.ExtendedOffsetTable, vr: 'OV', value: undefined },
    { tag: IMAGE.ExtendedOffsetTableLengths, vr: 'OV', value: undefined },
  ];
}

/** The Extended Offset Table and its lengths (PS3.3 C.7.6.3.1.8, .9). */
export function offsetTableAttributes(offsets: readonly number[], lengths: readonly number[]): AttributeChange[] {
  return [
    { tag: IMAGE.ExtendedOffsetTable, vr: 'OV', value: longWords(offsets) },
    { tag: IMAGE.ExtendedOffsetTableLengths, vr: 'OV', value: longWords(lengths) },
  ];
}

function longWords(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => { view.setBigUint64(i * 8, BigInt(value), true); });
  return bytes;
}
