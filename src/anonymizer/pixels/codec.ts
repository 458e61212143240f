import type { PixelLayout } from './image.ts';

/** The pixels of a frame as native bytes: little endian, samples of a pixel together, cells of 8, 16 or 32 bits. */
export interface DecodedFrame {
  readonly bytes: Uint8Array;
  readonly samples: number;
  readonly bitsAllocated: number;
  /** Bits that a sample has in the codestream. */
  readonly precision: number;
  readonly signed: boolean;
  /** What the samples mean now, where the codestream says more than the header: RGB or YBR_FULL. */
  readonly photometric?: string | undefined;
  /** The codestream has a multiple component transform (ITU-T T.800 G), which encoding must repeat. */
  readonly transformed?: boolean | undefined;
  /** The bytes are laid down just as the header says of native ones: planes, or pairs of pixels, stay so. */
  readonly asHeader?: boolean | undefined;
}

/** A frame that cannot be decoded or encoded; what it says is a sentence without any value. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** Decodes and encodes the frames of one family of Transfer Syntaxes. Synchronous: it is loaded beforehand. */
export interface FrameCodec {
  /**
   * @param layout what the header says; the codestream is believed where it differs, unless the sizes do
   * @throws CodecError where the codestream is damaged or of a kind that is not handled
   */
  decode(bytes: Uint8Array, layout: PixelLayout): DecodedFrame;
  /** Without any loss; absent where the codec cannot. @throws CodecError */
  encodeLossless?(frame: DecodedFrame, layout: PixelLayout): Uint8Array;
}

/** Codecs that are handed in; undefined for a Transfer Syntax that none of them handles. */
export type CodecFor = (transferSyntaxUid: string) => FrameCodec | undefined;

/** Syntaxes whose frames may be written again without a loss (PS3.5 A.4). All other encapsulated ones become native. */
const LOSSLESS = new Set([
  '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.8.1',
  ...['57', '70', '80', '90', '110', '201', '202'].map((last) => `1.2.840.10008.1.2.4.${last}`),
]);

export function isLossless(transferSyntaxUid: string): boolean {
  return LOSSLESS.has(transferSyntaxUid);
}
