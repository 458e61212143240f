import { join } from 'node:path';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { GreyImage } from '../../src/anonymizer/pixels/text/grey.ts';
import { drawText, textWidth } from '../../src/sample/font.ts';

/** A word that was drawn, with the pixels that its ink covers. */
export interface DrawnWord {
  readonly text: string;
  readonly size: number;
  /** Dark on light. */
  readonly dark: boolean;
  /** Only where it differs from its ground by `VISIBLE` of 255 levels or more: nobody can read the rest. */
  readonly ink: readonly number[];
}

export interface BurnedInImage {
  readonly image: GreyImage;
  readonly words: readonly DrawnWord[];
  readonly look: string;
}

const VISIBLE = 25;

type Random = () => number;

/** Mulberry32: the same images for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const FONTS = [
  'DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSansMono', 'DejaVuSansMono-Bold', 'DejaVuSerif', 'DejaVuSansCondensed', 'DejaVuSerif-Bold', 'DejaVuSans-Oblique',
];
let registered = false;

function registerFonts(): void {
  if (registered) return;
  const folder = join(process.cwd(), 'node_modules/dejavu-fonts-ttf/ttf');
  for (const font of FONTS) GlobalFonts.registerFromPath(join(folder, `${font}.ttf`), font);
  registered = true;
}

/** Syllables, so that no word is taken from a dictionary, the detector's least of all. */
const SYLLABLES = ['ba', 'cò', 'de', 'fi', 'gu', 'lo', 'mà', 'ne', 'pi', 'ré', 'su', 'ta', 'vo', 'zì', 'chi', 'ghe', 'sca', 'tri', 'plo', 'bran', 'der', 'köl', 'nüs', 'çan', 'ñol', 'wen', 'sky', 'jor', 'ås'];

function name(random: Random): string {
  const count = 2 + Math.floor(random() * 2);
  const word = Array.from({ length: count }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join('');
  return random() < 0.6 ? word.toUpperCase() : word[0].toUpperCase() + word.slice(1);
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
}

function line(random: Random): string[] {
  const kinds: readonly (() => string[])[] = [
    () => [`${name(random)}^${name(random)}`],
    () => [`${name(random)},`, name(random)],
    () => [name(random), name(random), name(random)],
    () => ['ID:', digits(random, 6 + Math.floor(random() * 4))],
    () => [`${digits(random, 2)}/${digits(random, 2)}/${digits(random, 4)}`, `${digits(random, 2)}:${digits(random, 2)}`],
    () => ['DOB', `${digits(random, 2)}.${digits(random, 2)}.19${digits(random, 2)}`],
    () => [`${name(random).slice(0, 3).toUpperCase()}${digits(random, 5)}`],
  ];
  return kinds[Math.floor(random() * kinds.length)]();
}

const LOOKS = ['ultrasound', 'slice', 'radiograph', 'document', 'flat', 'screen'] as const;

/** One image of 480 to 720 pixels; text of `size` pixels, or none for undefined. */
export function burnedInImage(seed: number, size: number | undefined): BurnedInImage {
  registerFonts();
  const random = randomOf(seed);
  const look = LOOKS[seed % LOOKS.length];
  const width = 480 + Math.floor(random() * 240);
  const height = 400 + Math.floor(random() * 200);
  const pixels = new Float32Array(width * height);
  paint(look, pixels, width, height, random);
  const noiseBefore = random() < 0.5;
  const noise = random() < 0.3 ? 0 : random() * 10;
  if (noiseBefore) addNoise(pixels, noise, random);
  const words: DrawnWord[] = [];
  if (size !== undefined) {
    const lines = 1 + Math.floor(random() * 4);
    const bottom = random() < 0.3;
    const font = random() < 0.15 && size >= 8 ? 'bitmap' : FONTS[Math.floor(random() * FONTS.length)];
    const soft = random() < 0.7;
    for (let i = 0; i < lines; i++) {
      const y = bottom ? height - 8 - (lines - i) * Math.ceil(size * 1.35) : 6 + i * Math.ceil(size * 1.35);
      drawLine(pixels, width, height, line(random), size, font, soft, y, random, words);
    }
  }
  if (!noiseBefore) addNoise(pixels, noise, random);
  const grey = Uint8Array.from(pixels, (value) => Math.max(0, Math.min(255, Math.round(value))));
  return { image: { width, height, pixels: random() < 0.3 ? throughJpeg(grey, width, height) : grey }, words, look };
}

function drawLine(pixels: Float32Array, width: number, height: number, texts: readonly string[], size: number, font: string, soft: boolean, y: number, random: Random, words: DrawnWord[]): void {
  const area = createCanvas(width, height);
  const context = area.getContext('2d');
  let x = 6 + Math.floor(random() * Math.max(1, width * 0.3));
  const under = meanAround(pixels, width, height, x, y, Math.min(width - x, size * 12), size);
  // Light on dark or dark on light, as a device would choose it, with a contrast that a person can read.
  const light = under < 128;
  const value = light ? Math.min(255, Math.max(under + 90, 150 + random() * 105)) : Math.max(0, Math.min(under - 90, random() * 90));
  for (const text of texts) {
    context.clearRect(0, 0, width, height);
    const advance = font === 'bitmap' ? bitmapWord(context, text, x, y, size) : vectorWord(context, text, x, y, size, font);
    if (x + advance > width - 2) break;
    const { data } = context.getImageData(0, 0, width, height);
    const ink: number[] = [];
    for (let py = Math.max(0, y - 4); py < Math.min(height, y + size * 2); py++) {
      for (let px = Math.max(0, x - 2); px < Math.min(width, x + advance + 4); px++) {
        const at = py * width + px;
        const alpha = soft ? data[at * 4 + 3] / 255 : data[at * 4 + 3] > 110 ? 1 : 0;
        if (alpha === 0) continue;
        const ground = pixels[at];
        pixels[at] += (value - ground) * alpha;
        if (alpha > 0.45 && Math.abs(value - ground) >= VISIBLE) ink.push(at);
      }
    }
    if (ink.length >= size) words.push({ text, size, dark: !light, ink });
    x += advance + Math.ceil(size * 0.45);
  }
}

function vectorWord(context: SKRSContext2D, text: string, x: number, y: number, size: number, font: string): number {
  context.font = `${size}px ${font}`;
  context.fillStyle = '#fff';
  context.textBaseline = 'top';
  context.fillText(text, x, y);
  return Math.ceil(context.measureText(text).width);
}

/** The font of 5×7 dots that old devices have; capital letters and digits without accents. */
function bitmapWord(context: SKRSContext2D, text: string, x: number, y: number, size: number): number {
  const scale = Math.max(1, Math.round(size / 9));
  const plain = text.normalize('NFD').replace(/[^\x20-\x7e]/g, '').toUpperCase();
  context.fillStyle = '#fff';
  drawText(plain, x, y, scale, (px, py) => { context.fillRect(px, py, 1, 1); });
  return textWidth(plain, scale);
}

function meanAround(pixels: Float32Array, width: number, height: number, left: number, top: number, w: number, h: number): number {
  let [sum, count] = [0, 0];
  for (let y = top; y < Math.min(height, top + h); y++) for (let x = left; x < Math.min(width, left + w); x++, count++) sum += pixels[y * width + x];
  return count === 0 ? 0 : sum / count;
}

function addNoise(pixels: Float32Array, deviation: number, random: Random): void {
  if (deviation === 0) return;
  for (let i = 0; i < pixels.length; i++) pixels[i] += (random() + random() + random() + random() - 2) * 1.73 * deviation;
}

function throughJpeg(grey: Uint8Array, width: number, height: number): Uint8Array {
  // What a 4:2:0 scan leaves: blocks of 8 quantised in the mean, ringing imitated by a small blur.
  const out = new Uint8Array(grey.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const next = grey[y * width + Math.min(width - 1, x + 1)] + grey[y * width + Math.max(0, x - 1)] + grey[Math.min(height - 1, y + 1) * width + x] + grey[Math.max(0, y - 1) * width + x];
      out[at] = Math.round(grey[at] * 0.72 + next * 0.07);
    }
  }
  return out;
}

