import type { DataElement, DataSet } from '../dicom/data-set.ts';
import { indexOf } from '../dicom/data-set.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG, type Tag } from '../dicom/tag.ts';
import { isVideo } from '../dicom/transfer-syntax.ts';
import type { Draft } from '../draft.ts';
import { blankBoxes } from './boxes.ts';
import { type Fragment, fragmentsOf } from './fragments.ts';
import { FrameStream } from './frame-stream.ts';
import { locateFrames } from './frames.ts';
import { IMAGE, numberAt, type PixelLayout } from './image.ts';
import { blankJpeg2000Comments } from './jpeg2000-comments.ts';
import { blankJpegSegments } from './jpeg-segments.ts';
import { magicOf } from './magic.ts';
import { blankRleSlack } from './rle-slack.ts';

const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/** What a person should know of the frames of an element. */
interface Findings {
  /** Something could not be looked into. */
  unchecked: boolean;
  /** Whole fragments were blanked that no frame needs. */
  surplus: boolean;
  lostJpeg: boolean;
}

/**
 * Text inside compressed frames beside their samples, overwritten in place so that not a byte moves: comments and
 * application segments, boxes, and what follows the end of a codestream. Each frame is one stream over its fragments,
 * and its first bytes tell what it is: writers err in Transfer Syntaxes. A warning says where nothing could be told.
 */
export function findComments(draft: Draft): void {
  const { dataSet, redactions, rules, warnings } = draft;
  dataSet.elements.forEach((element, index) => {
    if (element.tag !== TAG.PixelData || !element.undefinedLength || rules[index]?.action !== 'K') return;
    const found: Findings = { unchecked: isVideo(dataSet.transferSyntax), surplus: false, lostJpeg: false };
    const plane = bytesOfPlane(dataSet, element);
    if (!found.unchecked) for (const fragments of framesOf(dataSet, element)) clean(new FrameStream(dataSet.source, fragments, redactions), dataSet, plane, found);
    const say = (code: 'unchecked-stream' | 'pixel-surplus', text: string) => warnings.push({ code, text, args: [], tag: TAG.PixelData });
    if (found.unchecked) say('unchecked-stream', 'Text beside the image inside its compressed pixels was not looked for: this program cannot look into them');
    if (found.surplus) say('pixel-surplus', 'Pixel Data held more than its image: what is beyond was overwritten');
    if (found.lostJpeg) say('pixel-surplus', 'What the original JPEG file could be rebuilt from was overwritten in the JPEG XL frames, since it holds that file\'s metadata');
  });
  // An icon may come after what belongs to larger pixels; redactions are in the order of their offsets.
  redactions.sort((a, b) => a.start - b.start);
}

function clean(frame: FrameStream, { transferSyntax }: DataSet, plane: number, found: Findings): void {
  const { length } = frame;
  const kind = magicOf(frame);
  if (kind === 'jpeg') {
    cleanCodestream(frame, blankJpegSegments(frame, 0, length), found);
  } else if (kind === 'jpeg-2000') {
    cleanCodestream(frame, blankJpeg2000Comments(frame, 0, length), found);
  } else if (kind === 'jp2' || kind === 'jpeg-xl-container') {
    const { isFollowed, lostJpeg } = blankBoxes(frame, kind === 'jp2' ? 'jp2' : 'jxl', 0, length);
    found.unchecked ||= !isFollowed;
    found.lostJpeg ||= lostJpeg;
  } else {
    // JPEG XL without a container does not tell where it ends, and a deflated frame tells nothing at all.
    found.unchecked ||= transferSyntax.uid !== RLE_LOSSLESS || plane === 0 || !blankRleSlack(frame, plane);
  }
}

/** What a segment of RLE unpacks to; single bits are packed, eight to a byte. */
function bytesOfPlane(dataSet: DataSet, { parent }: DataElement): number {
  const number = (tag: Tag) => numberAt(dataSet, tag, parent) ?? 0;
  const pixels = number(IMAGE.Rows) * number(IMAGE.Columns);
  return number(IMAGE.BitsAllocated) === 1 ? Math.ceil(pixels / 8) : pixels;
}

function cleanCodestream(frame: FrameStream, end: number | undefined, found: Findings): void {
  if (end === undefined) found.unchecked = true;
  else if (frame.blankRest(end, frame.length)) found.surplus = true;
}

/** Fragments by frame; where that cannot be told, a frame begins where a codestream begins. */
function framesOf(dataSet: DataSet, element: DataElement): readonly (readonly Fragment[])[] {
  const { parent } = element;
  const count = indexOf(dataSet, IMAGE.NumberOfFrames, parent) < 0 ? 1 : numberAt(dataSet, IMAGE.NumberOfFrames, parent);
  if (count === undefined || !Number.isInteger(count) || count < 1) return byCodestream(dataSet, element);
  try {
    const frames = locateFrames(dataSet, element, { ...NO_LAYOUT, frames: count });
    return Array.from({ length: frames.count }, (_, frame) => frames.spans(frame));
  } catch (error) {
    if (error instanceof DicomError) return byCodestream(dataSet, element);
    throw error;
  }
}

/** Fragments tell frames by themselves: what the pixels look like does not matter. */
const NO_LAYOUT: PixelLayout = { rows: 0, columns: 0, samples: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7, signed: false, planar: false, photometric: '' };

function byCodestream(dataSet: DataSet, element: DataElement): Fragment[][] {
  const [, ...fragments] = fragmentsOf(dataSet, element);
  const frames: Fragment[][] = [];
  for (const fragment of fragments) {
    const last = frames[frames.length - 1];
    if (last === undefined || magicOf(new FrameStream(dataSet.source, [fragment], [])) !== undefined) frames.push([fragment]);
    else last.push(fragment);
  }
  return frames;
}
