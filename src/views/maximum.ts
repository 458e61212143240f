import { greyOf } from '../anonymizer/pixels/display.ts';
import type { Palette } from '../anonymizer/pixels/palette.ts';
import type { NativeFrame } from '../anonymizer/pixels/pixels.ts';
import type { GreyImage } from '../anonymizer/pixels/text/grey.ts';

/** Longest side of a picture on the contact sheet, in pixels. */
export const TILE = 320;

/** The lightest value of many frames at every place: what is written in one of them is seen in their picture. */
export class Maximum {
  width = 0;
  height = 0;
  pixels = new Uint8Array(0);

  get isEmpty(): boolean {
    return this.pixels.length === 0;
  }

  /** Frames of another size than the first are laid over it as they fit. */
  add(frame: NativeFrame, palette: Palette | undefined): void {
    const grey = greyOf(frame, palette);
    if (this.isEmpty) {
      const scale = Math.min(1, TILE / Math.max(grey.width, grey.height));
      this.width = Math.max(1, Math.round(grey.width * scale));
      this.height = Math.max(1, Math.round(grey.height * scale));
      this.pixels = new Uint8Array(this.width * this.height);
    }
    const small = shrunk(grey, this.width, this.height, frame.layout.photometric === 'MONOCHROME1');
    for (let i = 0; i < small.length; i++) if (small[i] > this.pixels[i]) this.pixels[i] = small[i];
  }
}

/** The mean and the lightest of each place count half: thin letters neither vanish nor is noise all there is. */
function shrunk({ width, height, pixels }: GreyImage, columns: number, rows: number, isInverted: boolean): Uint8Array {
  const out = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    const top = Math.floor((y * height) / rows);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / rows));
    for (let x = 0; x < columns; x++) {
      const left = Math.floor((x * width) / columns);
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / columns));
      let [sum, most] = [0, 0];
      for (let v = top; v < bottom; v++) {
        for (let u = left; u < right; u++) {
          const value = isInverted ? 255 - pixels[v * width + u] : pixels[v * width + u];
          sum += value;
          if (value > most) most = value;
        }
      }
      out[y * columns + x] = (sum / ((bottom - top) * (right - left)) + most) / 2;
    }
  }
  return out;
}
