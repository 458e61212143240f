/** A rectangle in pixels of the stored frame, its origin at the top left; whole numbers. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Why a region is to be blacked out. */
export type RegionReason = 'device-rule' | 'outside-ultrasound-regions' | 'text' | 'identifying-text' | 'user';

/** A place that is proposed, or was drawn, to be blacked out. */
export interface Region extends Rect {
  readonly reason: RegionReason;
  /** A sentence for people: the rule's label or what was seen. Never a text that was read from the pixels. */
  readonly note: string;
  /** Frames that it holds for, from 0; absent for all. */
  readonly frames?: readonly number[] | undefined;
}

/** The part of a rectangle that lies inside an image; undefined where nothing does. */
export function clipped({ x, y, width, height }: Rect, columns: number, rows: number): Rect | undefined {
  const left = Math.max(0, Math.floor(x));
  const top = Math.max(0, Math.floor(y));
  const right = Math.min(columns, Math.ceil(x + width));
  const bottom = Math.min(rows, Math.ceil(y + height));
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}

export function intersects(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether nearly all of a rectangle lies in a place: found text is a little larger or smaller from image to image. */
export function liesIn(rect: Rect, place: Rect): boolean {
  const width = Math.min(rect.x + rect.width, place.x + place.width) - Math.max(rect.x, place.x);
  const height = Math.min(rect.y + rect.height, place.y + place.height) - Math.max(rect.y, place.y);
  return width > 0 && height > 0 && width * height >= 0.9 * rect.width * rect.height;
}

export function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** The regions of one frame, as rectangles. */
export function rectsOfFrame(regions: readonly Region[], frame: number): Rect[] {
  return regions.filter(({ frames }) => frames === undefined || frames.includes(frame));
}

/** What `rect` is without `hole`: up to four rectangles. */
export function without(rect: Rect, hole: Rect): Rect[] {
  if (!intersects(rect, hole)) return [rect];
  const top = Math.max(rect.y, hole.y);
  const bottom = Math.min(rect.y + rect.height, hole.y + hole.height);
  const parts: Rect[] = [
    { x: rect.x, y: rect.y, width: rect.width, height: top - rect.y },
    { x: rect.x, y: bottom, width: rect.width, height: rect.y + rect.height - bottom },
    { x: rect.x, y: top, width: hole.x - rect.x, height: bottom - top },
    { x: hole.x + hole.width, y: top, width: rect.x + rect.width - hole.x - hole.width, height: bottom - top },
  ];
  return parts.filter(({ width, height }) => width > 0 && height > 0);
}
