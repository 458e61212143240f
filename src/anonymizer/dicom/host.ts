import { sha256 } from '@noble/hashes/sha2.js';
import { byteString, layText } from './values.ts';

/**
 * What a host may do in one call and code does byte by byte, which is slow until it has been compiled: half of what a
 * run of some thousand slices would take. Texts have one character a byte.
 */
export interface Host {
  sha256(bytes: Uint8Array): string;
  /** Whether these bytes stand at an offset. */
  areAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean;
  textOf(bytes: Uint8Array, start: number, end: number): string;
  /** Lays a text into bytes, which have room for it. */
  layText(bytes: Uint8Array, at: number, text: string): void;
}

/** Where nobody hands in another. */
export const PLAIN_HOST: Host = {
  sha256: (bytes) => byteString(sha256(bytes)),
  areAt: (bytes, at, expected) => {
    if (at + expected.length > bytes.length) return false;
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    return true;
  },
  textOf: (bytes, start, end) => byteString(bytes.subarray(start, end)),
  layText,
};
