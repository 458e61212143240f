import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RLE } from '../../../src/anonymizer/pixels/rle.ts';

const layout = (rows: number, columns: number, samples: number, bitsAllocated: number) => ({
  rows, columns, samples, bitsAllocated, bitsStored: bitsAllocated, highBit: bitsAllocated - 1, signed: false, planar: false, photometric: 'RGB',
});

test('any frame of any depth comes back as it was', () => {
  const frame = fc.record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 300 }), samples: fc.constantFrom(1, 3), size: fc.constantFrom(1, 2, 4), few: fc.boolean(), seed: fc.integer() });
  fc.assert(fc.property(frame, ({ rows, columns, samples, size, few, seed }) => {
    let state = seed;
    const bytes = Uint8Array.from({ length: rows * columns * samples * size }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return few ? (state >>> 30) & 1 : state >>> 24;
    });
    const image = layout(rows, columns, samples, size * 8);
    const encoded = RLE.encodeLossless?.({ bytes, samples, bitsAllocated: size * 8, precision: size * 8, signed: false }, image);
    expect(encoded).toBeDefined();
    expect(Buffer.compare(RLE.decode(encoded ?? new Uint8Array(0), image).bytes, bytes)).toBe(0);
  }), { numRuns: 200 });
});

test('bytes that are no RLE are refused and never read out of bounds', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    try {
      return RLE.decode(bytes, layout(4, 4, 1, 8)).bytes.length === 16;
    } catch (error) {
      return error instanceof Error && error.name === 'CodecError';
    }
  }));
});
