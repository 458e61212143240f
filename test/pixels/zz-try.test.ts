import { test } from 'vitest';
import { burnedInImage } from '../bench/burned-in-images.ts';
import { candidates } from '../../src/anonymizer/pixels/text/candidates.ts';
import { createCanvas } from '@napi-rs/canvas';
import { writeFileSync } from 'node:fs';
const SIZES = [8, 9, 10, 11, 12, 14, 16, 20, 24, 28, 32, 36, 40];
test('x', () => {
  const got = new Map<number, [number, number]>(); let time = 0, n = 0, cand = 0;
  for (let i = 0; i < 60; i++) {
    const size = SIZES[i % SIZES.length];
    const { image, words, look } = burnedInImage(5000 + i, size);
    const t = performance.now(); const found = candidates(image); time += performance.now() - t; n++; cand += found.length;
    const cover = new Uint8Array(image.width * image.height);
    for (const c of found) for (let y = Math.max(0, c.y - 2); y < Math.min(image.height, c.y + c.height + 2); y++) cover.fill(1, y * image.width + Math.max(0, c.x - 2), y * image.width + Math.min(image.width, c.x + c.width + 2));
    for (const w of words) { const e = got.get(w.size) ?? [0, 0]; e[1]++; if (w.ink.filter((p) => cover[p]).length >= 0.95 * w.ink.length) e[0]++; else console.log('miss', i, look, w.text, w.size); got.set(w.size, e); }
    if (i < 12) { const cv = createCanvas(image.width, image.height); const cx = cv.getContext('2d'); const d = cx.createImageData(image.width, image.height); image.pixels.forEach((v, k) => { d.data.set([v, v, v, 255], k * 4); }); cx.putImageData(d, 0, 0); cx.strokeStyle = '#f00'; for (const c of found) cx.strokeRect(c.x, c.y, c.width, c.height); writeFileSync(`/tmp/pix/b${i}.png`, cv.toBuffer('image/png')); }
  }
  console.log([...got].sort((a, b) => a[0] - b[0]).map(([s, [a, b]]) => `${s}: ${a}/${b}`).join('  '), 'ms', time / n, 'cand', cand / n);
});
