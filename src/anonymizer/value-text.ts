import { sha256 } from '@noble/hashes/sha2.js';
import { decodeText } from './dicom/character-set.ts';
import { formatTag, tagOf } from './dicom/tag.ts';
import { isStringVr, unitOf, type VR } from './dicom/vr.ts';

/** Characters of a value that are shown, and numbers; what is longer ends in `…`. */
const MAX_CHARACTERS_SHOWN = 4096;
const MAX_NUMBERS_SHOWN = 64;

/** Bytes of a binary value up to which a digest is worth its time. */
const MAX_DIGESTED = 1 << 16;

/** How the bytes of a value are to be read. */
export interface ValueContext {
  /** Specific Character Set as encoded. */
  readonly characterSet: string;
  readonly littleEndian: boolean;
}

/** A value for people: text decoded, numbers in decimal, tags as (GGGG,EEEE), other bytes as length and digest. */
export function valueForPeople(bytes: Uint8Array, vr: VR, { characterSet, littleEndian }: ValueContext): string {
  if (bytes.length === 0) return '';
  if (isStringVr(vr)) {
    const text = decodeText(bytes.subarray(0, 4 * MAX_CHARACTERS_SHOWN), vr, characterSet);
    return text.length > MAX_CHARACTERS_SHOWN || bytes.length > 4 * MAX_CHARACTERS_SHOWN ? `${text.slice(0, MAX_CHARACTERS_SHOWN)}…` : text;
  }
  return isNumeric(vr) && bytes.length % unitOf(vr) === 0 ? numbersText(bytes, vr, littleEndian) : bytesText(bytes);
}

/** `1,024 bytes, SHA-256 1a2b3c4d`; the digest is left out for what is long. */
export function bytesText(bytes: Uint8Array): string {
  return bytes.length > MAX_DIGESTED ? lengthText(bytes.length) : `${lengthText(bytes.length)}, SHA-256 ${hex(sha256(bytes).subarray(0, 4))}`;
}

export function lengthText(length: number): string {
  return `${String(length).replace(/\B(?=(\d{3})+$)/g, ',')} ${length === 1 ? 'byte' : 'bytes'}`;
}

function isNumeric(vr: VR): boolean {
  switch (vr) {
    case 'AT': case 'FD': case 'FL': case 'SL': case 'SS': case 'SV': case 'UL': case 'US': case 'UV': return true;
    default: return false;
  }
}

function numbersText(bytes: Uint8Array, vr: VR, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = vr === 'AT' ? 4 : unitOf(vr);
  const count = Math.floor(bytes.length / size);
  const shown = Array.from({ length: Math.min(count, MAX_NUMBERS_SHOWN) }, (_, i) => numberText(view, i * size, vr, littleEndian));
  return `${shown.join('\\')}${count > shown.length ? '\\…' : ''}`;
}

function numberText(view: DataView, at: number, vr: VR, littleEndian: boolean): string {
  switch (vr) {
    case 'AT': return formatTag(tagOf(view.getUint16(at, littleEndian), view.getUint16(at + 2, littleEndian)));
    case 'FD': return String(view.getFloat64(at, littleEndian));
    case 'FL': return String(Number(view.getFloat32(at, littleEndian).toPrecision(7)));
    case 'SL': return String(view.getInt32(at, littleEndian));
    case 'SS': return String(view.getInt16(at, littleEndian));
    case 'SV': return String(view.getBigInt64(at, littleEndian));
    case 'UL': return String(view.getUint32(at, littleEndian));
    case 'UV': return String(view.getBigUint64(at, littleEndian));
    default: return String(view.getUint16(at, littleEndian));
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
