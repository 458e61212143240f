import { describe, expect, test } from 'vitest';
import { createPixelCleaner } from '../../../src/anonymizer/pixels/cleaner.ts';
import { proposeRegions, TextMemory } from '../../../src/anonymizer/pixels/propose.ts';
import { openPixels } from '../../../src/anonymizer/pixels/pixels.ts';
import { detectText } from '../../../src/anonymizer/pixels/text/detect.ts';
import { createGrey, type GreyImage, inverted } from '../../../src/anonymizer/pixels/text/grey.ts';
import { showsIdentifier } from '../../../src/anonymizer/pixels/text/read.ts';
import { drawText } from '../../../src/sample/font.ts';
import { element } from '../../../src/sample/part10.ts';
import { imageFile, open } from '../../fixtures/pixels.ts';

const WIDTH = 320;
const HEIGHT = 200;

function written(lines: readonly (readonly [text: string, x: number, y: number, scale: number])[]): GreyImage {
  const image = createGrey(WIDTH, HEIGHT);
  for (let i = 0; i < image.pixels.length; i++) image.pixels[i] = 20 + ((i * 7919) >> 5) % 9;
  for (const [text, x, y, scale] of lines) drawText(text, x, y, scale, (px, py) => { image.pixels[py * WIDTH + px] = 230; });
  return image;
}

/** Whether boxes cover all ink of a text. */
function isCovered(image: GreyImage, [text, x, y, scale]: readonly [string, number, number, number]): boolean {
  const boxes = detectText(image);
  let covered = true;
  drawText(text, x, y, scale, (px, py) => {
    covered &&= boxes.some((box) => px >= box.x && px < box.x + box.width && py >= box.y && py < box.y + box.height);
  });
  return covered;
}

describe('lines of text in pixels', () => {
  const lines = [['ROSSI MARIA', 10, 10, 1], ['RSSMRA51M69F205X', 10, 40, 2], ['29.08.1951', 10, 90, 3]] as const;

  test('light on dark and dark on light are covered to the last letter, at every size', () => {
    for (const image of [written(lines), inverted(written(lines))]) for (const line of lines) expect(isCovered(image, line)).toBe(true);
  });

  test('where nothing is written nothing is found', () => {
    expect(detectText(written([]))).toEqual([]);
  });
});

describe('proposed regions', () => {
  const file = (images: readonly GreyImage[]) => {
    const bytes = new Uint8Array(WIDTH * HEIGHT * images.length);
    images.forEach((image, i) => { bytes.set(image.pixels, i * WIDTH * HEIGHT); });
    return imageFile({ rows: HEIGHT, columns: WIDTH, bitsAllocated: 8, frames: images.length }, element(0x7fe00010, 'OB', bytes));
  };
  const propose = (images: readonly GreyImage[], options: Parameters<typeof proposeRegions>[1] = {}) => {
    const pixels = openPixels(open(file(images)), () => undefined);
    if (pixels === undefined) throw new Error('no pixels');
    return proposeRegions(pixels, options).regions;
  };
  const band = written([['VERDI PAOLO', 10, 10, 2]]);

  test('text that stands in several frames is taken out of all, text of one frame out of that', () => {
    const regions = propose([band, written([['VERDI PAOLO', 10, 10, 2], ['12345678', 40, 120, 2]]), band, written([])]);
    expect(regions.map(({ y, frames }) => [y < 50, frames])).toEqual([[true, undefined], [false, [1]]]);
  });

  test('a line that looks the same is read once, however many frames show it', () => {
    let count = 0;
    const reader = { read: () => { count++; return [{ text: 'VERDI PA0LO', confidence: 80 }]; } };
    const regions = propose(Array.from({ length: 20 }, () => band), { mode: 'matching-text', reader, memory: new TextMemory(), identifiers: [{ kind: 'name', text: 'verdi', tag: 0x00100010 }] });
    expect(count).toBe(1);
    expect(regions).toHaveLength(1);
    expect(regions[0].reason).toBe('identifying-text');
  });

  test('a line that matches nobody stays under matching-text, and one that could not be read goes', () => {
    const words = (text: string) => ({ read: () => [{ text, confidence: 90 }] });
    const identifiers = [{ kind: 'name', text: 'verdi', tag: 0x00100010 }] as const;
    expect(propose([band], { mode: 'matching-text', reader: words('LINEAR PROBE'), identifiers })).toEqual([]);
    expect(propose([band], { mode: 'matching-text', reader: { read: () => undefined }, identifiers })).toHaveLength(1);
  });
});

