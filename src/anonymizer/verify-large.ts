import { bytesOfPiece, isSpan, lengthOf, type Piece, type Span } from './apply.ts';
import type { DataElement, DataSet } from './dicom/data-set.ts';
import { TAG } from './dicom/tag.ts';
import { IMAGE } from './pixels/image.ts';
import type { Plan } from './plan.ts';
import { leavesOf, type Place, placeAmong, refuseLeak, type Verification, verify, type VerifyOptions } from './verify.ts';

/** Bytes that are read again as a whole: the head of every usual file, which ends where its Pixel Data begins. */
const LONGEST_HEAD = 32 << 20;
/** What comes after it is searched by so many bytes at once. */
const WINDOW = 1 << 20;
/** Characters of a UID; a word may be longer. */
const LONGEST_UID = 64;

const PIXELS: ReadonlySet<number> = new Set([TAG.PixelData, IMAGE.FloatPixelData, IMAGE.DoubleFloatPixelData]);

/**
 * Checks a result that is too large to be held as a whole, in the memory of its head however many pieces its pixels
 * are in. The second reader reads the head; everything else but the pixels is searched through a window.
 * @param pieces of the whole file, File Meta Information included
 * @throws DicomError as `verify` does
 */
export function verifyLarge(plan: Plan, pieces: readonly Piece[], options: VerifyOptions): Verification {
  const { dataSet } = plan;
  const stop = endOfHead(plan);
  const pixels = dataSet.elements.find((element, i) => element.depth === 0 && PIXELS.has(element.tag) && plan.rules[i]?.action !== 'X');
  // Of frames that are written anew only the header of their element is looked at.
  const [, ...frames] = plan.pixels?.pieces ?? [];
  const { head, rest } = parted(frames.length === 0 ? pieces : without(pieces, frames), stop, pixels);
  const verification = verify(gathered(head, dataSet), plan, options, stop?.tag);
  const place = placeAmong(() => leavesOf(dataSet));
  const reach = plan.matcher.identifiers.reduce((longest, { text }) => Math.max(longest, text.length), LONGEST_UID) + 2;
  for (const piece of rest) {
    if (isSpan(piece)) searchSpan(piece, plan, place, reach);
    else {
      const bytes = bytesOfPiece(piece, dataSet.source);
      plan.matcher.find(bytes, 0, bytes.length, (hit) => refuseLeak(hit, undefined, bytes, plan));
    }
  }
  return verification;
}

/** Without new bytes of frames; what is copied of them is told by its place. */
function without(pieces: readonly Piece[], frames: readonly Piece[]): readonly Piece[] {
  const known = new Set(frames);
  return pieces.filter((piece) => isSpan(piece) || !known.has(piece));
}

/** The element at whose value the head ends: the Pixel Data, or what would make the head too long to be held. */
function endOfHead({ dataSet: { elements }, rules, replacements }: Plan): DataElement | undefined {
  let size = 0;
  for (let i = 0; i < elements.length; i = elements[i].next) {
    const element = elements[i];
    if (rules[i]?.action === 'X') continue;
    const replacement = replacements.get(i);
    size += replacement?.length ?? element.end - element.start;
    if (replacement === undefined && (PIXELS.has(element.tag) || size > LONGEST_HEAD)) return element;
  }
  return undefined;
}

/** The pieces up to the value at which the head ends, and what is to be searched after it: all but the pixels. */
function parted(pieces: readonly Piece[], stop: DataElement | undefined, pixels: DataElement | undefined): { head: Piece[]; rest: Piece[] } {
  const headEnd = stop?.valueStart ?? Number.POSITIVE_INFINITY;
  const pixelStart = pixels?.valueStart ?? Number.POSITIVE_INFINITY;
  const pixelEnd = pixels?.end ?? Number.POSITIVE_INFINITY;
  const head: Piece[] = [];
  const rest: Piece[] = [];
  // How far the pieces have come in the source, which tells where new bytes stand.
  let at = 0;
  for (const piece of pieces) {
    if (isSpan(piece)) {
      head.push(...cut(piece, 0, headEnd));
      rest.push(...cut(piece, headEnd, pixelStart), ...cut(piece, Math.max(headEnd, pixelEnd), Number.POSITIVE_INFINITY));
      at = piece.end;
    } else if (at < pixelStart || at >= pixelEnd) {
      (at <= headEnd ? head : rest).push(piece);
    }
  }
  return { head, rest };
}

/** The part of a span that lies between two offsets, if any. */
function cut({ start, end }: Span, from: number, to: number): Span[] {
  const part = { start: Math.max(start, from), end: Math.min(end, to) };
  return part.end > part.start ? [part] : [];
}

function gathered(pieces: readonly Piece[], { source }: DataSet): Uint8Array {
  const bytes = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    const part = bytesOfPiece(piece, source);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Windows overlap by `reach` on both sides, so that each identifier is whole in the one in which it begins. */
function searchSpan({ start, end }: Span, plan: Plan, place: (offset: number) => Place | undefined, reach: number): void {
  for (let from = start; from < end; from += WINDOW) {
    const base = Math.max(start, from - reach);
    const bytes = plan.dataSet.source.read(base, Math.min(end, from + WINDOW + reach));
    plan.matcher.find(bytes, 0, bytes.length, (hit) => {
      if (base + hit.start < from || base + hit.start >= from + WINDOW) return false;
      const found = place(base + hit.start);
      const inWindow = found && { ...found, start: Math.max(0, found.start - base), end: Math.min(bytes.length, found.end - base) };
      return refuseLeak(hit, inWindow, bytes, plan);
    });
  }
}
