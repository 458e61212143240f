import { clipped, intersects, type Rect, union } from '../region.ts';
import { type Candidate, candidates, rectOf } from './candidates.ts';
import { textLikelihood } from './classifier.ts';
import type { GreyImage } from './grey.ts';
import { type Line, type Row, rowsOf } from './lines.ts';

/** A line of text as it was found, with room around it for what hangs over. */
export interface TextBox extends Rect {
  /** From 0 to 1. */
  readonly likelihood: number;
  readonly dark: boolean;
  /** The image was taken at this part of its size to find it. */
  readonly scale: number;
}

export interface DetectOptions {
  /** Boxes below this are not text. */
  readonly least?: number | undefined;
  /** Height in pixels of the largest letters that are looked for. */
  readonly largest?: number | undefined;
}

/** Chosen so that hardly a word is lost; what is found too much is a small part of the image. */
export const LEAST_LIKELIHOOD = 0.15;

/** Letters of devices are smaller, in pixels; what is larger is a row of organs, as in a mosaic. */
const LARGEST_LETTER = 56;

function largestIn({ width, height }: GreyImage): number {
  return Math.max(LARGEST_LETTER, Math.min(width, height) / 14);
}

/** Finds lines of text of 6 to 100 pixels in height, light or dark, without reading them. */
export function detectText(image: GreyImage, { least = LEAST_LIKELIHOOD, largest = largestIn(image) }: DetectOptions = {}): TextBox[] {
  const boxes: TextBox[] = [];
  for (const candidate of candidates(image)) {
    const { line, all, scale, dark, features } = candidate;
    const likelihood = textLikelihood(features);
    if (likelihood < least) continue;
    if (isKnown(line, scale, boxes)) continue;
    for (const row of rowsOf(line, all)) {
      if (row.letter * scale > largest) continue;
      const box = clipped(withMargins(rectOf(throughClutter(row, candidate), scale), row.letter * scale), image.width, image.height);
      if (box !== undefined) boxes.push({ ...box, likelihood, dark, scale });
    }
  }
  return merged(boxes);
}

/**
 * In a smaller image whole words look like letters, and the ground between letters like strokes of the other kind:
 * what was found letter by letter is not taken again with the wide margins of large letters.
 */
function isKnown(line: Line, scale: number, boxes: readonly TextBox[]): boolean {
  const whole = rectOf(line, scale);
  const near = boxes.filter((box) => box.scale <= scale && intersects(box, whole));
  if (near.length === 0) return false;
  const finer = near.filter((box) => box.scale < scale);
  const known = line.members.filter((member) => coveredPart(rectOf(member, scale), finer) >= 0.8);
  return known.length >= 0.75 * line.members.length;
}

/** Part of a stretch beside a line that strokes cover, from which on its letters can no longer be told from the ground. */
const CLUTTERED = 0.1;
const MOST_LETTERS = 10;

/** Where a line runs into speckle it is taken to go on, as far as the speckle goes and at most ten letters. */
function throughClutter({ left, right, top, bottom, letter }: Row, { mask, maskWidth }: Candidate): Pick<Line, 'left' | 'right' | 'top' | 'bottom'> {
  const isCluttered = (from: number) => {
    const [start, end] = [Math.max(0, Math.round(from)), Math.min(maskWidth, Math.round(from + 1.5 * letter))];
    let sum = 0;
    for (let y = top; y < bottom; y++) for (let x = start; x < end; x++) sum += mask[y * maskWidth + x];
    return sum > CLUTTERED * (end - start) * (bottom - top);
  };
  let [first, last] = [left, right];
  while (last < maskWidth && last - right < MOST_LETTERS * letter && isCluttered(last + 0.4 * letter)) last += 1.5 * letter;
  while (first > 0 && left - first < MOST_LETTERS * letter && isCluttered(first - 1.9 * letter)) first -= 1.5 * letter;
  return { left: Math.max(0, Math.floor(first)), right: Math.min(maskWidth, Math.ceil(last)), top, bottom };
}

/** Part of a rectangle that lies inside boxes; what lies in two of them counts twice. */
function coveredPart(rect: Rect, boxes: readonly Rect[]): number {
  return boxes.reduce((sum, box) => (intersects(box, rect) ? sum + overlap(box, rect) : sum), 0) / (rect.width * rect.height);
}

/**
 * Accents and descenders hang over a line, and a thin or detached letter at its end may have been missed: a bit more
 * than a third of the height above and below, and one letter on either side.
 */
function withMargins({ x, y, width, height }: Rect, letter: number): Rect {
  const beside = Math.ceil(0.5 * letter) + 2;
  const above = Math.ceil(0.3 * letter) + 1;
  return { x: x - beside, y: y - above, width: width + 2 * beside, height: height + 2 * above };
}

/** The same line is often found at two sizes, or in two parts: boxes that mostly cover each other become one. */
function merged(boxes: readonly TextBox[]): TextBox[] {
  const rest = [...boxes].sort((a, b) => b.width * b.height - a.width * a.height);
  const out: TextBox[] = [];
  for (const box of rest) {
    const at = out.findIndex((other) => intersects(other, box) && overlap(other, box) >= 0.7 * box.width * box.height);
    if (at < 0) {
      out.push(box);
      continue;
    }
    const other = out[at];
    out[at] = { ...union(other, box), likelihood: Math.max(other.likelihood, box.likelihood), dark: other.dark, scale: Math.min(other.scale, box.scale) };
  }
  return out.sort((a, b) => a.y - b.y || a.x - b.x);
}

function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
