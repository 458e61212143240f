import type { Host } from './dicom/host.ts';

/** Offsets of bytes, the end not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export function areSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Whether a text of one character a byte stands from `start` to `end`; from its end on, where most differ. */
export function isTextAt(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  let i = text.length;
  if (i !== end - start) return false;
  while (i > 0 && bytes[start + i - 1] === text.charCodeAt(i - 1)) i--;
  return i === 0;
}

/** Bytes without some ranges of them, to be found at the same places in others. */
export class Frame {
  private readonly length: number;
  /** What stands between the ranges. */
  private readonly stretches: readonly { readonly at: number; readonly bytes: Uint8Array }[];

  /** @param ranges in ascending order */
  constructor(bytes: Uint8Array, ranges: readonly ByteRange[], private readonly host: Host) {
    this.length = bytes.length;
    const stretches: { at: number; bytes: Uint8Array }[] = [];
    let from = 0;
    for (const { start, end } of [...ranges, { start: bytes.length, end: bytes.length }]) {
      if (start > from) stretches.push({ at: from, bytes: bytes.slice(from, start) });
      from = Math.max(from, end);
    }
    this.stretches = stretches;
  }

  /** Whether the bytes are as many, and the same outside of the ranges. */
  isAround(bytes: Uint8Array): boolean {
    return bytes.length === this.length && this.stretches.every((stretch) => this.host.areAt(bytes, stretch.at, stretch.bytes));
  }
}
