import type { ByteSource } from '../dicom/byte-source.ts';
import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { encodeText } from '../dicom/encode.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG } from '../dicom/tag.ts';
import { type Draft, topLevelText } from '../draft.ts';
import type { Identifier } from '../identifiers.ts';
import type { Addition } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import type { AttributeChange } from './attributes.ts';
import type { PixelPiece } from './clean.ts';
import type { PixelCleaner } from './cleaner.ts';
import { pixelDataIndex } from './image.ts';

const BLACKED = rule('C', 'clean-pixel-data', 'Text in the picture is blacked out');
const FOLLOWS = rule('D', 'clean-pixel-data', 'Says what the cleaned pixels are like');
const GONE = rule('X', 'clean-pixel-data', 'Speaks of the pixels as they were before they were cleaned');
const NEW_INSTANCE = rule('U', 'clean-pixel-data', 'The pixels change, so it is another instance');

/**
 * Plans Clean Pixel Data (PS3.15 E.3.1): what is black, how the pixels are written, and which attributes change with
 * them. Nothing for an instance without pixels, or whose pixels a rule of the user's takes out.
 * @throws DicomError `unsafe` or `limit` for pixels that cannot be cleaned, `damaged` with the number of a frame
 */
export function cleanPixelData(draft: Draft, identifiers: readonly Identifier[], cleaner: PixelCleaner): void {
  const { rules, replacements, warnings } = draft;
  const index = pixelDataIndex(draft.dataSet);
  if (index >= 0 && (rules[index]?.action === 'X' || (replacements.has(index) && rules[index]?.source === 'user'))) return;
  const dataSet = withNewPixels(draft, index);
  const { regions, left } = cleaner.propose(dataSet, identifiers);
  const cleaned = cleaner.clean(dataSet, regions);
  if (cleaned === undefined) return;
  const { transferSyntax, framesChanged, isChecked } = cleaned;
  if (left.length > 0) warnings.push({ code: 'text-left-in-pixels', text: 'Text was left in the picture, in which no value of the patient was read; look at it', args: [], tag: TAG.PixelData });
  let pieces: readonly PixelPiece[] | undefined;
  if (framesChanged > 0) {
    const source = draft.dataSet.transferSyntax;
    const canChange = source.encapsulated && !source.implicit && !source.deflated && source.littleEndian;
    if (transferSyntax.uid !== source.uid && !canChange) throw new DicomError('unsafe', 'the data set cannot be written in another Transfer Syntax', { tag: TAG.PixelData });
    pieces = withoutOldPixels(draft, index, cleaned.pieces);
    rules[index] = BLACKED;
    replacements.delete(index);
  }
  const additions = cleaned.attributes.flatMap((change) => changed(draft, change));
  draft.pixels = { plan: { index, regions, left, framesChanged, isChecked, transferSyntax, pieces }, additions };
  if (framesChanged > 0) renewInstance(draft);
}

/** Whether the pixels change, so that not even Retain UIDs keeps the instance's own (PS3.3 C.7.6.1.1.2). */
export function isNewInstance(pixels: Draft['pixels']): boolean {
  return (pixels?.plan.framesChanged ?? 0) > 0;
}

function renewInstance({ dataSet, rules, replacements, pseudonyms }: Draft): void {
  const index = indexOf(dataSet, TAG.SOPInstanceUID);
  const uid = topLevelText(dataSet, TAG.SOPInstanceUID);
  if (index < 0 || uid === '' || replacements.has(index)) return;
  rules[index] = NEW_INSTANCE;
  replacements.set(index, encodeText(pseudonyms.uid(uid), 'UI'));
}

/** Every element of the attribute at the top level: the first gets the value, what else there is of it goes. */
function changed({ dataSet, rules, replacements }: Draft, { tag, vr, value }: AttributeChange): Addition[] {
  const { elements } = dataSet;
  let toWrite = value;
  for (let i = 0; i < elements.length; i = elements[i].next) {
    if (elements[i].tag !== tag) continue;
    if (toWrite !== undefined && elements[i].vr === vr) {
      rules[i] = FOLLOWS;
      replacements.set(i, toWrite);
      toWrite = undefined;
    } else {
      rules[i] = GONE;
      replacements.delete(i);
    }
  }
  return toWrite === undefined ? [] : [{ tag, vr, value: toWrite, rule: FOLLOWS }];
}

/** The Data Set with what the plan already has in place of its Pixel Data: bits of overlays that are cleared. */
function withNewPixels({ dataSet, replacements }: Draft, index: number): DataSet {
  const value = replacements.get(index);
  if (value === undefined) return dataSet;
  const { valueStart, valueEnd } = dataSet.elements[index];
  return { ...dataSet, source: new PatchedSource(dataSet.source, valueStart, value.subarray(0, valueEnd - valueStart)) };
}

/** Spans of a value that is replaced are no spans of the source. */
function withoutOldPixels({ dataSet, replacements }: Draft, index: number, pieces: readonly PixelPiece[]): readonly PixelPiece[] {
  const value = replacements.get(index);
  if (value === undefined) return pieces;
  const { valueStart, valueEnd } = dataSet.elements[index];
  return pieces.flatMap((piece): PixelPiece[] => {
    if (piece instanceof Uint8Array || !('start' in piece) || piece.end <= valueStart || piece.start >= valueEnd) return [piece];
    const { start, end } = piece;
    return [
      ...(start < valueStart ? [{ start, end: valueStart }] : []),
      value.subarray(Math.max(start, valueStart) - valueStart, Math.min(end, valueEnd) - valueStart),
      ...(end > valueEnd ? [{ start: valueEnd, end }] : []),
    ];
  });
}

/** A source in which some bytes are others. */
class PatchedSource implements ByteSource {
  readonly size: number;

  constructor(private readonly source: ByteSource, private readonly at: number, private readonly patch: Uint8Array) {
    this.size = source.size;
  }

  read(start: number, end: number): Uint8Array {
    const { at, patch } = this;
    const [from, to] = [Math.max(start, at), Math.min(end, at + patch.length)];
    const bytes = this.source.read(start, end);
    if (from >= to) return bytes;
    const own = bytes.slice();
    own.set(patch.subarray(from - at, to - at), from - start);
    return own;
  }

  window(start: number, length: number): { readonly bytes: Uint8Array; readonly offset: number } {
    return { bytes: this.read(start, Math.min(this.size, start + length)), offset: start };
  }
}
