import { drawText, textWidth, type SetPixel } from './font.ts';

/**
 * Pixels that are computed and never photographed. Only `+ - * /` and comparison are used, which IEEE 754 defines
 * to the last bit, so that every machine makes the same bytes.
 */

export const CT_SIZE = 128;
/** Stored value 0 of the CT phantom in Hounsfield units. */
export const CT_INTERCEPT = -1024;

export const ULTRASOUND_WIDTH = 320;
export const ULTRASOUND_HEIGHT = 240;
/** First row below the band that devices write text into. */
export const ULTRASOUND_TOP = 44;

export const ULTRASOUND_ICON = { width: 80, height: 60, step: 4 } as const;

const TEXT_MARGIN = 4;
const TEXT_SCALE = 2;

export const RADIOGRAPH_WIDTH = 160;
export const RADIOGRAPH_HEIGHT = 192;

interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly value: number;
}

/** A thorax in Hounsfield units, painted from back to front; half axes in pixels. */
const THORAX: readonly Ellipse[] = [
  { x: 64, y: 66, width: 56, height: 42, value: -90 },
  { x: 64, y: 66, width: 52, height: 38, value: 45 },
  { x: 40, y: 62, width: 19, height: 27, value: -860 },
  { x: 89, y: 62, width: 18, height: 26, value: -850 },
  { x: 68, y: 60, width: 13, height: 17, value: 60 },
  { x: 64, y: 92, width: 8, height: 8, value: 620 },
  { x: 64, y: 92, width: 4, height: 4, value: 180 },
];

/** One axial slice, 128×128, 16 bits unsigned, little endian. */
export function ctSlice(index: number, count: number): Uint8Array {
  const at = index / (count - 1);
  const nodule: Ellipse = { x: 42, y: 70, width: 2 + 3 * at, height: 2 + 3 * at, value: 90 };
  const lungs = THORAX.map((each) => (each.value < -800 ? { ...each, height: each.height * (0.7 + 0.3 * at) } : each));
  const noise = randomBytes(7919 + index);
  return words(CT_SIZE, CT_SIZE, (x, y) => {
    const hounsfield = topmost([...lungs, nodule], x, y, -1000) + (noise() >> 4) - 8;
    return hounsfield - CT_INTERCEPT;
  });
}

/** A chest as film shows it, 160×192, 12 bits in 16, little endian; bones bright. */
export function radiograph(): Uint8Array {
  const noise = randomBytes(4242);
  const body: Ellipse = { x: 80, y: 120, width: 76, height: 110, value: 1500 };
  const shadows: readonly Ellipse[] = [
    { x: 46, y: 92, width: 26, height: 52, value: -900 },
    { x: 114, y: 92, width: 26, height: 52, value: -880 },
    { x: 88, y: 122, width: 26, height: 32, value: 800 },
    { x: 80, y: 96, width: 7, height: 100, value: 700 },
  ];
  return words(RADIOGRAPH_WIDTH, RADIOGRAPH_HEIGHT, (x, y) => {
    const grain = noise() >> 3;
    if (!inside(body, x, y)) return 120 + grain;
    const rib = (y - (x - 80) * (x - 80) * 0.004) % 14 < 3 ? 260 : 0;
    let value = body.value + rib + grain;
    for (const shadow of shadows) if (inside(shadow, x, y)) value += shadow.value;
    return Math.max(0, Math.min(4095, value));
  });
}

/**
 * One colour ultrasound frame, 320×240, RGB by pixel: a fan of speckle with a cyst and a Doppler patch below
 * `ULTRASOUND_TOP`, and up to two lines of text in the band above.
 * @throws RangeError for a line that does not fit
 */
export function ultrasoundFrame(frame: number, lines: readonly string[] = []): Uint8Array {
  const bytes = new Uint8Array(ULTRASOUND_WIDTH * ULTRASOUND_HEIGHT * 3);
  const noise = randomBytes(1009 + frame);
  for (let y = ULTRASOUND_TOP; y < ULTRASOUND_HEIGHT; y++) {
    for (let x = 0; x < ULTRASOUND_WIDTH; x++) {
      const grey = fan(x, y, noise);
      const flow = grey > 0 && inside({ x: 190, y: 150, width: 22 + frame, height: 9, value: 0 }, x, y);
      bytes.set(flow ? [200, grey >> 1, 30] : [grey, grey, grey], (y * ULTRASOUND_WIDTH + x) * 3);
    }
  }
  const white: SetPixel = (x, y) => {
    bytes.fill(255, (y * ULTRASOUND_WIDTH + x) * 3, (y * ULTRASOUND_WIDTH + x) * 3 + 3);
  };
  lines.forEach((line, i) => {
    if (TEXT_MARGIN + textWidth(line, TEXT_SCALE) > ULTRASOUND_WIDTH) throw new RangeError('a line of text is wider than the image');
    drawText(line, TEXT_MARGIN, TEXT_MARGIN + i * 20, TEXT_SCALE, white);
  });
  return bytes;
}

/** A monochrome miniature of a colour frame, 80×60, each fourth pixel: enough to read what is burned in. */
export function ultrasoundIcon(frame: Uint8Array): Uint8Array {
  const { width, height, step } = ULTRASOUND_ICON;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = (i % width) * step;
    const y = Math.floor(i / width) * step;
    return frame[(y * ULTRASOUND_WIDTH + x) * 3];
  });
}

/** Overlay bits for a CT slice with one line of text at the top left (PS3.5 8.1.2: lowest bit first, 16 bits a word). */
export function ctOverlay(text: string): Uint8Array {
  const bytes = new Uint8Array((CT_SIZE * CT_SIZE) / 8);
  drawText(text, 2, 2, 1, (x, y) => {
    const bit = y * CT_SIZE + x;
    bytes[bit >> 3] |= 1 << (bit & 7);
  });
  return bytes;
}

function fan(x: number, y: number, noise: () => number): number {
  const right = x - 160;
  const down = y - 30;
  const depth = right * right + down * down;
  if (Math.abs(right) > down * 0.8 || depth < 400 || depth > 200 * 200) return 0;
  const speckle = (noise() * noise()) >> 8;
  const echo = inside({ x: 130, y: 130, width: 20, height: 15, value: 0 }, x, y) ? 0.1 : 1;
  return Math.min(255, Math.floor(12 + speckle * 1.8 * echo * (1 - depth / 60000)));
}

function topmost(ellipses: readonly Ellipse[], x: number, y: number, background: number): number {
  let value = background;
  for (const ellipse of ellipses) if (inside(ellipse, x, y)) value = ellipse.value;
  return value;
}

function inside(ellipse: Ellipse, x: number, y: number): boolean {
  const right = (x - ellipse.x) / ellipse.width;
  const down = (y - ellipse.y) / ellipse.height;
  return right * right + down * down <= 1;
}

function words(width: number, height: number, valueAt: (x: number, y: number) => number): Uint8Array {
  const view = new DataView(new ArrayBuffer(width * height * 2));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) view.setUint16((y * width + x) * 2, valueAt(x, y), true);
  }
  return new Uint8Array(view.buffer);
}

/** Bytes of a linear congruential generator: noise to look at, the same each time. */
function randomBytes(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}
