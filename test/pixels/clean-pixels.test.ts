import { describe, expect, test } from 'vitest';
import { indexOf } from '../../src/anonymizer/dicom/data-set.ts';
import { cleanPixels } from '../../src/anonymizer/pixels/clean.ts';
import { frameBytes } from '../../src/anonymizer/pixels/frames.ts';
import { numberAt, textAt } from '../../src/anonymizer/pixels/image.ts';
import { openPixels, type Pixels } from '../../src/anonymizer/pixels/pixels.ts';
import { sampleValues } from '../../src/anonymizer/pixels/native.ts';
import type { Rect, Region } from '../../src/anonymizer/pixels/region.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { encapsulated } from '../fixtures/data-set.ts';
import { cleanedFile, hasTool, imageFile, linesOf, type Look, nativePixels, open, through } from '../fixtures/pixels.ts';

const codecs = loadFrameCodecs();
const RECT: Rect = { x: 5, y: 3, width: 21, height: 9 };
const REGION: Region = { ...RECT, reason: 'user', note: '' };
const GREY8: Look = { rows: 48, columns: 62, bitsAllocated: 8 };
const GREY12: Look = { rows: 48, columns: 62, bitsAllocated: 16, bitsStored: 12 };
const GREY16: Look = { rows: 48, columns: 62, bitsAllocated: 16 };
const SIGNED16: Look = { ...GREY16, signed: true };
const COLOUR: Look = { rows: 48, columns: 62, bitsAllocated: 8, samples: 3 };

function pixelsOf(file: Uint8Array): Pixels {
  const pixels = openPixels(open(file), codecs);
  if (pixels === undefined) throw new Error('no pixels');
  return pixels;
}

function clean(file: Uint8Array, regions: readonly Region[] = [REGION], keptBytes?: number): Uint8Array {
  const dataSet = open(file);
  const pixels = openPixels(dataSet, codecs);
  if (pixels === undefined) throw new Error('no pixels');
  return cleanedFile(dataSet, cleanPixels(pixels, regions, { keptBytes }));
}

/** Samples of a frame by pixel, whatever the order of the cells. */
function pixelsByPlace(pixels: Pixels, frame: number): number[][] {
  const native = pixels.native(frame);
  const values = sampleValues(native);
  const { rows, columns, samples, planar } = native.layout;
  return Array.from({ length: rows * columns }, (_, i) => Array.from({ length: samples }, (_, s) => values[planar ? s * rows * columns + i : i * samples + s]));
}

/** Both files as another decoder gives them: black inside, equal outside, in every frame. */
function expectBlackInside(before: Uint8Array, after: Uint8Array, black: readonly number[]): void {
  const [a, b] = [pixelsOf(before), pixelsOf(after)];
  expect(b.frames.count).toBe(a.frames.count);
  for (let frame = 0; frame < a.frames.count; frame++) {
    const [source, result] = [pixelsByPlace(a, frame), pixelsByPlace(b, frame)];
    const wrong = result.findIndex((value, i) => {
      const [x, y] = [i % a.image.columns, Math.floor(i / a.image.columns)];
      const inside = x >= RECT.x && x < RECT.x + RECT.width && y >= RECT.y && y < RECT.y + RECT.height;
      return value.join() !== (inside ? black : source[i]).join();
    });
    expect({ frame, wrong }).toEqual({ frame, wrong: -1 });
  }
}

const DECODE = {
  dcmtkJpeg: (file: Uint8Array) => through('dcmdjpeg', ['{in}', '{out}'], file),
  dcmtkJpegLs: (file: Uint8Array) => through('dcmdjpls', ['{in}', '{out}'], file),
  dcmtkRle: (file: Uint8Array) => through('dcmdrle', ['{in}', '{out}'], file),
  gdcm: (file: Uint8Array) => through('gdcmconv', ['--raw', '-i', '{in}', '-o', '{out}'], file),
};

const hasTools = ['dcmdjpeg', 'dcmdrle', 'dcmdjpls', 'dcmcjpeg', 'dcmcjpls', 'dcmcrle', 'gdcmconv'].every(hasTool);

if (!hasTools) console.warn('skipped: dcmtk and gdcm are not installed, compressed pixels are not compared with other decoders');
for (const tool of ['opj_decompress', 'djxl', 'dciodvfy']) if (!hasTool(tool)) console.warn(`skipped: ${tool} is not installed`);

