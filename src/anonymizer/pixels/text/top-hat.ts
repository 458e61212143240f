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
function spread(image: GreyImage, radius: number, max: boolean): GreyImage {
  // A minimum is the maximum of the complement.
  const turned = max ? image : { ...image, pixels: complement(image.pixels) };
  const both = byColumns(byRows(turned, radius), radius);
  return max ? both : { ...both, pixels: complement(both.pixels) };
}

function complement(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let i = 0; i < out.length; i++) out[i] = 255 - pixels[i];
  return out;
}

/** Van Herk: running maxima from both ends of blocks of 2 × radius + 1, so that the radius costs nothing. */
function byRows({ width, height, pixels }: GreyImage, radius: number): GreyImage {
  const out = createGrey(width, height);
  const block = 2 * radius + 1;
  const length = Math.ceil((width + 2 * radius) / block) * block;
  const line = new Uint8Array(length);
  const forward = new Uint8Array(length);
  const backward = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    line.set(pixels.subarray(y * width, (y + 1) * width), radius);
    for (let from = 0; from < length; from += block) {
      let most = 0;
      for (let i = from; i < from + block; i++) {
        if (line[i] > most) most = line[i];
        forward[i] = most;
      }
      most = 0;
      for (let i = from + block - 1; i >= from; i--) {
        if (line[i] > most) most = line[i];
        backward[i] = most;
      }
    }
    const to = y * width;
    for (let x = 0; x < width; x++) {
      const a = backward[x];
      const b = forward[x + 2 * radius];
      out.pixels[to + x] = a > b ? a : b;
    }
  }
  return out;
}

/** The same downwards, a whole row at a time, so that memory is read in its order. */
function byColumns({ width, height, pixels }: GreyImage, radius: number): GreyImage {
  const out = createGrey(width, height);
  const block = 2 * radius + 1;
  const rows = Math.ceil((height + 2 * radius) / block) * block;
  const forward = new Uint8Array(rows * width);
  const backward = new Uint8Array(rows * width);
  const row = (y: number) => y - radius;
  const run = (to: Uint8Array, y: number, before: number, starts: boolean) => {
    const from = row(y) * width;
    const inside = row(y) >= 0 && row(y) < height;
    for (let x = 0; x < width; x++) {
      const value = inside ? pixels[from + x] : 0;
      const most = starts ? 0 : to[before * width + x];
      to[y * width + x] = value > most ? value : most;
    }
  };
  for (let y = 0; y < rows; y++) run(forward, y, y - 1, y % block === 0);
  for (let y = rows - 1; y >= 0; y--) run(backward, y, y + 1, (y + 1) % block === 0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const a = backward[y * width + x];
      const b = forward[(y + 2 * radius) * width + x];
      out.pixels[y * width + x] = a > b ? a : b;
    }
  }
  return out;
}