function paint(look: (typeof LOOKS)[number], pixels: Float32Array, width: number, height: number, random: Random): void {
  const each = (value: (x: number, y: number) => number) => {
    for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[i++] = value(x, y);
  };
  const ellipses = Array.from({ length: 10 }, () => ({ x: random() * width, y: random() * height, a: 12 + random() * 120, b: 12 + random() * 90, v: random() * 140 - 40 }));
  const anatomy = (x: number, y: number) => ellipses.reduce((sum, e) => (((x - e.x) / e.a) ** 2 + ((y - e.y) / e.b) ** 2 < 1 ? sum + e.v : sum), 0);
  switch (look) {
    case 'ultrasound': {
      const top = 30 + random() * 60;
      let speckle = 0;
      each((x, y) => {
        const [right, down] = [x - width / 2, y - top];
        if (down < 0 || Math.abs(right) > down * 0.8 + 20 || right * right + down * down > (height * 0.9) ** 2) return 4;
        speckle = 0.6 * speckle + 0.4 * random() * random() * 330;
        return Math.max(0, speckle + anatomy(x, y) * 0.3);
      });
      ruler(pixels, width, height, random);
      break;
    }
    case 'slice': each((x, y) => 20 + Math.max(0, 60 + anatomy(x, y)) * (((x - width / 2) / (width * 0.45)) ** 2 + ((y - height / 2) / (height * 0.45)) ** 2 < 1 ? 1 : 0)); break;
    case 'radiograph': each((x, y) => 90 + 60 * Math.sin(x / 70) + anatomy(x, y) * 0.6 + (Math.floor(y / 22 + Math.sin(x / 60) * 1.5) % 3 === 0 ? 22 : 0)); break;
    case 'document': each(() => 235); break;
    case 'flat': { const v = random() * 255; each((x) => v + (x / width) * 20); break; }
    case 'screen': {
      each((x, y) => 40 + anatomy(x, y) * 0.4);
      for (let i = 0; i < 6; i++) box(pixels, width, height, random);
      ruler(pixels, width, height, random);
    }
  }
}

/** Ticks of a scale and a grey bar, which are no text. */
function ruler(pixels: Float32Array, width: number, height: number, random: Random): void {
  const x = width - 20 - Math.floor(random() * 20);
  const step = 8 + Math.floor(random() * 12);
  for (let y = 60; y < height - 20; y += step) for (let i = 0; i < ((y / step) % 5 < 1 ? 9 : 4); i++) pixels[y * width + x + i] = 220;
  for (let y = 80; y < 220; y++) for (let i = 0; i < 10; i++) pixels[y * width + 14 + i] = 255 - (y - 80) * 1.8;
}

/** A frame of one pixel, as a window has it. */
function box(pixels: Float32Array, width: number, height: number, random: Random): void {
  const [x, y] = [Math.floor(random() * width * 0.7), Math.floor(random() * height * 0.7)];
  const [w, h] = [30 + Math.floor(random() * width * 0.25), 20 + Math.floor(random() * height * 0.2)];
  const v = random() * 255;
  for (let i = 0; i < w; i++) { pixels[y * width + x + i] = v; pixels[(y + h) * width + x + i] = v; }
  for (let i = 0; i < h; i++) { pixels[(y + i) * width + x] = v; pixels[(y + i) * width + x + w] = v; }
}
