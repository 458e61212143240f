import { isPaired, type PixelLayout } from './image.ts';
import { clipped, type Rect } from './region.ts';

/**
 * Blacks out rectangles in the bytes of one native frame, in place; every other pixel keeps its bytes. Where two
 * pixels share their colour samples (4:2:2) a rectangle grows to whole pairs.
 * @param black bytes of one black pixel or pair, as `blackCell` makes them
 */
export function redactFrame(frame: Uint8Array, layout: PixelLayout, rects: readonly Rect[], black: Uint8Array): void {
  for (const rect of rects) {
    const inside = clipped(rect, layout.columns, layout.rows);
    if (inside === undefined) continue;
    if (isPaired(layout)) redactPairs(frame, layout, inside, black);
    else if (layout.planar && layout.samples > 1) redactPlanes(frame, layout, inside, black);
    else fillCells(frame, layout.columns, inside, black, 0);
  }
}

/** Cells of one pixel each, `black.length` bytes wide; `origin` is the byte of the first cell of the plane. */
function fillCells(frame: Uint8Array, columns: number, { x, y, width, height }: Rect, black: Uint8Array, origin: number): void {
  const size = black.length;
  const first = origin + (y * columns + x) * size;
  const line = frame.subarray(first, first + width * size);
  for (let i = 0; i < width; i++) line.set(black, i * size);
  for (let row = 1; row < height; row++) frame.copyWithin(first + row * columns * size, first, first + width * size);
}

function redactPlanes(frame: Uint8Array, { columns, rows, samples }: PixelLayout, rect: Rect, black: Uint8Array): void {
  const size = black.length / samples;
  for (let sample = 0; sample < samples; sample++) {
    fillCells(frame, columns, rect, black.subarray(sample * size, (sample + 1) * size), sample * columns * rows * size);
  }
}

function redactPairs(frame: Uint8Array, { columns }: PixelLayout, { x, y, width, height }: Rect, black: Uint8Array): void {
  const left = x >> 1;
  const right = (x + width + 1) >> 1;
  fillCells(frame, columns >> 1, { x: left, y, width: right - left, height }, black, 0);
}

/**
 * Sets bits of 1-bit pixels (PS3.5 8.1.1: the first pixel is the lowest bit).
 * @param firstBit place of the frame's first pixel in `bytes`, since a frame may begin inside a byte
 * @param black 0, or 1 for MONOCHROME1
 */
export function redactBits(bytes: Uint8Array, firstBit: number, { columns, rows }: PixelLayout, rects: readonly Rect[], black: 0 | 1): void {
  for (const rect of rects) {
    const inside = clipped(rect, columns, rows);
    if (inside === undefined) continue;
    for (let y = inside.y; y < inside.y + inside.height; y++) {
      for (let x = inside.x; x < inside.x + inside.width; x++) {
        const bit = firstBit + y * columns + x;
        if (black === 1) bytes[bit >> 3] |= 1 << (bit & 7);
        else bytes[bit >> 3] &= ~(1 << (bit & 7));
      }
    }
  }
}
