import type { Rect } from '../region.ts';
import { type Component, components, strokes } from './components.ts';
import { featuresOf } from './features.ts';
import { type GreyImage, halved, inverted } from './grey.ts';
import { groupLines, type Line } from './lines.ts';
import { topHat } from './top-hat.ts';

/** A line that may be text, in pixels of the image that was given. */
export interface Candidate extends Rect {
  readonly features: Float64Array;
  readonly line: Line;
  /** All strokes of the same kind at this scale. */
  readonly all: readonly Component[];
  /** What stands out at this scale, and how wide its rows are. */
  readonly mask: Uint8Array;
  readonly maskWidth: number;
  /** How many pixels of the image one of the line's is. */
  readonly scale: number;
  /** Dark writing on a light ground. */
  readonly dark: boolean;
}

/** Wider than the strokes of letters of 30 pixels. */
const STROKE = 11;
const LEAST_SIDE = 24;

/** All rows of letter-like strokes, light and dark, at the sizes 1, 1/2 and 1/4, in that order. */
export function candidates(image: GreyImage, scales = 3): Candidate[] {
  const found: Candidate[] = [];
  let scaled = image;
  for (let scale = 1, n = 0; n < scales && Math.min(scaled.width, scaled.height) >= LEAST_SIDE; scale *= 2, n++) {
    found.push(...atScale(scaled, scale, false), ...atScale(inverted(scaled), scale, true));
    scaled = halved(scaled);
  }
  return found;
}

function atScale(image: GreyImage, scale: number, dark: boolean): Candidate[] {
  const hat = topHat(image, STROKE);
  const mask = strokes(hat);
  const all = components(mask, hat);
  return groupLines(all).map((line) => ({
    ...rectOf(line, scale), features: featuresOf(line, image, hat, mask), dark,
    line, all, mask, maskWidth: image.width, scale,
  }));
}

/** The rectangle of a line, or of one of its letters, in pixels of the image. */
export function rectOf({ left, top, right, bottom }: Pick<Line, 'left' | 'top' | 'right' | 'bottom'>, scale: number): Rect {
  return { x: left * scale, y: top * scale, width: (right - left) * scale, height: (bottom - top) * scale };
}
