import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { valueBytes } from '../dicom/values.ts';
import { numbersAt } from './image.ts';

/** Three tables of 8-bit colours; the first entry belongs to the pixel value `first`. */
export interface Palette {
  readonly first: number;
  readonly red: Uint8Array;
  readonly green: Uint8Array;
  readonly blue: Uint8Array;
}

const DESCRIPTORS = [0x00281101, 0x00281102, 0x00281103] as const;
const TABLES = [0x00281201, 0x00281202, 0x00281203] as const;
const SEGMENTED = [0x00281221, 0x00281222, 0x00281223] as const;

/** The Palette Color Lookup Tables (PS3.3 C.7.6.3.1.5, .6; segmented C.7.9.2); undefined where one is missing. */
export function readPalette(dataSet: DataSet): Palette | undefined {
  const tables = DESCRIPTORS.map((_, channel) => readTable(dataSet, channel));
  const [red, green, blue] = tables;
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const [, first = 0] = numbersAt(dataSet, DESCRIPTORS[0]);
  return { first, red, green, blue };
}

function readTable(dataSet: DataSet, channel: number): Uint8Array | undefined {
  const [length = 0, , bits = 16] = numbersAt(dataSet, DESCRIPTORS[channel]);
  const entries = length === 0 ? 65536 : length & 0xffff;
  const plain = indexOf(dataSet, TABLES[channel]);
  const segmented = indexOf(dataSet, SEGMENTED[channel]);
  if (plain < 0 && segmented < 0) return undefined;
  const element = dataSet.elements[plain < 0 ? segmented : plain];
  const bytes = valueBytes(dataSet, element);
  const littleEndian = dataSet.littleEndian || element.implicit;
  // Eight bits a value may be packed two in a word, the low byte first, or stand in a word each.
  const packed = plain >= 0 && bits === 8 && bytes.length < entries * 2;
  if (packed) return littleEndian ? bytes.subarray(0, entries) : swapped(bytes).subarray(0, entries);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(i * 2, littleEndian));
  const wide = plain >= 0 ? values : expanded(values);
  const isWide = wide.some((value) => value > 255);
  return Uint8Array.from(wide.slice(0, entries), (value) => (isWide ? value >> 8 : value));
}

/** Discrete, linear and indirect segments (PS3.3 C.7.9.2). */
function expanded(values: readonly number[], most = 65536): number[] {
  const out: number[] = [];
  const run = (from: number, segments: number, depth: number) => {
    let at = from;
    for (let n = 0; n < segments && at + 1 < values.length && out.length < most; n++) {
      const [kind, length] = [values[at], values[at + 1]];
      if (kind === 0) {
        for (let i = 0; i < length && at + 2 + i < values.length; i++) out.push(values[at + 2 + i]);
        at += 2 + length;
      } else if (kind === 1) {
        const start = out.length === 0 ? 0 : out[out.length - 1];
        for (let i = 1; i <= length; i++) out.push(Math.round(start + ((values[at + 2] - start) * i) / length));
        at += 3;
      } else if (kind === 2 && depth === 0) {
        run(values[at + 2] + values[at + 3] * 65536, length, 1);
        at += 4;
      } else return;
    }
  };
  run(0, Number.POSITIVE_INFINITY, 0);
  return out;
}

function swapped(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, i) => bytes[i ^ 1] ?? 0);
}

/** The pixel value of the darkest colour, the first of them. */
export function darkestEntry({ first, red, green, blue }: Palette): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < red.length; i++) {
    const light = red[i] + green[i] + blue[i];
    if (light < least) {
      least = light;
      best = i;
    }
  }
  return first + best;
}
