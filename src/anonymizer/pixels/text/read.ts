import type { Identifier } from '../../identifiers.ts';
import type { GreyImage } from './grey.ts';
import type { Rect } from '../region.ts';

/** A word that was read from the pixels. It never leaves the memory of the run. */
export interface ReadWord {
  readonly text: string;
  /** From 0 to 100. */
  readonly confidence: number;
}

/** Text that could not be read: it took too long, or the reader failed again and again. */
export class TextReaderError extends Error {
  override readonly name = 'TextReaderError';
}

/** Reads text from a picture of one line; handed in. */
export interface TextReader {
  /**
   * Undefined for a picture that is too large to be read.
   * @throws TextReaderError
   */
  read(line: GreyImage): readonly ReadWord[] | undefined;
  /** The time of a frame begins, where a reader limits it. */
  beginFrame?(): void;
}

/** Letters that a reader takes for each other, as one. */
const ALIKE: Readonly<Record<string, string>> = { o: '0', q: '0', d: '0', i: '1', l: '1', '|': '1', j: '1', t: '1', z: '2', s: '5', b: '8', g: '9', u: 'v', m: 'n', h: 'n' };

/** Without accents, case, spaces and signs, letters that look alike made equal. */
export function folded(text: string): string {
  const plain = text.normalize('NFD').toLowerCase().replace(/[^a-z0-9|]/g, '');
  return plain.replace(/[a-z|]/g, (letter) => ALIKE[letter] ?? letter);
}

/** Whether what was read shows one of the identifiers, three letters in ten misread. Dates match in every order of their parts. */
export function showsIdentifier(words: readonly ReadWord[], identifiers: readonly Identifier[]): boolean {
  const line = folded(words.map(({ text }) => text).join(' '));
  if (line === '') return false;
  return identifiers.some((identifier) => spellings(identifier).some((spelling) => {
    const wanted = folded(spelling);
    return wanted.length >= 3 && distanceWithin(wanted, line) <= Math.floor(wanted.length * 0.3);
  }));
}

/** How a value may stand in a picture: a date in the orders of Europe, America and ISO, with two or four digits of the year. */
function spellings({ kind, text }: Identifier): string[] {
  if (kind === 'uid') return [];
  if (kind !== 'date') return [text];
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)];
  const short = year.slice(2);
  const name = MONTHS[Number(month) - 1] ?? month;
  return [year + month + day, day + month + year, month + day + year, day + month + short, month + day + short, short + month + day, day + name + year, day + name + short, name + day + year];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Fewest changes that turn `wanted` into some part of `text` (Sellers). */
function distanceWithin(wanted: string, text: string): number {
  let row = Array.from({ length: wanted.length + 1 }, (_, i) => i);
  let best = wanted.length;
  for (const letter of text) {
    const next = [0];
    for (let i = 1; i <= wanted.length; i++) next.push(Math.min(row[i] + 1, next[i - 1] + 1, row[i - 1] + (wanted[i - 1] === letter ? 0 : 1)));
    row = next;
    best = Math.min(best, row[wanted.length]);
  }
  return best;
}

/** Greys that are told apart: noise of some levels makes no other picture, which needs not be read again. */
const LEVELS = 0xf8;

/** The picture of one line in few greys, light on a dark ground turned round, since readers want dark on light. */
export function lineImage(image: GreyImage, { x, y, width, height }: Rect, isDark: boolean): GreyImage {
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * image.width + x;
    for (let column = 0; column < width; column++) {
      const value = image.pixels[from + column];
      pixels[row * width + column] = (isDark ? value : 255 - value) & LEVELS;
    }
  }
  return { width, height, pixels };
}

/** A digest of a picture, to know it again: the same for the same picture alone, so that no order of files matters. */
export function digestOf({ width, height, pixels }: GreyImage): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < pixels.length; i++) {
    a = Math.imul(a ^ pixels[i], 0x01000193);
    b = Math.imul(b ^ pixels[i], 0x85ebca6b) ^ (b >>> 13);
  }
  return `${width}x${height}:${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}
