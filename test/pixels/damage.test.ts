import { describe, expect, test } from 'vitest';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { cleanPixels } from '../../src/anonymizer/pixels/clean.ts';
import { openPixels } from '../../src/anonymizer/pixels/pixels.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { encapsulated } from '../fixtures/data-set.ts';
import { bytesOfPiece, imageFile, type Look, open } from '../fixtures/pixels.ts';
import { element } from '../../src/sample/part10.ts';
import { RLE } from '../../src/anonymizer/pixels/rle.ts';

const codecs = loadFrameCodecs();
const LOOK: Look = { rows: 64, columns: 80, bitsAllocated: 8, frames: 3 };
const REGION = { x: 2, y: 2, width: 9, height: 5, reason: 'user', note: '' } as const;

/** The second of three frames is cut in its middle. */
function withBrokenFrame(syntax: string): Uint8Array {
  const native = openPixels(open(imageFile(LOOK)), codecs);
  const codec = syntax === '1.2.840.10008.1.2.5' ? RLE : codecs(syntax);
  const frames = [0, 1, 2].map((frame) => {
    const source = native?.native(frame);
    if (source === undefined) throw new Error('no pixels');
    return codec?.encodeLossless?.({ bytes: source.bytes, samples: 1, bitsAllocated: 8, precision: 8, signed: false }, source.layout) ?? new Uint8Array(0);
  });
  frames[1] = frames[1].subarray(0, frames[1].length >> 1);
  return imageFile({ ...LOOK, syntax }, encapsulated(frames));
}

function refusalOf(file: Uint8Array): DicomError {
  try {
    const dataSet = open(file);
    const pixels = openPixels(dataSet, codecs);
    if (pixels === undefined) throw new Error('no pixels');
    for (const piece of cleanPixels(pixels, [REGION]).pieces) bytesOfPiece(dataSet, piece);
  } catch (error) {
    if (error instanceof DicomError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('damage', () => {
  test.each(['5', '8.1', '4.57', '4.70', '4.80', '4.90', '4.110', '4.201', '4.202'])('%s: a frame that is cut short is refused with its number', (last) => {
    const refusal = refusalOf(withBrokenFrame(`1.2.840.10008.1.2.${last}`));
    expect(refusal.code).toBe('damaged');
    expect(refusal.message).toMatch(/^frame 2: /);
  });

  test('a codestream of another size than the header tells is refused', () => {
    const small = openPixels(open(imageFile({ ...LOOK, rows: 32, frames: 1 })), codecs)?.native(0);
    const codestream = codecs('1.2.840.10008.1.2.4.90')?.encodeLossless?.({ bytes: small?.bytes ?? new Uint8Array(0), samples: 1, bitsAllocated: 8, precision: 8, signed: false }, { ...LOOK, rows: 32, samples: 1, bitsStored: 8, highBit: 7, signed: false, planar: false, photometric: 'MONOCHROME2' });
    const file = imageFile({ ...LOOK, frames: 1, syntax: '1.2.840.10008.1.2.4.90' }, encapsulated([codestream ?? new Uint8Array(0)]));
    expect(refusalOf(file).message).toMatch(/^frame 1: its size/);
  });

  test('a value of Pixel Data that ends before its last frame is refused with the frame that is missing', () => {
    const file = imageFile(LOOK, element(0x7fe00010, 'OB', new Uint8Array(64 * 80 * 2)));
    expect(refusalOf(file).message).toMatch(/^frame 3: /);
  });

  test('a frame that says it is of an unusual size is refused before memory is taken for it', () => {
    const file = imageFile({ rows: 65535, columns: 65535, bitsAllocated: 8, syntax: '1.2.840.10008.1.2.5' }, encapsulated([new Uint8Array(80)]));
    const refusal = refusalOf(file);
    expect([refusal.code, refusal.message]).toEqual(['limit', 'frame 1: it is larger than this program decodes at once at (7FE0,0010)']);
  });

  test('fewer fragments than frames are refused', () => {
    const file = imageFile({ ...LOOK, syntax: '1.2.840.10008.1.2.5' }, encapsulated([new Uint8Array(80), new Uint8Array(80)], 'empty'));
    expect(refusalOf(file).message).toMatch(/^frame 3: /);
  });

  test.each(['100', '101', '102', '103', '104', '105', '106', '107', '108'])('video (.%s) is refused with the reason', (last) => {
    const refusal = refusalOf(imageFile({ ...LOOK, syntax: `1.2.840.10008.1.2.4.${last}` }, encapsulated([new Uint8Array(200)])));
    expect(refusal.code).toBe('unsafe');
    expect(refusal.message).toMatch(/^video cannot be cleaned/);
  });
});
