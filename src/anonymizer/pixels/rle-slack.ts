import type { FrameStream } from './frame-stream.ts';

const HEADER = 64;
const MOST_SEGMENTS = 15;
/** PackBits: does nothing (PS3.5 G.3.2). */
const NO_OPERATION = 0x80;

/**
 * Blanks what an RLE frame holds beside its pixels, `plane` bytes a segment (PS3.5 Annex G): unused offsets of the header, and bytes behind
 * the last pixel of each segment, one of padding aside. Nothing is unpacked: only the lengths of runs are read.
 * @returns false where header and segments contradict each other
 */
export function blankRleSlack(frame: FrameStream, plane: number): boolean {
  if (frame.length < HEADER) return false;
  const count = littleEndian(frame, 0);
  if (count < 1 || count > MOST_SEGMENTS) return false;
  const starts = Array.from({ length: count }, (_, i) => littleEndian(frame, 4 + i * 4));
  const limits = starts.map((_, i) => starts[i + 1] ?? frame.length);
  if (starts.some((start, i) => start < HEADER || start > limits[i] || limits[i] > frame.length)) return false;
  frame.blankRest(4 + count * 4, HEADER);
  frame.blankRest(HEADER, starts[0]);
  for (let i = 0; i < count; i++) {
    const end = endOfPixels(frame, starts[i], limits[i], plane);
    if (end === undefined) return false;
    frame.blankRest(end, limits[i], NO_OPERATION);
  }
  return true;
}

/** Offset behind the byte that holds the last pixel of a segment; undefined where it has too few. */
function endOfPixels(frame: FrameStream, start: number, limit: number, plane: number): number | undefined {
  let left = plane;
  let at = start;
  while (left > 0) {
    if (at >= limit) return undefined;
    const n = frame.byte(at++);
    if (n === NO_OPERATION) continue;
    const run = n < NO_OPERATION ? n + 1 : 257 - n;
    at += n < NO_OPERATION ? Math.min(run, left) : 1;
    left -= run;
  }
  return at > limit ? undefined : at;
}

function littleEndian(frame: FrameStream, at: number): number {
  return frame.byte(at) + (frame.byte(at + 1) << 8) + (frame.byte(at + 2) << 16) + frame.byte(at + 3) * 0x1000000;
}
