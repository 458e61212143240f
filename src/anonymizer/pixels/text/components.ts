import type { GreyImage } from './grey.ts';

/** A connected stroke, or several that touch: perhaps a letter, perhaps a word. */
export interface Component {
  readonly left: number;
  readonly top: number;
  /** Exclusive. */
  readonly right: number;
  readonly bottom: number;
  readonly area: number;
  /** Mean height above the surroundings. */
  readonly strength: number;
}

/** Side of the squares that noise is measured in. */
const TILE = 48;
const LEAST_CONTRAST = 20;
/** How far above the noise around it a stroke must stand. */
const ABOVE_NOISE = 2.2;

/**
 * Marks what stands out of the noise around it; noise is the level that half of the pixels of a square stay
 * under, so that letters, which cover less, do not raise it.
 */
export function strokes(hat: GreyImage): Uint8Array {
  const { width, height, pixels } = hat;
  const across = Math.ceil(width / TILE);
  const down = Math.ceil(height / TILE);
  const levels = new Float32Array(across * down);
  for (let ty = 0; ty < down; ty++) for (let tx = 0; tx < across; tx++) levels[ty * across + tx] = noiseOf(hat, tx * TILE, ty * TILE);
  const mask = new Uint8Array(width * height);
  const thresholds = new Float32Array(across);
  for (let y = 0; y < height; y++) {
    const ty = Math.min(down - 1, Math.max(0, y / TILE - 0.5));
    const y0 = Math.floor(ty);
    const y1 = Math.min(down - 1, y0 + 1);
    const fy = ty - y0;
    for (let tx = 0; tx < across; tx++) thresholds[tx] = ABOVE_NOISE * (levels[y0 * across + tx] * (1 - fy) + levels[y1 * across + tx] * fy);
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const value = pixels[at];
      if (value <= LEAST_CONTRAST) continue;
      const tx = Math.min(across - 1, Math.max(0, x / TILE - 0.5));
      const x0 = Math.floor(tx);
      const x1 = Math.min(across - 1, x0 + 1);
      if (value > thresholds[x0] + (thresholds[x1] - thresholds[x0]) * (tx - x0)) mask[at] = 1;
    }
  }
  return mask;
}

function noiseOf({ width, height, pixels }: GreyImage, left: number, top: number): number {
  const histogram = new Uint32Array(256);
  const right = Math.min(width, left + TILE);
  const bottom = Math.min(height, top + TILE);
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) histogram[pixels[y * width + x]]++;
  let rest = (right - left) * (bottom - top) * 0.55;
  for (let level = 0; level < 256; level++) {
    rest -= histogram[level];
    if (rest <= 0) return level;
  }
  return 255;
}

const MOST_COMPONENTS = 40_000;

/** Components of the mask, eight neighbours a pixel, in the order of their first pixel. */
export function components(mask: Uint8Array, hat: GreyImage): Component[] {
  const { width, height, pixels } = hat;
  const found: Component[] = [];
  const stack = new Int32Array(width * height);
  const open = mask.slice();
  for (let seed = 0; seed < open.length && found.length < MOST_COMPONENTS; seed++) {
    if (open[seed] === 0) continue;
    let [left, right, top, bottom, area, sum] = [width, 0, height, 0, 0, 0];
    let depth = 0;
    stack[depth++] = seed;
    open[seed] = 0;
    while (depth > 0) {
      const at = stack[--depth];
      const y = Math.floor(at / width);
      const x = at - y * width;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      area++;
      sum += pixels[at];
      for (let dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++) {
        for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
          const next = at + dy * width + dx;
          if (open[next] === 1) {
            open[next] = 0;
            stack[depth++] = next;
          }
        }
      }
    }
    found.push({ left, top, right: right + 1, bottom: bottom + 1, area, strength: sum / area });
  }
  return found;
}
