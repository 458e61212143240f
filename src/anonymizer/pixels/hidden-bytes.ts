import type { DataElement, DataSet } from '../dicom/data-set.ts';
import { DicomError } from '../dicom/errors.ts';
import { indexOf } from '../dicom/data-set.ts';
import { TAG, type Tag } from '../dicom/tag.ts';
import type { Draft } from '../draft.ts';
import { rule } from '../rules/rule.ts';
import { FrameStream } from './frame-stream.ts';
import { IMAGE, numberAt, textAt } from './image.ts';
import { magicOf } from './magic.ts';

const ICON_IMAGE_SEQUENCE: Tag = 0x00880200;
/** Pixel Data, Float and Double Float Pixel Data, and the VRs that they may have (PS3.5 8.1, A). */
const PIXELS: ReadonlyMap<Tag, readonly string[]> = new Map([
  [TAG.PixelData, ['OB', 'OW', '']], [IMAGE.FloatPixelData, ['OF', '']], [IMAGE.DoubleFloatPixelData, ['OD', '']],
]);

const ELSEWHERE = rule('X', 'file-structure', 'Pixel Data stands at the top level or in an icon: nobody looks at it anywhere else');

/**
 * Makes sure that no bytes pass as pixels that no reader takes for pixels: Pixel Data in other places goes, native
 * Pixel Data is blanked behind its last frame, and what contradicts the Transfer Syntax is refused. Looks at lengths
 * alone; bytes are read only where there are too many, or too few.
 * @throws DicomError `damaged`
 */
export function guardPixelData(draft: Draft): void {
  const { dataSet, rules, replacements } = draft;
  const seen = new Set<Tag>();
  dataSet.elements.forEach((element, index) => {
    const vrs = PIXELS.get(element.tag);
    if (vrs === undefined && !element.undefinedLength) return;
    const own = rules[index];
    if (own === undefined || own.action === 'X' || replacements.has(index)) return;
    if (vrs === undefined) {
      if (element.vr !== 'SQ' && !element.isItem) throw damaged(element, 'fragments in an element that is not Pixel Data');
      return;
    }
    if (element.depth > 0 && sequenceOf(dataSet, element) !== ICON_IMAGE_SEQUENCE) {
      if (own.source !== 'user') rules[index] = ELSEWHERE;
      return;
    }
    if (element.depth === 0 && seen.has(element.tag)) throw damaged(element, 'Pixel Data a second time');
    if (element.depth === 0) seen.add(element.tag);
    if (!vrs.includes(element.encodedVr)) throw damaged(element, 'Pixel Data with a Value Representation that it cannot have');
    guardEncoding(draft, element);
  });
}

/** Encapsulated Pixel Data has an undefined length, and native Pixel Data a defined one (PS3.5 A.4); icons may be either. */
function guardEncoding(draft: Draft, element: DataElement): void {
  const { encapsulated } = draft.dataSet.transferSyntax;
  if (element.undefinedLength) {
    if (!encapsulated || element.tag !== TAG.PixelData) throw damaged(element, 'encapsulated Pixel Data under a native Transfer Syntax');
    return;
  }
  if (encapsulated && element.depth === 0 && element.tag === TAG.PixelData) throw damaged(element, 'native Pixel Data under a Transfer Syntax that encapsulates it');
  blankSurplus(draft, element);
}

/** Blanks what is longer than the Image Pixel Module says, one byte of padding aside (PS3.5 8.1.1). */
function blankSurplus({ dataSet, redactions, warnings }: Draft, element: DataElement): void {
  const { valueStart, valueEnd, length } = element;
  const described = describedBytes(dataSet, element);
  if (described !== undefined && length < described && isCodestream(dataSet, element)) throw damaged(element, 'a compressed image in native Pixel Data');
  if (described !== undefined && length <= described + 1) return;
  const surplus = new FrameStream(dataSet.source, [{ start: valueStart + (described ?? 0), end: valueEnd }], redactions);
  const before = redactions.length;
  surplus.blankRest(0, surplus.length);
  if (redactions.length === before) return;
  if (described === undefined) throw damaged(element, 'Pixel Data whose Rows, Columns or Bits Allocated are not there');
  warnings.push({ code: 'pixel-surplus', text: 'Pixel Data held more than its image: what is beyond was overwritten', args: [], tag: element.tag });
}

/** Bytes that the frames of native Pixel Data take; undefined where the Data Set does not tell. */
export function describedBytes(dataSet: DataSet, { parent: item, length }: DataElement): number | undefined {
  const number = (tag: Tag) => numberAt(dataSet, tag, item);
  const [rows, columns, bits] = [number(IMAGE.Rows), number(IMAGE.Columns), number(IMAGE.BitsAllocated)];
  if (rows === undefined || columns === undefined || bits === undefined) return undefined;
  const samples = number(IMAGE.SamplesPerPixel) ?? 1;
  const bytesOf = (frames: number, cells: number) => Math.ceil((rows * columns * cells * bits * frames) / 8);
  const frames = number(IMAGE.NumberOfFrames);
  if (frames === undefined && indexOf(dataSet, IMAGE.NumberOfFrames, item) >= 0) {
    // No number: as many frames as there are, if they come out even.
    const one = bytesOf(1, samples);
    return one > 0 && length % one < 2 ? length : one;
  }
  const all = bytesOf(Math.max(1, Math.floor(frames ?? 1)), samples);
  if (samples !== 3 || !/^YBR_(FULL|PARTIAL)_422/i.test(textAt(dataSet, IMAGE.PhotometricInterpretation, item))) return all;
  // Two pixels share their colours (PS3.3 C.7.6.3.1.2), but some write them in full.
  return length === all || length === all + 1 ? all : bytesOf(Math.max(1, Math.floor(frames ?? 1)), 2);
}

function isCodestream(dataSet: DataSet, { valueStart: start, valueEnd: end }: DataElement): boolean {
  return magicOf(new FrameStream(dataSet.source, [{ start, end }], [])) !== undefined;
}

/** The tag of the Sequence whose Item holds the element. */
function sequenceOf({ elements }: DataSet, { parent }: DataElement): Tag {
  return elements[elements[parent].parent].tag;
}

function damaged({ tag, start }: DataElement, message: string): DicomError {
  return new DicomError('damaged', message, { tag, offset: start });
}
