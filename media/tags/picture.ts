import type { FrameImage } from '../../src/views/protocol.ts';

/** A frame that can be drawn again and again with another window. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  /** Window and level mean something. */
  readonly isGrey: boolean;
  /** Level and window as the file asks for them, or by the range of its values. */
  readonly window: readonly [center: number, width: number];
  draw(context: CanvasRenderingContext2D, center: number, width: number): void;
}

export function pictureOf(image: FrameImage): Picture {
  return image.samples === 1 && image.palette === undefined ? greyPicture(image) : colorPicture(image);
}

function samplesOf({ bytes, bits, signed }: FrameImage): Uint8Array | Int8Array | Uint16Array | Int16Array {
  if (bits === 8) return signed ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  // A view of words needs an even offset.
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return signed ? new Int16Array(even.buffer, even.byteOffset, even.length >> 1) : new Uint16Array(even.buffer, even.byteOffset, even.length >> 1);
}

/** Modality and VOI transformations (PS3.3 C.11.1, C.11.2.1.2), linear both. */
function greyPicture(image: FrameImage): Picture {
  const { rows, columns, slope, intercept } = image;
  const samples = samplesOf(image);
  const isInverted = image.photometric === 'MONOCHROME1';
  return {
    rows, columns, isGrey: true,
    window: image.center === undefined || image.width === undefined ? rangeOf(samples, slope, intercept) : [image.center, image.width],
    draw(context, center, width) {
      const pixels = context.createImageData(columns, rows);
      const out = new Uint32Array(pixels.data.buffer);
      const low = center - width / 2;
      const scale = 255 / width;
      for (let i = 0; i < out.length; i++) {
        const value = Math.max(0, Math.min(255, (samples[i] * slope + intercept - low) * scale)) | 0;
        const grey = isInverted ? 255 - value : value;
        out[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
      }
      context.putImageData(pixels, 0, 0);
    },
  };
}

function rangeOf(samples: ArrayLike<number>, slope: number, intercept: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < samples.length; i++) {
    if (samples[i] < low) low = samples[i];
    if (samples[i] > high) high = samples[i];
  }
  if (low > high) return [128, 256];
  return [((low + high) / 2) * slope + intercept, Math.max(1, (high - low) * Math.abs(slope))];
}

function colorPicture(image: FrameImage): Picture {
  const { rows, columns } = image;
  return {
    rows, columns, isGrey: false, window: [128, 256],
    draw(context) {
      const pixels = context.createImageData(columns, rows);
      const { data } = pixels;
      const color = colorReader(image);
      for (let i = 0; i < rows * columns; i++) {
        const [red, green, blue] = color(i);
        data[i * 4] = red;
        data[i * 4 + 1] = green;
        data[i * 4 + 2] = blue;
        data[i * 4 + 3] = 255;
      }
      context.putImageData(pixels, 0, 0);
    },
  };
}

type Color = readonly [number, number, number];

/** The color of a pixel by its place (PS3.3 C.7.6.3.1.2). */
function colorReader(image: FrameImage): (i: number) => Color {
  const { planar, photometric, palette } = image;
  const samples = samplesOf(image);
  const count = image.rows * image.columns;
  if (palette !== undefined) {
    const { first, colors } = palette;
    const last = colors.length / 3 - 1;
    return (i) => {
      const at = Math.max(0, Math.min(last, samples[i] - first)) * 3;
      return [colors[at], colors[at + 1], colors[at + 2]];
    };
  }
  const shift = image.bits === 16 ? 8 : 0;
  const sample = (i: number, channel: number) => samples[planar ? channel * count + i : i * 3 + channel] >> shift;
  if (photometric === 'YBR_FULL_422') return (i) => rgbOf(samples[(i >> 1) * 4 + (i & 1)], samples[(i >> 1) * 4 + 2], samples[(i >> 1) * 4 + 3]);
  if (photometric.startsWith('YBR_FULL')) return (i) => rgbOf(sample(i, 0), sample(i, 1), sample(i, 2));
  return (i) => [sample(i, 0), sample(i, 1), sample(i, 2)];
}

function rgbOf(y: number, cb: number, cr: number): Color {
  return [y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)];
}
