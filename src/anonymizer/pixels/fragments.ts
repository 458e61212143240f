import type { DataElement, DataSet } from '../dicom/data-set.ts';

/** The value of an Item of encapsulated Pixel Data (PS3.5 A.4), by offsets in the source. */
export interface Fragment {
  readonly start: number;
  readonly end: number;
}

/** Items of encapsulated Pixel Data in order: the Basic Offset Table first, then the fragments. */
export function* fragmentsOf(dataSet: DataSet, pixelData: DataElement): Generator<Fragment> {
  for (let at = pixelData.valueStart; at + 8 <= pixelData.valueEnd; ) {
    const { bytes, offset } = dataSet.source.window(at, 8);
    const i = at - offset;
    const length = bytes[i + 4] + (bytes[i + 5] << 8) + (bytes[i + 6] << 16) + bytes[i + 7] * 0x1000000;
    yield { start: at + 8, end: at + 8 + length };
    at += 8 + length;
  }
}
