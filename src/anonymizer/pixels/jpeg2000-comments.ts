import type { FrameStream } from './frame-stream.ts';

const SPACE = 0x20;
const SOC = 0xff4f;
const COM = 0xff64;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;

/** Marker segments of T.800 A.2, T.801 A.2 (multiple components and wavelets), T.807 and T.814. */
const KNOWN: readonly (readonly [first: number, last: number])[] = [
  [0xff50, 0xff63], [0xff66, 0xff69], [0xff72, 0xff79], [0xff90, 0xff91],
];

/**
 * Blanks the comments of a JPEG 2000 or HTJ2K codestream (ITU-T T.800 A.9.2), in its main header and in those of its
 * tile-parts, and marker segments that no decoder knows. Not a byte moves, and packets are never taken for markers.
 * @returns the offset after EOC, or `end` where there is none; undefined where the segments cannot be followed
 */
export function blankJpeg2000Comments(frame: FrameStream, start: number, end: number): number | undefined {
  if (end - start < 4 || frame.uint16(start) !== SOC) return undefined;
  let tilePart = { start: end, length: 0 };
  for (let at = start + 2; at + 2 <= end; ) {
    const marker = frame.uint16(at);
    if (marker === EOC) return at + 2;
    if (marker === SOD) { at = endOfTilePart(frame, at + 2, end, tilePart); continue; }
    // Markers without a segment.
    if (marker >= 0xff30 && marker <= 0xff3f) { at += 2; continue; }
    if (marker < 0xff40 || at + 4 > end) return undefined;
    const length = frame.uint16(at + 2);
    if (length < 2) return undefined;
    const stop = Math.min(at + 2 + length, end);
    if (marker === SOT && stop >= at + 12) tilePart = { start: at, length: frame.uint32(at + 6) };
    // Rcom says whether binary or text; the text follows it.
    if (marker === COM) frame.blank(Math.min(at + 6, stop), stop, SPACE);
    else if (!KNOWN.some(([first, last]) => marker >= first && marker <= last)) frame.blank(at + 4, stop, 0);
    at = stop;
  }
  return end;
}

/**
 * Where the next tile-part begins, or EOC stands: where Psot says (A.4.2); where it says nothing, or something wrong,
 * behind the packets, in which no byte above 8F follows FF but in SOP and EPH (A.2, B.10.1).
 */
function endOfTilePart(frame: FrameStream, from: number, end: number, tilePart: { readonly start: number; readonly length: number }): number {
  const told = tilePart.start + tilePart.length;
  const isNext = (at: number) => frame.uint16(at) === SOT || frame.uint16(at) === EOC;
  if (told >= from && told <= end && (told === end || (told + 2 <= end && isNext(told)))) return told;
  for (let at = from; ; at += 1) {
    at = frame.indexOf(0xff, at, end);
    if (at + 2 > end) return end;
    if (isNext(at)) return at;
  }
}