describe('native pixels', () => {
  const cases: readonly (readonly [name: string, look: Look, black: readonly number[]])[] = [
    ['8 bits', GREY8, [0]],
    ['12 bits of 16', GREY12, [0]],
    ['12 bits of 16, MONOCHROME1', { ...GREY12, photometric: 'MONOCHROME1' }, [4095]],
    ['16 bits with a sign', SIGNED16, [-32768]],
    ['16 bits with a sign, MONOCHROME1', { ...SIGNED16, photometric: 'MONOCHROME1' }, [32767]],
    ['32 bits', { ...GREY8, bitsAllocated: 32 }, [0]],
    ['colour by pixel', COLOUR, [0, 0, 0]],
    ['colour by plane', { ...COLOUR, planar: true }, [0, 0, 0]],
    ['YBR_FULL', { ...COLOUR, photometric: 'YBR_FULL' }, [0, 128, 128]],
    ['three frames, implicit VR', { ...GREY16, frames: 3, syntax: '1.2.840.10008.1.2' }, [0]],
    ['big endian', { ...SIGNED16, syntax: '1.2.840.10008.1.2.2' }, [-32768]],
    ['deflated data set', { ...GREY16, syntax: '1.2.840.10008.1.2.1.99' }, [0]],
  ];
  test.each(cases)('%s: the region is black and every other pixel keeps its bytes', (_, look, black) => {
    const file = imageFile(look);
    const after = look.syntax === '1.2.840.10008.1.2.1.99' ? undefined : clean(file);
    if (after !== undefined) expectBlackInside(file, after, black);
    else expect(cleanPixels(pixelsOf(file), [REGION]).framesChanged).toBe(1);
  });

  test('4:2:2: a region grows to whole pairs, since two pixels share their colour', () => {
    const look: Look = { ...COLOUR, photometric: 'YBR_FULL_422' };
    const file = imageFile(look);
    const [before, after] = [file, clean(file)].map((each) => frameBytes(pixelsOf(each).dataSet, pixelsOf(each).frames, 0));
    for (let pair = 0; pair < before.length / 4; pair++) {
      const [x, y] = [(pair % 31) * 2, Math.floor(pair / 31)];
      const inside = x >= 4 && x < 26 && y >= 3 && y < 12;
      expect([...after.subarray(pair * 4, pair * 4 + 4)]).toEqual(inside ? [0, 0, 128, 128] : [...before.subarray(pair * 4, pair * 4 + 4)]);
    }
  });

  test('single bits: only those of the region and of the chosen frame change, though frames share a byte', () => {
    const look: Look = { rows: 5, columns: 5, frames: 3, bitsAllocated: 1 };
    const file = imageFile(look);
    const after = clean(file, [{ x: 1, y: 1, width: 2, height: 2, frames: [1], reason: 'user', note: '' }]);
    const bit = (bytes: Uint8Array, i: number) => (bytes[i >> 3] >> (i & 7)) & 1;
    const value = pixelsOf(after);
    const bytes = value.dataSet.source.read(value.element.valueStart, value.element.valueEnd);
    const black = new Set([6, 7, 11, 12].map((place) => 25 + place));
    for (let i = 0; i < 75; i++) expect(bit(bytes, i)).toBe(black.has(i) ? 0 : bit(nativePixels(look), i));
  });

  test('what cannot be known any more is gone, and Burned In Annotation says NO', () => {
    const file = imageFile(GREY8, undefined, [{ tag: 0x00280106, vr: 'US', value: [7] }, { tag: 0x00280301, vr: 'CS', value: 'YES' }]);
    const { dataSet } = pixelsOf(clean(file));
    expect(textAt(dataSet, 0x00280301)).toBe('NO');
    expect(indexOf(dataSet, 0x00280106)).toBe(-1);
  });
});

