import type { FrameStream } from './frame-stream.ts';

const SPACE = 0x20;
const WHOLE = Number.POSITIVE_INFINITY;

const COM = 0xfe;
const EOI = 0xd9;
const SOS = 0xda;
const APP8 = 0xe8;
const SPIFF_HEADER = 30;

/** Application segments that decoders need, and how much of them (JFIF 1.02, T.84 F, T.872 6.5, ICC.1 B.4). */
const APPLICATIONS: readonly (readonly [marker: number, name: string, kept: number])[] = [
  // A thumbnail follows the fixed part.
  [0xe0, 'JFIF\0', 14],
  [0xe2, 'ICC_PROFILE\0', WHOLE],
  [0xee, 'Adobe', 12],
  // HP's colour transform of JPEG-LS.
  [APP8, 'mrfx', 5],
  [APP8, 'SPIFF\0', SPIFF_HEADER],
];

/** The end of a SPIFF directory, without which decoders of JPEG-LS refuse the image; it ends in an SOI. */
const END_OF_DIRECTORY = '\0\0\0\x01\xff\xd8';

/**
 * Blanks what a JPEG or JPEG-LS image holds beside its samples (ITU-T T.81 B, T.87 C): comments, application segments
 * but for what decoders need, and bytes between segments; between scans too. Not a byte moves. What an encoder may
 * have put behind the last sample of a scan cannot be told from samples.
 * @returns the offset after EOI, or `end` where there is none; undefined where the segments cannot be followed
 */
export function blankJpegSegments(frame: FrameStream, start: number, end: number): number | undefined {
  let isSpiff = false;
  for (let at = start; at + 2 <= end; ) {
    if (frame.byte(at) !== 0xff) {
      // Decoders look for the next marker.
      const next = nextMarker(frame, at, end);
      frame.blankRest(at, next);
      at = next;
      continue;
    }
    const marker = frame.byte(at + 1);
    if (marker === 0xff) { at += 1; continue; }
    if (marker === EOI) return at + 2;
    if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { at += 2; continue; }
    if (marker < 0xc0 || at + 4 > end) return undefined;
    const length = frame.uint16(at + 2);
    if (length < 2) return undefined;
    const content = at + 4;
    const stop = Math.min(at + 2 + length, end);
    const kept = marker === APP8 && isSpiff ? keptOfDirectory(frame, content, stop) : keptOf(frame, marker, content, stop);
    if (marker === APP8 && kept === SPIFF_HEADER) isSpiff = true;
    if (content + kept < stop) frame.blank(content + kept, stop, marker === COM ? SPACE : 0);
    at = marker === SOS ? nextMarker(frame, stop, end) : stop;
  }
  return end;
}

/** Bytes at the beginning of a segment's content that stay. */
function keptOf(frame: FrameStream, marker: number, start: number, end: number): number {
  if (marker >= 0xe0 && marker <= 0xef) {
    const head = frame.text(start, Math.min(end, start + 12));
    return APPLICATIONS.find(([of, name]) => of === marker && head.startsWith(name))?.[2] ?? 0;
  }
  // Markers for extensions, of which only SOF55 and LSE of JPEG-LS have a meaning here.
  if (marker >= 0xf0) return marker === 0xf7 || marker === 0xf8 ? WHOLE : 0;
  if (marker === SOS && start < end) return 4 + 2 * frame.byte(start);
  return WHOLE;
}

/** Of an entry of a SPIFF directory its tag, of the last one all. */
function keptOfDirectory(frame: FrameStream, start: number, end: number): number {
  return frame.text(start, Math.min(end, start + 6)) === END_OF_DIRECTORY ? 6 : 4;
}

/**
 * Offset of the marker that ends the entropy-coded data of a scan (T.81 B.1.1.5, T.87 A.1), or of the end. After FF a
 * byte of samples is zero in JPEG and below 80 in JPEG-LS.
 */
function nextMarker(frame: FrameStream, from: number, end: number): number {
  for (let at = from; ; ) {
    const found = frame.indexOf(0xff, at, end);
    if (found + 1 >= end) return end;
    const next = frame.byte(found + 1);
    if (next >= 0x80 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return found;
    at = found + (next === 0xff ? 1 : 2);
  }
}
