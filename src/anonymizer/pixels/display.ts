import { isPaired, type PixelLayout } from './image.ts';
import { sampleValues } from './native.ts';
import type { Palette } from './palette.ts';
import type { NativeFrame } from './pixels.ts';
import { createGrey, type GreyImage } from './text/grey.ts';

/** Part of the pixels that may be clipped at either end, so that one bright dot does not darken the rest. */
const CLIPPED = 0.002;

/**
 * A frame in greys, for looking for text: colours become the mean of their three lights, so that text of any colour
 * keeps a contrast; other values are stretched from the darkest to the lightest that the frame really has.
 */
export function greyOf(frame: NativeFrame, palette?: Palette): GreyImage {
  const { layout, bytes } = frame;
  if (layout.bitsAllocated === 1) return bits(bytes, layout);
  const values = sampleValues(frame);
  if (layout.samples === 1) return layout.photometric === 'PALETTE COLOR' && palette !== undefined ? throughPalette(values, layout, palette) : stretched(values, layout);
  return stretched(lightOf(values, layout), layout);
}

/** One value a pixel: the luminance of YBR, the mean of other colours. */
function lightOf(values: Int32Array, layout: PixelLayout): Int32Array {
  const { rows, columns, samples, planar, photometric } = layout;
  const count = rows * columns;
  const light = new Int32Array(count);
  const isYbr = photometric.startsWith('YBR_');
  if (isPaired(layout)) {
    for (let i = 0; i < count; i++) light[i] = values[(i >> 1) * 4 + (i & 1)];
    return light;
  }
  const [step, next] = planar ? [1, count] : [samples, 1];
  for (let i = 0; i < count; i++) {
    const at = i * step;
    light[i] = isYbr ? values[at] : (values[at] + values[at + next] + values[at + 2 * next]) / 3;
  }
  return light;
}

function throughPalette(values: Int32Array, { rows, columns }: PixelLayout, { first, red, green, blue }: Palette): GreyImage {
  const grey = createGrey(columns, rows);
  const last = red.length - 1;
  for (let i = 0; i < grey.pixels.length; i++) {
    const entry = Math.max(0, Math.min(last, values[i] - first));
    grey.pixels[i] = (red[entry] + green[entry] + blue[entry]) / 3;
  }
  return grey;
}

function stretched(values: Int32Array, { rows, columns, bitsStored, signed }: PixelLayout): GreyImage {
  const grey = createGrey(columns, rows);
  const count = grey.pixels.length;
  if (bitsStored <= 8 && !signed) {
    for (let i = 0; i < count; i++) grey.pixels[i] = bitsStored === 8 ? values[i] : values[i] * (255 / (2 ** bitsStored - 1));
    return grey;
  }
  const [low, high] = range(values, count);
  const scale = 255 / Math.max(1, high - low);
  for (let i = 0; i < count; i++) grey.pixels[i] = Math.max(0, Math.min(255, (values[i] - low) * scale));
  return grey;
}

/** The values that all but a few pixels lie between. */
function range(values: Int32Array, count: number): [low: number, high: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  const bins = 4096;
  const width = Math.max(1, (most - least + 1) / bins);
  const histogram = new Uint32Array(bins);
  for (let i = 0; i < count; i++) histogram[Math.min(bins - 1, Math.floor((values[i] - least) / width))]++;
  const edge = (order: readonly number[]) => {
    let rest = count * CLIPPED;
    for (const bin of order) {
      rest -= histogram[bin];
      if (rest < 0) return bin;
    }
    return order[order.length - 1];
  };
  const up = Array.from({ length: bins }, (_, i) => i);
  return [least + edge(up) * width, least + (edge(up.reverse()) + 1) * width];
}

function bits(bytes: Uint8Array, { rows, columns }: PixelLayout): GreyImage {
  const grey = createGrey(columns, rows);
  for (let i = 0; i < grey.pixels.length; i++) grey.pixels[i] = (bytes[i >> 3] >> (i & 7)) & 1 ? 255 : 0;
  return grey;
}
