import { describe, expect, test } from 'vitest';
import { frameBytes, locateFrames } from '../../../src/anonymizer/pixels/frames.ts';
import { pixelDataIndex, readImage } from '../../../src/anonymizer/pixels/image.ts';
import { encapsulated } from '../../fixtures/data-set.ts';
import { imageFile, open } from '../../fixtures/pixels.ts';

const LOOK = { rows: 4, columns: 4, bitsAllocated: 8, frames: 2, syntax: '1.2.840.10008.1.2.4.80' } as const;
const start = (byte: number) => Uint8Array.of(0xff, 0xd8, 0xff, byte, 1, 2);
const rest = (byte: number) => Uint8Array.of(byte, 3, 4, 5);

function framesOf(fragments: readonly Uint8Array[], table: 'computed' | 'empty' | readonly number[]): number[][] {
  const dataSet = open(imageFile(LOOK, encapsulated(fragments, table)));
  const image = readImage(dataSet);
  if (image === undefined) throw new Error('no image');
  const frames = locateFrames(dataSet, dataSet.elements[pixelDataIndex(dataSet)], image);
  return [0, 1].map((frame) => [...frameBytes(dataSet, frames, frame)]);
}

describe('frames of encapsulated Pixel Data', () => {
  test('one fragment a frame, with a Basic Offset Table or without', () => {
    const expected = [[...start(1)], [...start(2)]];
    expect(framesOf([start(1), start(2)], 'computed')).toEqual(expected);
    expect(framesOf([start(1), start(2)], 'empty')).toEqual(expected);
  });

  test('several fragments a frame are told by the Basic Offset Table', () => {
    expect(framesOf([start(1), rest(1), rest(2), rest(3)], [0, 38])).toEqual([[...start(1), ...rest(1), ...rest(2)], [...rest(3)]]);
  });

  test('several fragments a frame without a table are told by the starts of codestreams', () => {
    expect(framesOf([start(1), rest(1), start(2)], 'empty')).toEqual([[...start(1), ...rest(1)], [...start(2)]]);
  });

  test('a table that leads nowhere is not believed', () => {
    expect(framesOf([start(1), start(2)], [0, 3])).toEqual([[...start(1)], [...start(2)]]);
  });

  test('frames that cannot be told apart are refused', () => {
    expect(() => framesOf([rest(1), rest(2), rest(3)], 'empty')).toThrow(/frame 2/);
  });
});
