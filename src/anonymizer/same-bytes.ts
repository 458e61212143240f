/** Offsets of bytes, the end not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export function areSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Four bytes at once are compared sooner than one after another. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Whether `expected` from `start` to `end` stands at `at`. */
export function isAt(bytes: DataView, at: number, expected: DataView, start: number, end: number): boolean {
  const shift = at - start;
  if (end + shift > bytes.byteLength) return false;
  let i = start;
  for (; i + 4 <= end; i += 4) if (bytes.getUint32(i + shift) !== expected.getUint32(i)) return false;
  for (; i < end; i++) if (bytes.getUint8(i + shift) !== expected.getUint8(i)) return false;
  return true;
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
  /** Start and end of each stretch between the ranges, in turn. */
  private readonly stretches: readonly number[];
  /** The stretches one after another. */
  private readonly expected: DataView;

  /** @param ranges in ascending order */
  constructor(bytes: Uint8Array, ranges: readonly ByteRange[]) {
    this.length = bytes.length;
    const stretches: number[] = [];
    let from = 0;
    for (const { start, end } of [...ranges, { start: bytes.length, end: bytes.length }]) {
      if (start > from) stretches.push(from, start);
      from = Math.max(from, end);
    }
    this.stretches = stretches;
    this.expected = viewOf(Uint8Array.from(stretches.flatMap((start, i) => (i % 2 === 0 ? [...bytes.subarray(start, stretches[i + 1])] : []))));
  }

  /** Whether the bytes are as many, and the same outside of the ranges. */
  isAround(bytes: Uint8Array): boolean {
    if (bytes.length !== this.length) return false;
    const view = viewOf(bytes);
    const { stretches, expected } = this;
    let at = 0;
    for (let i = 0; i < stretches.length; i += 2) {
      const length = stretches[i + 1] - stretches[i];
      if (!isAt(view, stretches[i], expected, at, at + length)) return false;
      at += length;
    }
    return true;
  }
}
