import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN_HOST } from '../../src/anonymizer/dicom/host.ts';
import { NODE_HOST } from '../../src/batch/node-host.ts';

const bytes = fc.uint8Array({ maxLength: 100 });
/** Memory with a view of it that begins anywhere, as a file lies in its buffer. */
const view = fc.tuple(bytes, fc.nat(20)).map(([all, start]) => all.subarray(Math.min(start, all.length)));

describe('What node does in one call', () => {
  it('is what code does byte by byte: digests', () => {
    fc.assert(fc.property(view, (some) => { expect(NODE_HOST.sha256(some)).toBe(PLAIN_HOST.sha256(some)); }));
  });

  it('is what code does byte by byte: comparisons, up to the end of the bytes and beyond', () => {
    fc.assert(fc.property(view, fc.nat(110), fc.nat(40), fc.option(fc.nat(39)), (some, at, length, changed) => {
      const expected = some.slice(at, at + length);
      if (changed !== null && changed < expected.length) expected[changed] ^= 1;
      const isSame = at <= some.length && (changed === null || changed >= expected.length);
      const wanted = at + expected.length <= some.length && isSame;
      expect(NODE_HOST.areAt(some, at, expected)).toBe(wanted);
      expect(PLAIN_HOST.areAt(some, at, expected)).toBe(wanted);
      expect(NODE_HOST.areAt(some, at, new Uint8Array(length + 1 + some.length))).toBe(false);
    }));
  });

  it('is what code does byte by byte: texts, whatever their characters', () => {
    fc.assert(fc.property(view, fc.nat(100), fc.string({ unit: 'binary', maxLength: 60 }), (some, at, text) => {
      expect(NODE_HOST.textOf(some, Math.min(at, some.length), some.length)).toBe(PLAIN_HOST.textOf(some, Math.min(at, some.length), some.length));
      const [own, plain] = [new Uint8Array(200), new Uint8Array(200)];
      NODE_HOST.layText(own, at, text);
      PLAIN_HOST.layText(plain, at, text);
      expect(own).toEqual(plain);
    }));
  });
});
