import { byteString, unpadded } from '../dicom/values.ts';

/** The one UID that a value is; undefined for anything else (PS3.5 9.1). */
export function uidOf(value: Uint8Array): string | undefined {
  if (value.length > 66) return undefined;
  const text = unpadded(byteString(value));
  return /^[\d.]{8,64}$/.test(text) ? text : undefined;
}

/** Characters that tell a day in a DA or DT: YYYYMMDD, or YYYY.MM.DD. */
const DAY_LENGTH = 10;
const LONGEST_DATE = 26;

/** Whether a DA or DT has the form of one, and the day that another one has. */
export function isOfSameDay(bytes: Uint8Array, start: number, end: number, other: Uint8Array, otherStart: number, otherEnd: number): boolean {
  const length = unpaddedLength(bytes, start, end);
  const otherLength = unpaddedLength(other, otherStart, otherEnd);
  if (length < 8 || length > LONGEST_DATE || Math.min(length, DAY_LENGTH) !== Math.min(otherLength, DAY_LENGTH)) return false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i];
    const isDigitOrDot = (byte >= 0x30 && byte <= 0x39) || byte === 0x2e;
    if (i < DAY_LENGTH ? !isDigitOrDot || byte !== other[otherStart + i] : !isDigitOrDot && byte !== 0x2b && byte !== 0x2d) return false;
  }
  return true;
}

function unpaddedLength(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && (bytes[last - 1] === 0x20 || bytes[last - 1] === 0)) last--;
  return last - start;
}

const NUMBER: ReadonlySet<number> = new Set([...'0123456789+-.eE \\'].map((character) => character.charCodeAt(0)));

/** Whether a DS or IS holds what numbers are written with, and padding. */
export function isNumberText(bytes: Uint8Array, start: number, end: number): boolean {
  const last = start + unpaddedLength(bytes, start, end);
  for (let i = start; i < last; i++) if (!NUMBER.has(bytes[i])) return false;
  return true;
}
