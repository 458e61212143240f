import type { FrameStream } from './frame-stream.ts';

export type Codestream = 'jpeg' | 'jpeg-2000' | 'jp2' | 'jpeg-xl' | 'jpeg-xl-container';

const MAGIC: readonly (readonly [bytes: string, is: Codestream])[] = [
  // SOI and the next marker (T.81 B, T.87 C); SOC and SIZ (T.800 A).
  ['\xff\xd8\xff', 'jpeg'], ['\xff\x4f\xff\x51', 'jpeg-2000'],
  // Signature boxes (T.800 I.5.1, ISO/IEC 18181-2 9.2), and the codestream of JPEG XL (18181-1).
  ['\0\0\0\x0cjP  ', 'jp2'], ['\0\0\0\x0cJXL ', 'jpeg-xl-container'], ['\xff\x0a', 'jpeg-xl'],
];

/** What a frame is by its first bytes; undefined where they are of no image that is known by them. */
export function magicOf(frame: FrameStream): Codestream | undefined {
  const head = frame.text(0, Math.min(8, frame.length));
  return MAGIC.find(([bytes]) => head.startsWith(bytes))?.[1];
}
