import { TAG, type Tag } from './tag.ts';
import { layText } from './values.ts';
import { hasLongForm, paddingOf, unitOf, type VR } from './vr.ts';

/** How elements are laid down (PS3.5 7.1). */
export interface Encoding {
  readonly implicit: boolean;
  readonly littleEndian: boolean;
}

/**
 * An element to be written: `value` is text (ASCII, values joined by a backslash), numbers in the VR's own unit,
 * bytes as they are, or Items for SQ.
 */
export interface ElementToWrite {
  readonly tag: Tag;
  readonly vr: VR;
  readonly value: string | readonly number[] | Uint8Array | readonly ItemToWrite[];
}

export type ItemToWrite = readonly ElementToWrite[];

/** Bytes of elements in the given order, Sequences and Items with defined lengths, values padded to even length. */
export function encodeElements(elements: readonly ElementToWrite[], encoding: Encoding): Uint8Array {
  return concat(elements.map((element) => encodeElement(element, encoding)));
}

export function encodeElement(element: ElementToWrite, encoding: Encoding): Uint8Array {
  const value = encodeValue(element, encoding);
  return concat([encodeHeader(element.tag, element.vr, value.length, encoding), value]);
}

/** Header of an element: 8 bytes, or 12 for the long form of explicit VR. `length` may be 0xFFFFFFFF. */
export function encodeHeader(tag: Tag, vr: VR | '', length: number, encoding: Encoding): Uint8Array {
  const { littleEndian } = encoding;
  const isShort = encoding.implicit || vr === '' || !hasLongForm(vr);
  const bytes = new Uint8Array(isShort ? 8 : 12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
  if (encoding.implicit || vr === '') {
    view.setUint32(4, length, littleEndian);
    return bytes;
  }
  bytes[4] = vr.charCodeAt(0);
  bytes[5] = vr.charCodeAt(1);
  if (!isShort) view.setUint32(8, length, littleEndian);
  else if (length > 0xffff) throw new RangeError(`a value of VR ${vr} is longer than 65535 bytes`);
  else view.setUint16(6, length, littleEndian);
  return bytes;
}

/** Bytes of the value alone, of even length. */
export function encodeValue({ vr, value }: ElementToWrite, encoding: Encoding): Uint8Array {
  if (value instanceof Uint8Array) return padded(value, vr);
  if (typeof value === 'string') return encodeText(value, vr);
  if (vr === 'SQ') return concat((value as readonly ItemToWrite[]).map((item) => encodeItem(item, encoding)));
  return encodeNumbers(value as readonly number[], vr, encoding.littleEndian);
}

export function encodeItem(item: ItemToWrite, encoding: Encoding): Uint8Array {
  const content = encodeElements(item, encoding);
  return concat([encodeHeader(TAG.Item, '', content.length, encoding), content]);
}

/** ASCII, which is legal under every Specific Character Set, padded to even length. */
export function encodeText(text: string, vr: VR): Uint8Array {
  const length = text.length + (text.length & 1);
  const bytes = new Uint8Array(length);
  layText(bytes, 0, text);
  if (length > text.length) bytes[text.length] = paddingOf(vr);
  return bytes;
}

function encodeNumbers(values: readonly number[], vr: VR, littleEndian: boolean): Uint8Array {
  const size = vr === 'AT' ? 4 : unitOf(vr);
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    const at = i * size;
    switch (vr) {
      case 'AT':
        view.setUint16(at, value >>> 16, littleEndian);
        view.setUint16(at + 2, value & 0xffff, littleEndian);
        break;
      case 'US': case 'OW': view.setUint16(at, value, littleEndian); break;
      case 'SS': view.setInt16(at, value, littleEndian); break;
      case 'UL': case 'OL': view.setUint32(at, value, littleEndian); break;
      case 'SL': view.setInt32(at, value, littleEndian); break;
      case 'FL': case 'OF': view.setFloat32(at, value, littleEndian); break;
      case 'FD': case 'OD': view.setFloat64(at, value, littleEndian); break;
      case 'OV': case 'UV': view.setBigUint64(at, BigInt(value), littleEndian); break;
      case 'SV': view.setBigInt64(at, BigInt(value), littleEndian); break;
      default: bytes[at] = value;
    }
  });
  return padded(bytes, vr);
}

function padded(bytes: Uint8Array, vr: VR): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concat([bytes, Uint8Array.of(paddingOf(vr))]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
