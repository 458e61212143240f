import { unpadded, unpaddedEnd } from '../dicom/values.ts';
import { isOfNumber } from '../value-form.ts';

/** Bytes of a UID with its padding. */
const LONGEST_UID = 66;

/** The one UID that a value is; undefined for anything else (PS3.5 9.1). */
export function uidOf(value: string): string | undefined {
  if (value.length > LONGEST_UID) return undefined;
  const text = unpadded(value);
  return /^[\d.]{8,64}$/.test(text) ? text : undefined;
}

/** Characters that tell a day in a DA or DT: YYYYMMDD, or YYYY.MM.DD. */
const DAY_LENGTH = 10;
const LONGEST_DATE = 26;

/** Whether a DA or DT has the form of one, and the day that another one has. */
export function isOfSameDay(bytes: Uint8Array, start: number, end: number, other: Uint8Array, otherStart: number, otherEnd: number): boolean {
  const length = unpaddedEnd(bytes, start, end) - start;
  const otherLength = unpaddedEnd(other, otherStart, otherEnd) - otherStart;
  if (length < 8 || length > LONGEST_DATE || Math.min(length, DAY_LENGTH) !== Math.min(otherLength, DAY_LENGTH)) return false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i];
    const isDigitOrDot = (byte >= 0x30 && byte <= 0x39) || byte === 0x2e;
    if (i < DAY_LENGTH ? !isDigitOrDot || byte !== other[otherStart + i] : !isDigitOrDot && byte !== 0x2b && byte !== 0x2d) return false;
  }
  return true;
}

/** Whether a DS or IS holds what numbers are written with, and padding. */
export function isNumberText(bytes: Uint8Array, start: number, end: number): boolean {
  const last = unpaddedEnd(bytes, start, end);
  for (let i = start; i < last; i++) if (!isOfNumber(bytes[i])) return false;
  return true;
}
