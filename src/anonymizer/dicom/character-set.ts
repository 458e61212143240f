import { convertBytes } from 'dicom-character-set';
import { indexOf, type DataSet } from './data-set.ts';
import { TAG } from './tag.ts';
import { byteString, unpadded, valueText } from './values.ts';
import { isCharacterSetVr, type VR } from './vr.ts';

/**
 * The Specific Character Set in force for the element at `index`: of the nearest Item around it that has one, else of
 * the Data Set, else the default repertoire (PS3.5 6.1, PS3.3 C.12.1.1.2). As encoded, values joined by backslashes.
 */
export function characterSetAt(dataSet: DataSet, index: number): string {
  let known = inForce.get(dataSet);
  if (known === undefined) inForce.set(dataSet, (known = new Map()));
  const asked: number[] = [];
  let answer: string | undefined;
  let item = index;
  while (answer === undefined) {
    item = dataSet.elements[item].parent;
    if (item >= 0 && !dataSet.elements[item].isItem) continue;
    asked.push(item);
    answer = known.get(item) ?? ownCharacterSet(dataSet, item) ?? (item < 0 ? '' : undefined);
  }
  for (const place of asked) known.set(place, answer);
  return answer;
}

/** By Item: what is in force in it, so that a deep Data Set with many texts is not searched for each of them. */
const inForce = new WeakMap<DataSet, Map<number, string>>();

function ownCharacterSet(dataSet: DataSet, item: number): string | undefined {
  const index = indexOf(dataSet, TAG.SpecificCharacterSet, item);
  return index < 0 ? undefined : valueText(dataSet, dataSet.elements[index]);
}

/** Text for people: decoded by the character set, byte by byte where the set is unknown or the bytes are not of it. */
export function decodeText(bytes: Uint8Array, vr: VR, characterSet: string): string {
  if (!isCharacterSetVr(vr) || characterSet === '' || !needsDecoding(bytes)) return unpadded(byteString(bytes));
  try {
    return unpadded(convertBytes(characterSet, bytes, { vr }));
  } catch {
    return unpadded(byteString(bytes));
  }
}

/** Anything outside printable ASCII: an escape sequence of ISO 2022 or a byte of the upper half. */
export function needsDecoding(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] >= 0x80 || bytes[i] === 0x1b) return true;
  return false;
}

/** UTF-8 as one character a byte; the core has no TextEncoder. A lone surrogate becomes a question mark. */
export function utf8(text: string): string {
  let encoded = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) encoded += character;
    else if (code < 0x800) encoded += String.fromCharCode(0xc0 | (code >> 6), tail(code));
    else if (code >= 0xd800 && code < 0xe000) encoded += '?';
    else if (code < 0x10000) encoded += String.fromCharCode(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else encoded += String.fromCharCode(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return encoded;
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f);
}

/**
 * Writes a text in a character set, as one character a byte; undefined for what it cannot write. Knows UTF-8 and the
 * sets of single bytes (PS3.3 C.12.1.1.2), which it learns from the decoder; of several sets the first.
 */
export function encoderOf(characterSet: string): (text: string) => string | undefined {
  const first = characterSet.split('\\')[0].trim();
  if (first === 'ISO_IR 192') return utf8;
  let bytes = singleBytes.get(first);
  if (bytes === undefined) singleBytes.set(first, (bytes = learnSingleBytes(first)));
  const known = bytes;
  return (text) => {
    let encoded = '';
    for (const character of text) {
      const byte = character.charCodeAt(0) < 0x80 ? character : known.get(character);
      if (byte === undefined) return undefined;
      encoded += byte;
    }
    return encoded;
  };
}

const singleBytes = new Map<string, ReadonlyMap<string, string>>();

function learnSingleBytes(characterSet: string): Map<string, string> {
  const known = new Map<string, string>();
  for (let byte = 0xa0; byte < 0x100; byte++) {
    const character = decodeText(Uint8Array.of(byte), 'LO', characterSet);
    if (character.length === 1) known.set(character, String.fromCharCode(byte));
  }
  return known;
}
