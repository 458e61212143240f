import { createGrey, type GreyImage } from './grey.ts';

/**
 * What is brighter than everything that is `size` pixels wide and high around it: strokes of writing stay, shading
 * and broad shapes go (white top-hat: the image less its opening).
 */
export function topHat(image: GreyImage, size: number): GreyImage {
  const radius = size >> 1;
  const opened = spread(spread(image, radius, false), radius, true);
  const out = createGrey(image.width, image.height);
  for (let i = 0; i < out.pixels.length; i++) out.pixels[i] = image.pixels[i] - opened.pixels[i];
  return out;
}

/** Maximum (or minimum) over a square of 2 × radius + 1, by rows and then by columns. */
function spread({ width, height, pixels }: GreyImage, radius: number, max: boolean): GreyImage {
  const rows = createGrey(width, height);
  for (let y = 0; y < height; y++) slide(pixels, rows.pixels, y * width, 1, width, radius, max);
  const both = createGrey(width, height);
  for (let x = 0; x < width; x++) slide(rows.pixels, both.pixels, x, width, height, radius, max);
  return both;
}

let forward = new Uint8Array(0);
let backward = new Uint8Array(0);

/** Van Herk: running extremes from both ends of blocks of 2 × radius + 1, so that the radius costs nothing. */
function slide(from: Uint8Array, to: Uint8Array, first: number, step: number, count: number, radius: number, max: boolean): void {
  const block = 2 * radius + 1;
  const length = count + 2 * radius;
  if (forward.length < length) {
    forward = new Uint8Array(length);
    backward = new Uint8Array(length);
  }
  const outside = max ? 0 : 255;
  const better = (a: number, b: number) => (max ? (a > b ? a : b) : a < b ? a : b);
  const at = (i: number) => (i < radius || i >= count + radius ? outside : from[first + (i - radius) * step]);
  for (let i = 0; i < length; i++) forward[i] = i % block === 0 ? at(i) : better(forward[i - 1], at(i));
  for (let i = length - 1; i >= 0; i--) backward[i] = i === length - 1 || (i + 1) % block === 0 ? at(i) : better(backward[i + 1], at(i));
  for (let i = 0; i < count; i++) to[first + i * step] = better(backward[i], forward[i + 2 * radius]);
}
