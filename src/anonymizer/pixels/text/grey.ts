/** Eight bits of grey a pixel, row after row. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export function createGrey(width: number, height: number): GreyImage {
  return { width, height, pixels: new Uint8Array(width * height) };
}

export function inverted({ width, height, pixels }: GreyImage): GreyImage {
  return { width, height, pixels: pixels.map((value) => 255 - value) };
}

/** Half the size, each pixel the mean of four. */
export function halved({ width, height, pixels }: GreyImage): GreyImage {
  const half = createGrey(width >> 1, height >> 1);
  for (let y = 0, o = 0; y < half.height; y++) {
    for (let x = 0, i = 2 * y * width; x < half.width; x++, i += 2) {
      half.pixels[o++] = (pixels[i] + pixels[i + 1] + pixels[i + width] + pixels[i + width + 1] + 2) >> 2;
    }
  }
  return half;
}

/** Twice the size, linear between the pixels. */
export function doubled({ width, height, pixels }: GreyImage): GreyImage {
  const twice = createGrey(width * 2, height * 2);
  for (let y = 0; y < twice.height; y++) {
    const above = Math.min(height - 1, y >> 1);
    const below = Math.max(0, Math.min(height - 1, above + (y & 1 ? 1 : -1)));
    for (let x = 0; x < twice.width; x++) {
      const left = Math.min(width - 1, x >> 1);
      const right = Math.max(0, Math.min(width - 1, left + (x & 1 ? 1 : -1)));
      const upper = 3 * pixels[above * width + left] + pixels[above * width + right];
      const lower = 3 * pixels[below * width + left] + pixels[below * width + right];
      twice.pixels[y * twice.width + x] = (3 * upper + lower + 8) >> 4;
    }
  }
  return twice;
}
