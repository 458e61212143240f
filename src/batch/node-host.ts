import * as crypto from 'node:crypto';
import { type Host, PLAIN_HOST } from '../anonymizer/dicom/host.ts';

/** Bytes that are compared sooner one by one. */
const FEW = 8;

/** The SHA-256 of what is there as a whole; sooner where node can do it in one call (20.12). */
export const sha256Of: (bytes: Uint8Array, encoding: 'hex' | 'binary') => string = 'hash' in crypto
  ? (bytes, encoding) => crypto.hash('sha256', bytes, encoding)
  : (bytes, encoding) => crypto.createHash('sha256').update(bytes).digest(encoding);

/** Node's own code stands on them, its documentation does not name them. */
interface Latin1 {
  latin1Slice?(this: Uint8Array, start: number, end: number): string;
  latin1Write?(this: Uint8Array, text: string, at: number): number;
}

const { latin1Slice, latin1Write } = Buffer.prototype as Latin1;

/** What node does in one call. */
export const NODE_HOST: Host = {
  sha256: (bytes) => sha256Of(bytes, 'binary'),
  areAt: (bytes, at, expected) => (expected.length < FEW
    ? PLAIN_HOST.areAt(bytes, at, expected)
    : Buffer.compare(bytes.subarray(at, at + expected.length), expected) === 0),
  textOf: latin1Slice === undefined ? PLAIN_HOST.textOf : (bytes, start, end) => latin1Slice.call(bytes, start, end),
  layText: latin1Write === undefined ? PLAIN_HOST.layText : (bytes, at, text) => void latin1Write.call(bytes, text, at),
};
