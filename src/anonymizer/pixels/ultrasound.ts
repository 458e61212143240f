import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { numberAt } from './image.ts';
import { clipped, type Rect, type Region, without } from './region.ts';

const SEQUENCE_OF_ULTRASOUND_REGIONS = 0x00186011;
const [X0, Y0, X1, Y1] = [0x00186018, 0x0018601a, 0x0018601c, 0x0018601e];

/** The calibrated regions of (0018,6011) (PS3.3 C.8.5.5): picture, trace or graph; the last pixel belongs to them. */
export function ultrasoundRegions(dataSet: DataSet, columns: number, rows: number): Rect[] {
  const { elements } = dataSet;
  const index = indexOf(dataSet, SEQUENCE_OF_ULTRASOUND_REGIONS);
  const regions: Rect[] = [];
  if (index < 0) return regions;
  for (let item = index + 1; item < elements[index].next; item = elements[item].next) {
    const [x0, y0, x1, y1] = [X0, Y0, X1, Y1].map((tag) => numberAt(dataSet, tag, item));
    if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) continue;
    const inside = clipped({ x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 }, columns, rows);
    if (inside !== undefined) regions.push(inside);
  }
  return regions;
}

/** What lies outside all calibrated regions, where devices write names and numbers; nothing where there is no region. */
export function outsideUltrasoundRegions(dataSet: DataSet, columns: number, rows: number): Region[] {
  const regions = ultrasoundRegions(dataSet, columns, rows);
  if (regions.length === 0) return [];
  let outside: Rect[] = [{ x: 0, y: 0, width: columns, height: rows }];
  for (const region of regions) outside = outside.flatMap((rect) => without(rect, region));
  return outside.map((rect) => ({ ...rect, reason: 'outside-ultrasound-regions', note: 'Outside the calibrated ultrasound regions' }));
}
