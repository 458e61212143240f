import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FixedDigits } from '../../src/anonymizer/stencil/fixed-digits.ts';

const digits = fc.string({ unit: fc.constantFrom('1', '2', '.', '1', '2', ' '), minLength: 8, maxLength: 60 });

it('numbers of a text have every UID that stands in one of them, and no other', () => {
  let had = 0;
  fc.assert(fc.property(digits, fc.nat(50), fc.integer({ min: 1, max: 14 }), digits, (text, at, length, other) => {
    const numbers = new FixedDigits(text);
    const stretches = text.split(' ').filter((stretch) => stretch.length >= 8);
    for (const uid of [text.slice(at, at + length), other.slice(0, length)]) {
      if (!/^[\d.]+$/.test(uid)) continue;
      const stands = stretches.some((stretch) => stretch.includes(uid));
      if (stands) had += 1;
      expect(numbers.have(uid)).toBe(stands);
    }
  }), { numRuns: 2000 });
  expect(had).toBeGreaterThan(100);
});
