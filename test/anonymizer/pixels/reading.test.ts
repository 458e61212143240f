import { describe, expect, test } from 'vitest';
import { openPixels } from '../../../src/anonymizer/pixels/pixels.ts';
import { proposeRegions, TextMemory } from '../../../src/anonymizer/pixels/propose.ts';
import { burnedInRisk } from '../../../src/anonymizer/pixels/risk.ts';
import { createGrey, type GreyImage } from '../../../src/anonymizer/pixels/text/grey.ts';
import { type TextReader, TextReaderError } from '../../../src/anonymizer/pixels/text/read.ts';
import { drawText } from '../../../src/sample/font.ts';
import { element } from '../../../src/sample/part10.ts';
import { imageFile, open } from '../../fixtures/pixels.ts';

const [WIDTH, HEIGHT] = [320, 160];
const VERDI = [{ kind: 'name', text: 'verdi', tag: 0x00100010 }] as const;

/** A line of text under noise of a few levels, as lossy compression leaves it. */
function frame(text: string, seed: number): GreyImage {
  const image = createGrey(WIDTH, HEIGHT);
  drawText(text, 10, 10, 2, (x, y) => { image.pixels[y * WIDTH + x] = 220; });
  let state = seed;
  for (let i = 0; i < image.pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    image.pixels[i] = Math.min(255, image.pixels[i] + (state >>> 29));
  }
  return image;
}

/** A reader that knows which of the texts a line shows by what it is told, and counts what it reads. */
function readerOf(answers: readonly string[]): TextReader & { count: number } {
  const reader = { count: 0, read: () => [{ text: answers[Math.min(reader.count++, answers.length - 1)], confidence: 90 }] };
  return reader;
}

function propose(frames: readonly GreyImage[], reader: TextReader, memory = new TextMemory()) {
  const bytes = new Uint8Array(WIDTH * HEIGHT * frames.length);
  frames.forEach((image, i) => { bytes.set(image.pixels, i * WIDTH * HEIGHT); });
  const pixels = openPixels(open(imageFile({ rows: HEIGHT, columns: WIDTH, bitsAllocated: 8, frames: frames.length }, element(0x7fe00010, 'OB', bytes))), () => undefined);
  if (pixels === undefined) throw new Error('no pixels');
  return proposeRegions(pixels, { mode: 'matching-text', identifiers: VERDI, reader, memory });
}

describe('text in an image that nothing makes likely to hold any', () => {
  const CT = [element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'), element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'), element(0x00080060, 'CS', 'CT'), element(0x00080064, 'CS', '')];
  const regionsOf = (image: GreyImage, reader: TextReader) => {
    const cells = new Uint8Array(Uint16Array.from(image.pixels).buffer);
    const dataSet = open(imageFile({ rows: HEIGHT, columns: WIDTH, bitsAllocated: 16, bitsStored: 12 }, element(0x7fe00010, 'OW', cells), CT));
    const pixels = openPixels(dataSet, () => undefined);
    if (pixels === undefined) throw new Error('no pixels');
    expect(burnedInRisk(dataSet).level).toBe('none');
    return proposeRegions(pixels, { reader }).regions;
  };

  test('is found by its looks where noise keeps it from being read', () => {
    expect(regionsOf(frame('VERDI PAOLO', 1), { read: () => [] })).toHaveLength(1);
  });

  test('is not seen where nothing is written, whatever might be read', () => {
    expect(regionsOf(frame('', 1), { read: () => [{ text: 'VERDI PAOLO', confidence: 99 }] })).toEqual([]);
  });
});

describe('text in the frames of a film', () => {
  test('is read once where it stays the same, noise aside', () => {
    const reader = readerOf(['LINEAR PROBE']);
    const { regions, left } = propose(Array.from({ length: 30 }, (_, i) => frame('LINEAR PROBE', i)), reader);
    expect(reader.count).toBe(1);
    expect([regions.length, left.length]).toEqual([0, 1]);
  });

  test('is read again where it changes, so that a name is found that comes late', () => {
    const reader = readerOf(['LINEAR PROBE', 'VERDI PAOLO']);
    const { regions } = propose([frame('LINEAR PROBE', 1), frame('LINEAR PROBE', 2), frame('VERDI PAOLO.', 3)], reader);
    expect(reader.count).toBe(2);
    expect(regions.map(({ reason }) => reason)).toEqual(['identifying-text']);
  });

  test('refuses the image with the number of the frame where reading takes too long', () => {
    let count = 0;
    const reader: TextReader = {
      beginFrame: () => { count += 1; },
      read: () => { if (count === 2) throw new TextReaderError('slow'); return []; },
    };
    expect(() => propose([frame('LINEAR PROBE', 1), frame('VERDI PAOLO', 2)], reader)).toThrow('frame 2: its text could not be read in time');
  });

  test('is judged the same whatever files came before', () => {
    const memory = new TextMemory();
    const answers = (image: GreyImage) => propose([image], { read: (line) => [{ text: line.pixels.some((value) => value > 200 && value < 216) ? 'VERDI' : 'PROBE', confidence: 90 }] }, memory);
    const later = frame('VERDI PAOLO', 9);
    const alone = propose([later], { read: (line) => [{ text: line.pixels.some((value) => value > 200 && value < 216) ? 'VERDI' : 'PROBE', confidence: 90 }] });
    for (let seed = 1; seed < 9; seed++) answers(frame('VERDI PAOLO', seed));
    expect(answers(later)).toEqual(alone);
  });
});