describe('places that the user keeps', () => {
  const image = written([['LINEAR PROBE', 10, 10, 2], ['12345678', 40, 120, 2]]);
  const identifiers = [{ kind: 'name', text: 'verdi', tag: 0x00100010 }] as const;
  const place = { x: 0, y: 0, width: WIDTH, height: 60 };
  const proposal = (text: string | undefined, kept: readonly { x: number; y: number; width: number; height: number; frames?: readonly number[] }[]) => {
    const cleaner = createPixelCleaner({ mode: 'all-text', keptFor: () => kept }, { codecs: () => undefined, reader: { read: () => (text === undefined ? undefined : [{ text, confidence: 90 }]) } });
    const { regions, left } = cleaner.propose(open(imageFile({ rows: HEIGHT, columns: WIDTH, bitsAllocated: 8 }, element(0x7fe00010, 'OB', image.pixels))), identifiers);
    return { black: regions.map(({ y }) => y > 60), left: left.length };
  };

  test('leave the text that lies in them, and no other', () => {
    expect(proposal('LINEAR PROBE', [])).toEqual({ black: [false, true], left: 0 });
    expect(proposal('LINEAR PROBE', [place])).toEqual({ black: [true], left: 1 });
    expect(proposal('LINEAR PROBE', [{ ...place, width: 60 }])).toEqual({ black: [false, true], left: 0 });
    expect(proposal('LINEAR PROBE', [{ ...place, frames: [1] }])).toEqual({ black: [false, true], left: 0 });
  });

  test('leave nothing that shows a value of the patient, or that could not be read', () => {
    expect(proposal('VERDI PAOLO', [place])).toEqual({ black: [false, true], left: 0 });
    expect(proposal(undefined, [place])).toEqual({ black: [false, true], left: 0 });
  });
});

describe('matching of what was read', () => {
  const name = { kind: 'name', text: 'bianchi', tag: 0x00100010 } as const;
  const born = { kind: 'date', text: '19510829', tag: 0x00100030 } as const;
  const read = (text: string) => [{ text, confidence: 50 }];

  test.each(['BIANCHI', 'B1ANCHI', 'Blanchl', 'Signora Bianchì, A.', 'BIANHI'])('%s is the name', (text) => {
    expect(showsIdentifier(read(text), [name])).toBe(true);
  });

  test.each(['29.08.1951', '08/29/1951', '1951-08-29', '29 AUG 1951', '29/08/51', '51-08-29', '2g.O8.I951'])('%s is the date', (text) => {
    expect(showsIdentifier(read(text), [born])).toBe(true);
  });

  test.each(['LINEAR', 'Gain 57 %', '2D 46 Hz'])('%s is neither', (text) => {
    expect(showsIdentifier(read(text), [name, born])).toBe(false);
  });
});

describe('the cleaner', () => {
  const dataSet = open(imageFile({ rows: 40, columns: 40, bitsAllocated: 8 }, element(0x7fe00010, 'OB', new Uint8Array(1600))));
  const claims = (mode: 'all-text' | 'regions') => {
    const cleaner = createPixelCleaner({ mode }, { codecs: () => undefined });
    return cleaner.clean(dataSet, cleaner.propose(dataSet, []).regions)?.attributes.some(({ tag }) => tag === 0x00280301);
  };

  test('Burned In Annotation NO is claimed only where somebody looked or something was changed', () => {
    expect(claims('all-text')).toBe(true);
    expect(claims('regions')).toBe(false);
  });

  test('under refuse an image with regions is refused with their number and nothing else', () => {
    const cleaner = createPixelCleaner({ mode: 'refuse', regionsFor: () => [{ x: 1, y: 1, width: 5, height: 5, reason: '' }] }, { codecs: () => undefined });
    expect(() => cleaner.clean(dataSet, cleaner.propose(dataSet, []).regions)).toThrow('text may be burned into the pixels, in 1 places at (7FE0,0010)');
  });
});
