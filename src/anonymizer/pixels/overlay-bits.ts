import { type DataElement, type DataSet, indexOf } from '../dicom/data-set.ts';
import { DicomError } from '../dicom/errors.ts';
import { elementOf, groupOf, type Tag, tagOf } from '../dicom/tag.ts';
import type { Draft } from '../draft.ts';
import { rule } from '../rules/rule.ts';
import { IMAGE, numberAt, pixelDataIndex } from './image.ts';

const NO_DATA = rule('X', 'basic', 'Describes an overlay whose data are removed');
const CLEARED = rule('C', 'basic', 'Overlay in bits of the pixels that hold no sample: cleared');

const FIRST_OVERLAY = 0x60000000;
const AFTER_OVERLAYS = 0x601f0000;
const OVERLAY_BITS_ALLOCATED = 0x0100;
const OVERLAY_BIT_POSITION = 0x0102;
const OVERLAY_DATA = 0x3000;

/**
 * Takes out overlays that stand in bits of the pixels which hold no sample (PS3.3 C.9.2, retired), as Table E.1-1
 * asks for those in Overlay Data: what describes them goes, and their bits are cleared in native pixels.
 * @throws DicomError `unsafe` where such an overlay is there and the pixels are too long to be written anew
 */
export function dropOverlayBits(draft: Draft): void {
  const { dataSet, rules } = draft;
  const groups = groupsInPixels(dataSet);
  if (groups.size === 0) return;
  dataSet.elements.forEach(({ tag, depth }, index) => {
    if (depth > 0 || !groups.has(groupOf(tag)) || indexOf(dataSet, tagOf(groupOf(tag), OVERLAY_DATA)) >= 0) return;
    if (rules[index] !== undefined && rules[index].source !== 'user') rules[index] = NO_DATA;
  });
  const bitsStored = numberAt(dataSet, IMAGE.BitsStored) ?? 0;
  const highBit = numberAt(dataSet, IMAGE.HighBit) ?? bitsStored - 1;
  const positions = [...groups].map((group) => numberAt(dataSet, tagOf(group, OVERLAY_BIT_POSITION)) ?? 0);
  const outside = positions.filter((position) => position > highBit || position <= highBit - bitsStored);
  if (outside.length > 0) clearBits(draft, outside, highBit);
}

/** Groups at the top level whose Overlay Bits Allocated or Overlay Bit Position speak of the pixels. */
export function groupsInPixels(dataSet: DataSet): Set<number> {
  const groups = new Set<number>();
  for (const { tag, depth } of dataSet.elements) {
    if (depth > 0 || tag < FIRST_OVERLAY || tag >= AFTER_OVERLAYS) continue;
    const usual = elementOf(tag) === OVERLAY_BITS_ALLOCATED ? 1 : elementOf(tag) === OVERLAY_BIT_POSITION ? 0 : undefined;
    if (usual !== undefined && (numberAt(dataSet, tag) ?? usual) > usual) groups.add(groupOf(tag));
  }
  return groups;
}

function clearBits(draft: Draft, positions: readonly number[], highBit: number): void {
  const { dataSet, rules, replacements, redactions, warnings } = draft;
  const index = pixelDataIndex(dataSet);
  if (index < 0 || rules[index] === undefined || rules[index].action === 'X') return;
  const element = dataSet.elements[index];
  if (element.undefinedLength) {
    warnings.push({ code: 'overlay-in-pixels', text: 'An overlay may stand in unused bits of the compressed pixels; look whether it holds text', args: [], tag: element.tag });
    return;
  }
  const cells = cellsOf(dataSet, element.tag, positions, highBit);
  if (!holdsOverlay(dataSet, element, cells)) return;
  if (element.length > dataSet.limits.valueBytes) throw new DicomError('unsafe', 'an overlay in unused bits of pixels that are too long to be written anew', { tag: element.tag });
  const bytes = new Uint8Array(element.length + (element.length & 1));
  bytes.set(dataSet.source.read(element.valueStart, element.valueEnd));
  for (let i = 0; i < element.length; i++) bytes[i] &= ~cells.masks[i % cells.masks.length];
  // What is written anew is not redacted when it is written.
  for (const { start, end, fill } of redactions) if (start >= element.valueStart && end <= element.valueEnd) bytes.fill(fill, start - element.valueStart, end - element.valueStart);
  rules[index] = CLEARED;
  replacements.set(index, bytes);
}

/** Cells of 8 or 16 bits, byte by byte as they stand in the value. */
interface Cells {
  /** The bits of overlays. */
  readonly masks: readonly number[];
  /** The bits above the sample, and the one that they repeat if the sample is signed. */
  readonly above: readonly number[];
  readonly sign: readonly number[];
  readonly signed: boolean;
}

function cellsOf(dataSet: DataSet, tag: Tag, positions: readonly number[], highBit: number): Cells {
  const bits = numberAt(dataSet, IMAGE.BitsAllocated) ?? 0;
  if (bits !== 8 && bits !== 16) throw new DicomError('unsafe', 'an overlay in unused bits of pixels that are not of 8 or 16 bits', { tag });
  const inBytes = (mask: number) => (bits === 8 ? [mask & 0xff] : dataSet.littleEndian ? [mask & 0xff, mask >> 8] : [mask >> 8, mask & 0xff]);
  const all = (1 << bits) - 1;
  return {
    masks: inBytes(positions.reduce((mask, position) => mask | (1 << position), 0) & all),
    above: inBytes(all & ~((2 << highBit) - 1)),
    sign: inBytes((1 << highBit) & all),
    signed: numberAt(dataSet, IMAGE.PixelRepresentation) === 1,
  };
}

/** Whether a bit of an overlay is set that is no sign carried on (PS3.5 8.1.1); read in windows. */
function holdsOverlay({ source }: DataSet, { valueStart, valueEnd }: DataElement, { masks, above, sign, signed }: Cells): boolean {
  const size = masks.length;
  for (let at = valueStart; at + size <= valueEnd; ) {
    const { bytes, offset } = source.window(at, size);
    const last = Math.min(offset + bytes.length, valueEnd) - size;
    for (; at <= last; at += size) {
      const i = at - offset;
      const isSet = ((bytes[i] & masks[0]) | (size > 1 ? bytes[i + 1] & masks[1] : 0)) !== 0;
      if (isSet && !(signed && isSignExtended(bytes, i, above, sign))) return true;
    }
  }
  return false;
}

function isSignExtended(bytes: Uint8Array, i: number, above: readonly number[], sign: readonly number[]): boolean {
  return sign.some((bit, k) => (bytes[i + k] & bit) !== 0) && above.every((bits, k) => (bytes[i + k] & bits) === bits);
}
