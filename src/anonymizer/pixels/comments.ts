import type { ByteSource } from '../dicom/byte-source.ts';
import { TAG } from '../dicom/tag.ts';
import type { Draft } from '../draft.ts';
import type { Redaction } from '../plan.ts';
import { type Fragment, fragmentsOf } from './fragments.ts';

/** JPEG, JPEG-LS and their kin (PS3.5 A.4.1 to A.4.3), whose segments may hold text. */
const JPEG = /^1\.2\.840\.10008\.1\.2\.4\.(5\d|6\d|70|80|81)$/;
/** JPEG 2000 and HTJ2K (PS3.5 A.4.4, A.4.8). */
const JPEG_2000 = /^1\.2\.840\.10008\.1\.2\.4\.(9[0-3]|20[1-3])$/;

const SPACE = 0x20;

/**
 * Text in the segments of compressed frames, overwritten in place so that not a byte moves: COM and all APPn but
 * what decoders need (JFIF, Adobe, ICC, the colour transform of JPEG-LS), and the comments of JPEG 2000.
 */
export function findComments({ dataSet, redactions, rules }: Draft): void {
  const uid = dataSet.transferSyntax.uid;
  const find = JPEG.test(uid) ? jpegComments : JPEG_2000.test(uid) ? jpeg2000Comments : undefined;
  if (find === undefined) return;
  dataSet.elements.forEach((element, index) => {
    if (element.tag !== TAG.PixelData || !element.undefinedLength || rules[index]?.action !== 'K') return;
    let isOffsetTable = true;
    for (const fragment of fragmentsOf(dataSet, element)) {
      if (!isOffsetTable) redactions.push(...find(dataSet.source, fragment));
      isOffsetTable = false;
    }
  });
}

/** Marker segments up to the first scan (ITU-T T.81 B.1), where encoders put their texts, and between scans. */
function* jpegComments(source: ByteSource, fragment: Fragment): Generator<Redaction> {
  let at = fragment.start;
  while (at + 4 <= fragment.end) {
    const [first, marker, high, low] = source.read(at, at + 4);
    if (first !== 0xff) return;
    if (marker === 0xff) { at += 1; continue; }
    if (marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) { at += 2; continue; }
    if (marker === 0xd9) return;
    const end = Math.min(at + 2 + ((high << 8) | low), fragment.end);
    if (end < at + 4) return;
    const isText = marker === 0xfe || (marker >= 0xe0 && marker <= 0xef && !isNeeded(marker, source, at + 4, end));
    if (isText && end > at + 4) yield { start: at + 4, end, fill: marker === 0xfe ? SPACE : 0 };
    at = marker === 0xda ? nextMarker(source, end, fragment.end) : end;
  }
}

const NEEDED: readonly (readonly [marker: number, name: string])[] = [
  [0xe0, 'JFIF\0'], [0xe2, 'ICC_PROFILE\0'], [0xee, 'Adobe'], [0xe8, 'mrfx'], [0xe8, 'SPIFF\0'],
];

function isNeeded(marker: number, source: ByteSource, start: number, end: number): boolean {
  const head = String.fromCharCode(...source.read(start, Math.min(end, start + 12)));
  return NEEDED.some(([of, name]) => of === marker && head.startsWith(name));
}

/** Offset of the marker that ends the entropy-coded data of a scan (T.81 B.1.1.5), or of the end. */
function nextMarker(source: ByteSource, from: number, end: number): number {
  for (let at = from; at < end - 1; ) {
    const { bytes, offset } = source.window(at, 2);
    const limit = Math.min(end, offset + bytes.length);
    let found = bytes.indexOf(0xff, at - offset) + offset;
    if (found < offset || found >= limit - 1) {
      at = limit >= end ? end : limit - 1;
      continue;
    }
    const next = bytes[found + 1 - offset];
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7) && next < 0x80) found += 1;
    else if (next >= 0x80 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return found;
    at = found + (next === 0xff ? 1 : 2);
  }
  return end;
}

/** COM segments of the main header and of the tile-part headers (ITU-T T.800 A.9.2), which SOT's lengths lead to. */
function* jpeg2000Comments(source: ByteSource, fragment: Fragment): Generator<Redaction> {
  let at = fragment.start;
  let tilePart = 0;
  let tilePartLength = 0;
  while (at + 4 <= fragment.end) {
    const [first, marker, high, low] = source.read(at, at + 4);
    if (first !== 0xff) return;
    if (marker === 0x4f) { at += 2; continue; }
    if (marker === 0x93) {
      // Start of data: on to the next tile-part; a length of 0 reaches to the end of the codestream.
      if (tilePartLength < 14) return;
      at = tilePart + tilePartLength;
      continue;
    }
    if (marker === 0xd9) return;
    const end = Math.min(at + 2 + ((high << 8) | low), fragment.end);
    if (end < at + 4) return;
    if (marker === 0x90 && at + 12 <= fragment.end) {
      const [a, b, c, d] = source.read(at + 6, at + 10);
      tilePart = at;
      tilePartLength = a * 0x1000000 + (b << 16) + (c << 8) + d;
    }
    // Rcom says whether binary or text; the text follows it.
    if (marker === 0x64 && end > at + 6) yield { start: at + 6, end, fill: SPACE };
    at = end;
  }
}
