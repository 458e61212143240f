import type { DataElement, DataSet } from './data-set.ts';
import { DicomError } from './errors.ts';

/**
 * The value's bytes as a string of one character a byte (ISO 8859-1), padding included. Identifiers are compared and
 * texts are cleaned in this form, so that bytes of every character set survive untouched.
 */
export function byteString(bytes: Uint8Array): string {
  const { length } = bytes;
  // Spreading is the fastest way for short values; long ones would overflow the argument list.
  if (length <= 4096) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = '';
  for (let from = 0; from < length; from += 4096) text += byteString(bytes.subarray(from, from + 4096));
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  layText(bytes, 0, text);
  return bytes;
}

/** Lays a text of one character a byte into bytes, which have room for it. */
export function layText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

/**
 * The bytes of an element's value; empty for a Sequence without Items.
 * @throws DicomError `limit` for a value that is too long to be looked into
 */
export function valueBytes(dataSet: DataSet, element: DataElement): Uint8Array {
  const { valueBytes: most } = dataSet.limits;
  if (element.length > most) throw new DicomError('limit', `a value of more than ${most} bytes that would have to be looked into`, { tag: element.tag, offset: element.start });
  return dataSet.source.read(element.valueStart, element.valueEnd);
}

/** The value as a byte string without the padding at its end (PS3.5 6.2). */
export function valueText(dataSet: DataSet, element: DataElement): string {
  return unpadded(byteString(valueBytes(dataSet, element)));
}

export function unpadded(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Offset after the last byte that is no padding (PS3.5 6.2). */
export function unpaddedEnd(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && (bytes[last - 1] === 0x20 || bytes[last - 1] === 0)) last--;
  return last;
}

/** The values of an element with a multiplicity, separated by backslashes (PS3.5 6.4). */
export function valueTexts(dataSet: DataSet, element: DataElement): string[] {
  return valueText(dataSet, element).split('\\').map((value) => unpadded(value));
}

/** All zeros or all FF, with which writers fill up; anything else may be the rest of an element that was cut off. */
export function isPadding(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === bytes[0] && (byte === 0 || byte === 0xff));
}
