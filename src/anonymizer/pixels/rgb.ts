import type { NativeFrame } from './pixels.ts';

const HALF = 1 << 15;
const fixed = (factor: number) => Math.round(factor * 65536);
const [RED, BLUE, GREEN_OF_RED, GREEN_OF_BLUE] = [fixed(1.402), fixed(1.772), fixed(0.71414), fixed(0.34414)];

/**
 * A frame of YBR_FULL with 8 bits as RGB, by the whole numbers that libjpeg reckons with (PS3.3 C.7.6.3.1.2), so that
 * it shows just as the compressed frame did. Few IODs allow uncompressed pixels in YBR_FULL; where there is colour,
 * all allow RGB. Other frames are returned as they are.
 */
export function inRgb(frame: NativeFrame): NativeFrame {
  const { layout, bytes } = frame;
  const { photometric, samples, bitsAllocated, bitsStored, planar, signed } = layout;
  if (photometric !== 'YBR_FULL' || samples !== 3 || bitsAllocated !== 8 || bitsStored !== 8 || planar || signed) return frame;
  const out = new Uint8ClampedArray(bytes.length);
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const light = bytes[i];
    const blue = bytes[i + 1] - 128;
    const red = bytes[i + 2] - 128;
    out[i] = light + ((RED * red + HALF) >> 16);
    out[i + 1] = light + ((HALF - GREEN_OF_BLUE * blue - GREEN_OF_RED * red) >> 16);
    out[i + 2] = light + ((BLUE * blue + HALF) >> 16);
  }
  return { ...frame, bytes: new Uint8Array(out.buffer), layout: { ...layout, photometric: 'RGB' } };
}
