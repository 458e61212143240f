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
