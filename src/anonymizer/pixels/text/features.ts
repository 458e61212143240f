import type { GreyImage } from './grey.ts';
import type { Line } from './lines.ts';

export const FEATURES = 20;

/**
 * What tells a line of text from a row of anything: how even its letters are in height, place, strength and distance,
 * how many strokes cross it, how even its ink and its ground are, and how empty it is above and below.
 */
export function featuresOf(line: Line, image: GreyImage, hat: GreyImage, mask: Uint8Array): Float64Array {
  const { members, left, top, right, bottom } = line;
  const { width } = image;
  const [w, h] = [right - left, bottom - top];
  const heights = members.map((each) => each.bottom - each.top);
  const gaps: number[] = [];
  for (let i = 1, edge = members[0].right; i < members.length; i++) {
    gaps.push(Math.max(0, members[i].left - edge));
    edge = Math.max(edge, members[i].right);
  }
  const ink = new Uint32Array(256);
  const ground = new Uint32Array(256);
  let [inkCount, groundCount, groundHat, runs, runSum, runSquares] = [0, 0, 0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    let run = 0;
    for (let x = left, at = y * width + left; x < right; x++, at++) {
      if (mask[at] === 1) {
        ink[image.pixels[at]]++;
        inkCount++;
        run++;
        continue;
      }
      ground[image.pixels[at]]++;
      groundHat += hat.pixels[at];
      groundCount++;
      if (run > 0) { runs++; runSum += run; runSquares += run * run; run = 0; }
    }
    if (run > 0) { runs++; runSum += run; runSquares += run * run; }
  }
  const bright = quantile(ink, inkCount, 0.75);
  const dark = quantile(ground, groundCount, 0.5);
  const contrast = Math.max(8, bright - dark);
  const runMean = runSum / Math.max(1, runs);
  const strength = mean(members.map((each) => each.strength));
  const values = [
    Math.log2(members.length),
    Math.log2(w / h),
    deviation(members.map((each) => each.bottom)) / h,
    deviation(members.map((each) => each.top)) / h,
    deviation(heights) / mean(heights),
    strength / 128,
    deviation(members.map((each) => each.strength)) / Math.max(1, strength),
    inkCount / (w * h),
    mean(gaps) / h,
    deviation(gaps) / h,
    (runs / h) / (w / h) / 2,
    (quantile(ink, inkCount, 0.9) - quantile(ink, inkCount, 0.5)) / contrast,
    (quantile(ground, groundCount, 0.8) - quantile(ground, groundCount, 0.2)) / contrast,
    contrast / 128,
    (groundHat / Math.max(1, groundCount)) / Math.max(1, strength) * 2,
    Math.log2(h) - 3.5,
    density(mask, width, image.height, left, top - Math.ceil(h / 2), w, Math.ceil(h / 2)) * 3,
    density(mask, width, image.height, left, bottom, w, Math.ceil(h / 2)) * 3,
    runMean / h * 3,
    Math.sqrt(Math.max(0, runSquares / Math.max(1, runs) - runMean * runMean)) / Math.max(0.5, runMean),
  ];
  return Float64Array.from(values, (value) => (Number.isFinite(value) ? Math.max(-4, Math.min(4, value)) : 0));
}

function quantile(histogram: Uint32Array, count: number, part: number): number {
  let rest = count * part;
  for (let value = 0; value < 256; value++) {
    rest -= histogram[value];
    if (rest <= 0) return value;
  }
  return 255;
}

/** Part of a rectangle that the mask covers; outside of the image nothing does. */
function density(mask: Uint8Array, width: number, height: number, left: number, top: number, w: number, h: number): number {
  let sum = 0;
  for (let y = Math.max(0, top); y < Math.min(height, top + h); y++) for (let x = left; x < left + w; x++) sum += mask[y * width + x];
  return sum / Math.max(1, w * h);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
