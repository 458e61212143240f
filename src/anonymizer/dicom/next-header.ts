import { vrOfTag } from './dictionary.ts';
import { elementOf, groupOf, isGroupLength, isPrivate, TAG, type Tag } from './tag.ts';
import { hasLongForm, vrFromBytes } from './vr.ts';

const SMALLEST_HEADER = 8;
const UNDEFINED_LENGTH = 0xffffffff;

/**
 * Whether the header of a Data Element or Item seems to begin at `at` (PS3.5 7.1, 7.5), in any encoding. A value that
 * is filled to its last byte is followed by a header, whose first byte may be a letter or a digit: (0050,xxxx) begins
 * with a P, (0032,xxxx) with a 2. Text is not taken for one, since a header holds zeros where text does not.
 */
export function beginsHeader(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + SMALLEST_HEADER > end) return false;
  const hasZero = bytes[at] === 0 || bytes[at + 1] === 0 || bytes[at + 2] === 0 || bytes[at + 3] === 0 || bytes[at + 6] === 0 || bytes[at + 7] === 0;
  return hasZero && (fits(bytes, at, end, 1) || fits(bytes, at, end, 0));
}

/** Whether tag, VR and length agree in one byte order: `high` is where the more significant of two bytes stands. */
function fits(bytes: Uint8Array, at: number, end: number, high: 0 | 1): boolean {
  const uint16 = (offset: number) => bytes[at + offset + high] * 0x100 + bytes[at + offset + 1 - high];
  const uint32 = (offset: number) => uint16(offset + (high === 1 ? 2 : 0)) * 0x10000 + uint16(offset + (high === 1 ? 0 : 2));
  const tag: Tag = uint16(0) * 0x10000 + uint16(2);
  if (tag === TAG.Item || tag === TAG.ItemDelimitationItem || tag === TAG.SequenceDelimitationItem) return true;
  if (!isTag(tag)) return false;
  const isWithin = (start: number, length: number) => (
    isGroupLength(tag) ? length === 4 : length === UNDEFINED_LENGTH || tag === TAG.PixelData || at + start + length <= end
  );
  const vr = vrFromBytes(bytes[at + 4], bytes[at + 5]);
  if (vr === undefined) return high === 1 && isWithin(8, uint32(4));
  return hasLongForm(vr) ? at + 12 <= end && uint16(6) === 0 && isWithin(12, uint32(8)) : isWithin(8, uint16(6));
}

/** A tag that PS3.6 knows, or one that a private element may have (PS3.5 7.8.1) and whose group is no two letters. */
function isTag(tag: Tag): boolean {
  if (!isPrivate(tag)) return vrOfTag(tag) !== undefined;
  return elementOf(tag) >= 0x10 && !(isLetter(groupOf(tag) >>> 8) && isLetter(groupOf(tag) & 0xff));
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
