import { readSync } from 'node:fs';

/** A line without its end, and the bytes of the file where it stands. */
export interface LineOfFile {
  readonly text: string;
  readonly start: number;
  /** Behind the line feed. */
  readonly end: number;
}

/** Whole lines with their places, through one buffer. A last line without its end is none. */
export function* linesOf(file: number): Generator<LineOfFile> {
  let buffer = Buffer.allocUnsafe(1 << 18);
  let filled = 0;
  let base = 0;
  for (;;) {
    const count = readSync(file, buffer, filled, buffer.length - filled, base + filled);
    filled += count;
    let from = 0;
    for (let end = buffer.subarray(0, filled).indexOf(0x0a); end >= 0; end = buffer.subarray(0, filled).indexOf(0x0a, from)) {
      yield { text: buffer.toString('utf8', from, end), start: base + from, end: base + end + 1 };
      from = end + 1;
    }
    if (count === 0) return;
    buffer.copyWithin(0, from, filled);
    filled -= from;
    base += from;
    if (filled === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}
