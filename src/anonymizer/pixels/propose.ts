import type { Identifier } from '../identifiers.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG } from '../dicom/tag.ts';
import { deviceFindings } from './device-rules.ts';
import { greyOf } from './display.ts';
import { textAt } from './image.ts';
import type { Pixels } from './pixels.ts';
import type { DrawnBox } from '../profile.ts';
import type { MatchingBox } from './drawn-regions.ts';
import { intersects, liesIn, type Rect, type Region } from './region.ts';
import { burnedInRisk, isWithoutText } from './risk.ts';
import { detectText, type TextBox } from './text/detect.ts';
import type { GreyImage } from './text/grey.ts';
import { digestOf, lineImage, type ReadWord, showsIdentifier, type TextReader, TextReaderError } from './text/read.ts';
import { outsideUltrasoundRegions } from './ultrasound.ts';

/**
 * What is blacked out: `all-text` all text that is found, `matching-text` only lines in which a value of the patient
 * is read, `regions` nothing that is found by looking; regions of devices, outside of ultrasound and of the user
 * always.
 */
export type PixelMode = 'all-text' | 'matching-text' | 'regions';

export interface ProposeOptions {
  readonly mode?: PixelMode | undefined;
  /** Drawn by the user, for the series. */
  readonly regions?: readonly MatchingBox[] | undefined;
  /** Where text stays, unless it shows one of the identifiers or could not be read. */
  readonly kept?: readonly DrawnBox[] | undefined;
  /** What identifies the patient; `matching-text` looks for it, and other modes, which need none, name such lines in their reason. */
  readonly identifiers?: readonly Identifier[] | undefined;
  /** Without one no line is read; under `matching-text` every line then counts as matching. */
  readonly reader?: TextReader | undefined;
  /** What was found in frames and lines of the same look, for a whole series. */
  readonly memory?: TextMemory | undefined;
}

/** Remembers frames and lines by their digests, so that what looks the same is searched and read once. */
export class TextMemory {
  readonly frames = new Map<string, readonly TextBox[]>();
  readonly lines = new Map<string, readonly ReadWord[] | undefined>();

  /** Forgets the oldest beyond `most`. */
  static trim<T>(map: Map<string, T>, most = 2000): void {
    for (const key of map.keys()) {
      if (map.size <= most) return;
      map.delete(key);
    }
  }
}

/** What was found in the pixels of an instance. */
export interface Proposal {
  /** To be blacked out. */
  readonly regions: readonly Region[];
  /** Lines of text that `matching-text` leaves, and those in places that the user keeps. */
  readonly left: readonly Region[];
}

/**
 * Regions to be blacked out: by the rules of devices, outside the ultrasound regions, drawn by the user, and text that
 * is found in the frames. Text that stands in more than one frame at the same place is taken to stand in all.
 * @throws DicomError `damaged` with the number of a frame that cannot be decoded
 */
export function proposeRegions(pixels: Pixels, options: ProposeOptions = {}): Proposal {
  const { dataSet, image } = pixels;
  const { mode = 'all-text', regions: drawn = [] } = options;
  const known: Region[] = [
    ...deviceFindings(dataSet, image.columns, image.rows).regions,
    ...outsideUltrasoundRegions(dataSet, image.columns, image.rows),
    ...drawn.map(({ reason, ...box }): Region => ({ ...box, reason: 'user', note: reason === '' ? 'Drawn by the user' : reason })),
  ];
  if (mode === 'regions' || isWithoutText(textAt(dataSet, TAG.SOPClassUID))) return { regions: known, left: [] };
  const found = textRegions(pixels, options);
  const stays = (region: Region) => region.reason === 'text' && (mode === 'matching-text' || isKept(region, options.kept ?? []));
  return { regions: [...known, ...found.filter((region) => !stays(region))], left: found.filter(stays) };
}

const SMALL_LETTER = 24;

interface Found extends TextBox {
  readonly frames: number[];
  isIdentifying: boolean;
  /** Nobody could read it, so that it is taken for no text. */
  readonly isNothing: boolean;
  /** The picture of it that was read last. */
  look: GreyImage;
}