describe.skipIf(!hasTools)('compressed pixels, as other decoders see them', () => {
  const looks: readonly (readonly [name: string, look: Look, black: readonly number[]])[] = [
    ['8 bits', GREY8, [0]], ['12 bits', GREY12, [0]], ['16 bits', GREY16, [0]], ['colour', COLOUR, [0, 0, 0]],
    ['three frames', { ...GREY8, frames: 3 }, [0]],
  ];
  const gdcm = (...args: string[]) => (file: Uint8Array) => through('gdcmconv', [...args, '-i', '{in}', '-o', '{out}'], file);
  const kinds: readonly (readonly [syntax: string, encode: (file: Uint8Array) => Uint8Array, decode: (file: Uint8Array) => Uint8Array])[] = [
    ['1.2.840.10008.1.2.5', (file) => through('dcmcrle', ['{in}', '{out}'], file), DECODE.dcmtkRle],
    ['1.2.840.10008.1.2.4.57', (file) => through('dcmcjpeg', ['--encode-lossless', '{in}', '{out}'], file), DECODE.dcmtkJpeg],
    ['1.2.840.10008.1.2.4.70', (file) => through('dcmcjpeg', ['--encode-lossless-sv1', '{in}', '{out}'], file), DECODE.dcmtkJpeg],
    ['1.2.840.10008.1.2.4.80', (file) => through('dcmcjpls', ['--encode-lossless', '{in}', '{out}'], file), DECODE.dcmtkJpegLs],
    ['1.2.840.10008.1.2.4.90', gdcm('--j2k'), DECODE.gdcm],
  ];
  for (const [syntax, encode, decode] of kinds) {
    test.each(looks)(`${syntax}, %s: black inside, equal outside, the same Transfer Syntax`, (_, look, black) => {
      const source = encode(imageFile(look));
      expect(pixelsOf(source).dataSet.transferSyntax.uid).toBe(syntax);
      const after = clean(source);
      expect(pixelsOf(after).dataSet.transferSyntax.uid).toBe(syntax);
      expectBlackInside(decode(source), decode(after), black);
    });
  }

  const lossy: readonly (readonly [name: string, encode: (file: Uint8Array) => Uint8Array, decode: (file: Uint8Array) => Uint8Array, look: Look, black: readonly number[]])[] = [
    ['JPEG baseline, grey', (file) => through('dcmcjpeg', ['--encode-baseline', '{in}', '{out}'], file), DECODE.dcmtkJpeg, { ...GREY8, frames: 2 }, [0]],
    ['JPEG baseline, colour', (file) => through('dcmcjpeg', ['--encode-baseline', '{in}', '{out}'], file), DECODE.dcmtkJpeg, COLOUR, [0, 0, 0]],
    ['JPEG extended, 12 bits', (file) => through('dcmcjpeg', ['--encode-extended', '{in}', '{out}'], file), DECODE.dcmtkJpeg, GREY12, [0]],
    ['JPEG-LS near lossless', (file) => through('dcmcjpls', ['--encode-nearlossless', '{in}', '{out}'], file), DECODE.dcmtkJpegLs, GREY12, [0]],
    ['JPEG 2000', gdcm('--j2k', '--lossy', '-q', '40'), DECODE.gdcm, GREY8, [0]],
  ];
  test.each(lossy)('%s: no second loss: uncompressed, equal to what the other decoder sees, marked as lossy', (_, encode, decode, look, black) => {
    const source = encode(imageFile(look));
    const after = clean(source);
    const { dataSet, image } = pixelsOf(after);
    expect(dataSet.transferSyntax.uid).toBe('1.2.840.10008.1.2.1');
    expect(textAt(dataSet, 0x00282110)).toBe('01');
    if (look.samples === 3) expect([image.photometric, numberAt(dataSet, 0x00280006)]).toEqual(['RGB', 0]);
    expectBlackInside(decode(source), after, black);
  });

  test('frames that no region touches keep their bytes, and the offset tables lead to every frame', () => {
    const source = through('dcmcjpls', ['--encode-lossless', '{in}', '{out}'], imageFile({ ...GREY8, frames: 3 }));
    const after = clean(source, [{ ...REGION, frames: [1] }]);
    const [a, b] = [pixelsOf(source), pixelsOf(after)];
    const bytes = (pixels: Pixels, frame: number) => Buffer.from(frameBytes(pixels.dataSet, pixels.frames, frame)).toString('hex');
    expect(b.frames.table).toBe(a.frames.table);
    for (const frame of [0, 2]) expect(bytes(b, frame)).toBe(bytes(a, frame));
    expect(bytes(b, 1)).not.toBe(bytes(a, 1));
    expectBlackInside(DECODE.dcmtkJpegLs(clean(source)), DECODE.dcmtkJpegLs(clean(source)), [0]);
  });

  test('an Extended Offset Table is rebuilt, and the memory of encoded frames can be as small as nothing', () => {
    const plain = pixelsOf(through('dcmcjpls', ['--encode-lossless', '{in}', '{out}'], imageFile({ ...GREY8, frames: 3 })));
    const fragments = [0, 1, 2].map((frame) => frameBytes(plain.dataSet, plain.frames, frame));
    const table = (values: readonly number[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
    const lengths = fragments.map(({ length }) => length);
    const file = imageFile({ ...GREY8, frames: 3, syntax: '1.2.840.10008.1.2.4.80' }, encapsulated(fragments, 'empty'), [
      { tag: 0x7fe00001, vr: 'OV', value: table([0, lengths[0] + 8, lengths[0] + lengths[1] + 16]) }, { tag: 0x7fe00002, vr: 'OV', value: table(lengths) },
    ]);
    expect(pixelsOf(file).frames.table).toBe('extended');
    const after = clean(file, [REGION], 0);
    expect(pixelsOf(after).frames.table).toBe('extended');
    expect(Buffer.compare(after, clean(file))).toBe(0);
    expectBlackInside(file, after, [0]);
  });

  test.skipIf(!hasTool('dciodvfy'))('dciodvfy finds nothing new', () => {
    for (const encode of [(file: Uint8Array) => through('dcmcrle', ['{in}', '{out}'], file), (file: Uint8Array) => through('dcmcjpeg', ['--encode-baseline', '{in}', '{out}'], file)]) {
      const source = encode(imageFile(COLOUR));
      const before = new Set(linesOf('dciodvfy', ['{in}'], source));
      expect(linesOf('dciodvfy', ['{in}'], clean(source)).filter((line) => !before.has(line))).toEqual([]);
    }
  });
});

describe('what no other decoder of the field reads, by tools of its own', () => {
  const ours = (syntax: string, look: Look): Uint8Array => {
    const native = pixelsOf(imageFile(look));
    const codec = codecs(syntax);
    const encoded = Array.from({ length: look.frames ?? 1 }, (_, frame) => {
      const { bytes, layout } = native.native(frame);
      return codec?.encodeLossless?.({ bytes, samples: layout.samples, bitsAllocated: layout.bitsAllocated, precision: layout.bitsStored, signed: layout.signed, transformed: layout.samples === 3 }, layout) ?? new Uint8Array(0);
    });
    return imageFile({ ...look, syntax }, encapsulated(encoded));
  };
  const codestream = (file: Uint8Array) => frameBytes(pixelsOf(file).dataSet, pixelsOf(file).frames, 0);
  /** Netpbm, as both tools write it: the samples behind the header, big endian. */
  const samples = (pnm: Uint8Array, size: number) => {
    const body = pnm.subarray(pnm.length - size);
    return body;
  };
  const decoders: readonly (readonly [syntax: string, tool: string, run: (bytes: Uint8Array, colour: boolean) => Uint8Array])[] = [
    ['1.2.840.10008.1.2.4.201', 'opj_decompress', (bytes, colour) => through('opj_decompress', ['-i', '{in}', '-o', '{out}'], bytes, { in: 'a.j2k', out: colour ? 'a.ppm' : 'a.pgm' })],
    ['1.2.840.10008.1.2.4.202', 'opj_decompress', (bytes, colour) => through('opj_decompress', ['-i', '{in}', '-o', '{out}'], bytes, { in: 'a.j2k', out: colour ? 'a.ppm' : 'a.pgm' })],
    ['1.2.840.10008.1.2.4.110', 'djxl', (bytes, colour) => through('djxl', ['{in}', '{out}'], bytes, { in: 'a.jxl', out: colour ? 'a.ppm' : 'a.pgm' })],
  ];
  for (const [syntax, tool, run] of decoders) {
    for (const look of [GREY8, GREY16, COLOUR]) {
      const label = look.samples === 3 ? 'colour' : `${look.bitsAllocated} bits`;
      test.skipIf(!hasTool(tool))(`${syntax}, ${label}: black inside and equal outside by ${tool}`, () => {
        const source = ours(syntax, look);
        const after = clean(source);
        expect(pixelsOf(after).dataSet.transferSyntax.uid).toBe(syntax);
        const size = look.rows * look.columns * (look.samples ?? 1) * (look.bitsAllocated / 8);
        const [a, b] = [source, after].map((file) => samples(run(codestream(file), look.samples === 3), size));
        const cell = size / (look.rows * look.columns);
        let wrong = -1;
        for (let i = 0; i < size && wrong < 0; i++) {
          const [x, y] = [Math.floor(i / cell) % look.columns, Math.floor(i / cell / look.columns)];
          const inside = x >= RECT.x && x < RECT.x + RECT.width && y >= RECT.y && y < RECT.y + RECT.height;
          if (b[i] !== (inside ? 0 : a[i])) wrong = i;
        }
        expect(wrong).toBe(-1);
      });
    }
  }

  test('deflated frames: inflated they are the native bytes with the region black', () => {
    const source = ours('1.2.840.10008.1.2.8.1', { ...GREY16, frames: 2 });
    const after = clean(source);
    expect(pixelsOf(after).dataSet.transferSyntax.uid).toBe('1.2.840.10008.1.2.8.1');
    expectBlackInside(source, after, [0]);
  });
});
