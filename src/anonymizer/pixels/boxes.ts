import type { FrameStream } from './frame-stream.ts';
import { blankJpeg2000Comments } from './jpeg2000-comments.ts';

const SPACE = 0x20;

/** Boxes that decoders need (ITU-T T.800 I.4, ISO/IEC 18181-2 9); all others may hold text. */
const KEPT = {
  jp2: new Set(['jP  ', 'ftyp', 'jp2h', 'jp2c']),
  /** Inside `jp2h`: size, depth, colour, palette, channels, resolution. */
  jp2h: new Set(['ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef', 'res ']),
  jxl: new Set(['JXL ', 'ftyp', 'jxll', 'jxlc', 'jxlp']),
} as const satisfies Record<string, ReadonlySet<string>>;

export interface BoxesBlanked {
  /** Whether all that a box holds could be looked into. */
  readonly isFollowed: boolean;
  /** What a JPEG file could be rebuilt from bit by bit, its metadata included, went (`jbrd`). */
  readonly lostJpeg: boolean;
}

/**
 * Blanks type and content of all boxes of a JP2 or JPEG XL container but of those that decoders need, and the comments
 * of the codestream in `jp2c`. A box of no known type is stepped over by decoders. Not a byte moves.
 */
export function blankBoxes(frame: FrameStream, kind: keyof typeof KEPT, start: number, end: number): BoxesBlanked {
  let isFollowed = true;
  let lostJpeg = false;
  for (let at = start; at < end; ) {
    const box = boxAt(frame, at, end);
    if (box === undefined) {
      // No box: nobody reads on from here.
      frame.blankRest(at, end);
      break;
    }
    const { type, content, stop } = box;
    if (!KEPT[kind].has(type)) {
      lostJpeg ||= type === 'jbrd';
      frame.blank(at + 4, at + 8, SPACE);
      frame.blank(content, stop, SPACE);
    } else if (type === 'jp2h') {
      blankBoxes(frame, 'jp2h', content, stop);
    } else if (type === 'jp2c') {
      const after = blankJpeg2000Comments(frame, content, stop);
      if (after === undefined) isFollowed = false;
      else frame.blankRest(after, stop);
    } else if (type === 'jxlc' || type === 'jxlp') {
      // Names of layers and channels stand between the bits of the image.
      isFollowed = false;
    }
    at = stop;
  }
  return { isFollowed, lostJpeg };
}

interface Box {
  readonly type: string;
  readonly content: number;
  readonly stop: number;
}

/** The box at `at` (T.800 I.4): LBox, TBox, XLBox where LBox is 1; LBox 0 reaches to the end. */
function boxAt(frame: FrameStream, at: number, end: number): Box | undefined {
  if (at + 8 > end) return undefined;
  const short = frame.uint32(at);
  const type = frame.text(at + 4, at + 8);
  if (short === 0) return { type, content: at + 8, stop: end };
  const header = short === 1 ? 16 : 8;
  if (at + header > end) return undefined;
  const length = short === 1 ? frame.uint32(at + 8) * 0x100000000 + frame.uint32(at + 12) : short;
  if (length < header || (at + length > end && type !== 'jp2c' && type !== 'jxlc' && type !== 'jxlp')) return undefined;
  return { type, content: at + header, stop: Math.min(at + length, end) };
}
