import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedDigest } from '../../src/anonymizer/keyed-digest.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { NODE_HOST } from '../../src/batch/node-host.ts';

/** Texts of one character a byte, of any length around that of a block, and longer than what is kept ready. */
const text = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 700 }).map((codes) => String.fromCharCode(...codes));
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('The keyed digest', () => {
  it('is the HMAC-SHA-256 that node makes, text after text, whoever hashes', () => {
    fc.assert(fc.property(key, fc.array(text, { minLength: 1, maxLength: 6 }), (secret, texts) => {
      const own = keyedDigest(secret);
      const handed = keyedDigest(secret, NODE_HOST);
      for (const each of texts) {
        const expected = createHmac('sha256', secret).update(Buffer.from(each, 'latin1')).digest('binary');
        expect(own(each)).toBe(expected);
        expect(handed(each)).toBe(expected);
      }
    }));
  });

  it('makes UIDs that are UUIDs of version 8 under 2.25, with the first 16 bytes of the digest of domain and value', () => {
    fc.assert(fc.property(key, fc.nat().map((number) => `1.2.3.${number}.4`), (secret, original) => {
      const pseudonym = createPseudonyms(secret, NODE_HOST).uid(original);
      const digest = createHmac('sha256', secret).update(`uid\0${original}`).digest();
      digest[6] = (digest[6] & 0x0f) | 0x80;
      digest[8] = (digest[8] & 0x3f) | 0x80;
      expect(pseudonym).toBe(`2.25.${BigInt(`0x${digest.subarray(0, 16).toString('hex')}`)}`);
      expect(createPseudonyms(secret).uid(original)).toBe(pseudonym);
    }));
  });
});