function textRegions(pixels: Pixels, options: ProposeOptions): Region[] {
  const { frames, palette } = pixels;
  const memory = options.memory ?? new TextMemory();
  const found: Found[] = [];
  // Where nothing makes text likely, a row of organs must not be lost for one: there it is small, and can be read.
  const isUnlikely = burnedInRisk(pixels.dataSet).level === 'none';
  const largest = isUnlikely ? Math.max(SMALL_LETTER, Math.min(pixels.image.rows, pixels.image.columns) / 20) : undefined;
  const look = (frame: number) => {
    const grey = greyOf(pixels.native(frame), palette);
    options.reader?.beginFrame?.();
    for (const box of boxesOf(grey, memory, largest)) {
      const there = found.filter((other) => isSamePlace(other, box));
      // What looks as it did in a frame before needs not be read again, nor what is black already.
      const known = there.find((other) => other.isIdentifying || looksAlike(grey, other));
      if (known !== undefined) {
        known.frames.push(frame);
        continue;
      }
      const isNothing = isUnlikely && options.reader !== undefined && !isText(box, () => wordsIn(grey, box, options.reader, memory));
      const isIdentifying = !isNothing && readsIdentity(grey, box, options, memory);
      const before = there.find((other) => other.isNothing === isNothing);
      if (before === undefined) {
        found.push({ ...box, frames: [frame], isIdentifying, isNothing, look: lineImage(grey, box, true) });
        continue;
      }
      before.frames.push(frame);
      before.isIdentifying = isIdentifying;
      before.look = lineImage(grey, before, true);
    }
  };
  for (let frame = 0; frame < frames.count; frame++) timed(frame, () => look(frame));
  return found.filter(({ isNothing }) => !isNothing).map(({ x, y, width, height, isIdentifying, frames: seen }) => ({
    x, y, width, height,
    reason: isIdentifying ? 'identifying-text' : 'text',
    note: isIdentifying ? 'A line that seems to show a value of the patient' : 'A line of text',
    frames: seen.length > 1 || frames.count === 1 ? undefined : seen,
  }));
}

/** Runs what reads the text of a frame; where that takes too long the image is refused, so that no machine is too slow for the same result. */
function timed(frame: number, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof TextReaderError) throw new DicomError('limit', `frame ${frame + 1}: its text could not be read in time`, { tag: TAG.PixelData });
    throw error;
  }
}

/** Pixels of another grey, and how many of them make another picture; lossy compression makes fewer. */
const OTHER_GREY = 48;
const OTHER_PICTURE = 0.005;

function looksAlike({ width, pixels }: GreyImage, { x, y, look }: Found): boolean {
  let left = Math.floor(look.pixels.length * OTHER_PICTURE);
  for (let row = 0; row < look.height; row++) {
    for (let column = 0; column < look.width; column++) {
      const difference = pixels[(y + row) * width + x + column] - look.pixels[row * look.width + column];
      if ((difference > OTHER_GREY || difference < -OTHER_GREY) && left-- === 0) return false;
    }
  }
  return true;
}

function boxesOf(grey: GreyImage, memory: TextMemory, largest: number | undefined): readonly TextBox[] {
  const digest = `${largest}:${digestOf(grey)}`;
  const before = memory.frames.get(digest);
  if (before !== undefined) return before;
  const boxes = detectText(grey, { largest });
  memory.frames.set(digest, boxes);
  TextMemory.trim(memory.frames);
  return boxes;
}

/** The words of a line, read once for all lines that look the same; undefined where they could not be read. */
function wordsIn(grey: GreyImage, box: TextBox, reader: TextReader | undefined, memory: TextMemory): readonly ReadWord[] | undefined {
  if (reader === undefined) return undefined;
  const line = lineImage(grey, box, box.dark);
  const digest = digestOf(line);
  if (!memory.lines.has(digest)) {
    memory.lines.set(digest, reader.read(line));
    TextMemory.trim(memory.lines);
  }
  return memory.lines.get(digest);
}

/** From here on it looks so much like text that it is, though noise may keep it from being read. */
const CERTAIN = 0.6;
/** Up to here it looks like text by chance, unless it reads well. */
const DOUBTFUL = 0.35;

/** Whether a line is text where nothing makes text likely: by its looks, and by what is read where these do not tell. */
function isText({ likelihood }: TextBox, read: () => readonly ReadWord[] | undefined): boolean {
  return likelihood >= CERTAIN || isReadable(read(), likelihood < DOUBTFUL);
}

/**
 * Whether somebody could read it: three letters or digits, or two with some confidence; more of them where it has to
 * read well. What is too large to be read might be anything.
 */
function isReadable(words: readonly ReadWord[] | undefined, mustReadWell: boolean): boolean {
  if (words === undefined) return true;
  const count = (least: number) => words.filter(({ confidence }) => confidence >= least).map(({ text }) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0).reduce((a, b) => a + b, 0);
  if (mustReadWell) return (count(0) >= 5 && count(20) >= 2) || count(60) >= 3;
  return (count(0) >= 3 && count(15) >= 1) || count(30) >= 2;
}

function readsIdentity(grey: GreyImage, box: TextBox, { reader, identifiers = [], mode, kept = [] }: ProposeOptions, memory: TextMemory): boolean {
  // Where all text goes anyway, reading it would only tell why.
  if (mode !== 'matching-text' && identifiers.length === 0) return false;
  const words = wordsIn(grey, box, reader, memory);
  return words === undefined ? mode === 'matching-text' || kept.length > 0 : showsIdentifier(words, identifiers);
}

/** Whether a line lies where text stays, in all of its frames. */
function isKept({ frames, ...rect }: Region, kept: readonly DrawnBox[]): boolean {
  return kept.some((place) => liesIn(rect, place) && (place.frames === undefined || frames?.every((frame) => place.frames?.includes(frame)) === true));
}

/** Boxes that cover each other by more than half. */
function isSamePlace(a: Rect, b: Rect): boolean {
  if (!intersects(a, b)) return false;
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width * height > 0.6 * Math.max(a.width * a.height, b.width * b.height);
}
