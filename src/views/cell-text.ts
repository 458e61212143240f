import { decodeText } from '../anonymizer/dicom/character-set.ts';
import { isStringVr, unitOf, type VR } from '../anonymizer/dicom/vr.ts';
import type { CellText } from './protocol.ts';

/** Bytes of a value that are looked at for a cell; the details of a row show more. */
export const CELL_BYTES = 600;
const CELL_CHARACTERS = 160;
/** Bytes of a binary value that are shown. */
const HEX_BYTES = 16;
/** Numbers of a value that are shown. */
const NUMBERS = 64;

/**
 * The text of a value for people: character data decoded, numbers written out, bytes in hexadecimal digits.
 * @param bytes the value or its beginning
 */
export function textOfValue(bytes: Uint8Array, vr: VR, characterSet: string, littleEndian: boolean, length = bytes.length): string {
  if (isStringVr(vr)) return decodeText(bytes, vr, characterSet);
  if (length === 0) return '';
  const numbers = numbersOf(bytes, vr, littleEndian, length);
  if (numbers !== undefined) return numbers;
  const hex = Array.from(bytes.subarray(0, HEX_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return length > HEX_BYTES ? `${hex} …` : hex;
}

/** Numbers of a binary VR; undefined for streams of bytes and words. */
function numbersOf(bytes: Uint8Array, vr: VR, littleEndian: boolean, length: number): string | undefined {
  const read = READERS[vr];
  if (read === undefined) return undefined;
  const unit = vr === 'AT' ? 4 : unitOf(vr);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: string[] = [];
  for (let at = 0; at + unit <= bytes.length && values.length < NUMBERS; at += unit) values.push(read(view, at, littleEndian));
  return values.join('\\') + (length > values.length * unit ? '\\…' : '');
}

type Reader = (view: DataView, at: number, littleEndian: boolean) => string;

const hex4 = (value: number) => value.toString(16).toUpperCase().padStart(4, '0');
const READERS: Partial<Record<VR, Reader>> = {
  US: (view, at, le) => String(view.getUint16(at, le)),
  SS: (view, at, le) => String(view.getInt16(at, le)),
  UL: (view, at, le) => String(view.getUint32(at, le)),
  SL: (view, at, le) => String(view.getInt32(at, le)),
  FL: (view, at, le) => String(Number(view.getFloat32(at, le).toPrecision(8))),
  FD: (view, at, le) => String(view.getFloat64(at, le)),
  SV: (view, at, le) => String(view.getBigInt64(at, le)),
  UV: (view, at, le) => String(view.getBigUint64(at, le)),
  AT: (view, at, le) => `(${hex4(view.getUint16(at, le))},${hex4(view.getUint16(at + 2, le))})`,
};

/** Whether the value is shown as bytes, so that its length and digest say more than its text. */
export function isBinary(vr: string): boolean {
  return vr === 'OB' || vr === 'OW' || vr === 'OD' || vr === 'OF' || vr === 'OL' || vr === 'OV' || vr === 'UN';
}

/** Marks that turn the direction of text or hide in it (Unicode Cf and line separators). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The text with what cannot be seen spelled out, so that no value can disguise itself. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (mark) => {
    const code = mark.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `‹U+${hex4(code)}›`;
  });
}

/** The beginning of a text for a cell. */
export function cell(text: string, whole = text.length, limit = CELL_CHARACTERS): CellText {
  // Not between the halves of a character outside the basic plane.
  const end = text.length <= limit ? text.length : /[\ud800-\udbff]/.test(text[limit - 1]) ? limit - 1 : limit;
  return { text: visible(text.slice(0, end)), more: Math.max(0, whole - end) };
}
