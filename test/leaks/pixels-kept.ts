import type { Reading } from './reading.ts';

const JPEG = /^1\.2\.840\.10008\.1\.2\.4\.(5\d|6\d|70|80|81)$/;
const JPEG_2000 = /^1\.2\.840\.10008\.1\.2\.4\.9[0-3]$/;

/** Whether pixel data are those of the source, comments in compressed frames aside, by a marker walk of the bench's own. */
export function pixelsAreKept(source: Reading, result: Reading, syntax: string): boolean {
  const [before, after] = [source.pixels(), result.pixels()];
  if (before === undefined || after === undefined) return before === after;
  const [old, made] = [source.bytes.subarray(before.start, before.end), result.bytes.subarray(after.start, after.end)];
  if (old.length !== made.length) return false;
  const free = commentsOf(old, syntax);
  return old.every((byte, i) => byte === made[i] || free.some(({ start, end }) => i >= start && i < end));
}

/** Contents of comment and application segments: where bytes may change. */
function commentsOf(bytes: Uint8Array, syntax: string): { start: number; end: number }[] {
  const wanted = JPEG.test(syntax) ? (marker: number) => marker === 0xfe || (marker >= 0xe1 && marker <= 0xef) : JPEG_2000.test(syntax) ? (marker: number) => marker === 0x64 : undefined;
  const found: { start: number; end: number }[] = [];
  if (wanted === undefined) return found;
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (bytes[at] !== 0xff || !wanted(bytes[at + 1])) continue;
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    found.push({ start: at + 4, end });
    at = end - 1;
  }
  return found;
}
