import { isPaired, type PixelLayout } from './image.ts';
import { darkestEntry, type Palette } from './palette.ts';

/**
 * The value of each sample that shows as black: the lowest for MONOCHROME2, the highest for MONOCHROME1, the darkest
 * colour of the palette, no light and no colour difference for YBR (PS3.3 C.7.6.3.1.2).
 */
export function blackSamples(layout: PixelLayout, palette?: Palette): number[] {
  const { photometric, samples, bitsStored, signed } = layout;
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  const highest = signed ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  const middle = 2 ** (bitsStored - 1);
  if (samples === 1) {
    if (photometric === 'MONOCHROME1') return [highest];
    if (photometric === 'PALETTE COLOR') return [palette === undefined ? 0 : darkestEntry(palette)];
    return [lowest];
  }
  if (photometric.startsWith('YBR_PARTIAL')) return [2 ** (bitsStored - 4), middle, middle];
  if (photometric === 'YBR_FULL' || photometric === 'YBR_FULL_422') return [0, middle, middle];
  if (photometric === 'CMYK') return [0, 0, 0, highest];
  return new Array<number>(samples).fill(0);
}

/**
 * The bytes of the cells of one black pixel, or of a pair of pixels where two share their colour: every bit of the
 * cell is written, so that nothing is left in those above or below the stored ones. The bits above follow the sign,
 * unless an overlay lives in them (PS3.5 8.1.2, retired).
 */
export function blackCell(layout: PixelLayout, littleEndian: boolean, hasOverlayBits: boolean, palette?: Palette): Uint8Array {
  const { bitsAllocated, bitsStored, highBit } = layout;
  const values = blackSamples(layout, palette);
  const [light, ...colour] = values;
  const cells = isPaired(layout) ? [light, light, ...colour] : values;
  const size = bitsAllocated >> 3;
  const bytes = new Uint8Array(cells.length * size);
  cells.forEach((value, i) => {
    const shift = BigInt(highBit + 1 - bitsStored);
    let cell = BigInt.asUintN(bitsAllocated, BigInt(value) << shift);
    if (hasOverlayBits) cell &= (1n << BigInt(highBit + 1)) - 1n;
    for (let byte = 0; byte < size; byte++) {
      const place = littleEndian ? byte : size - 1 - byte;
      bytes[i * size + place] = Number((cell >> BigInt(8 * byte)) & 0xffn);
    }
  });
  return bytes;
}
