// Burned-in text on generated images: recall of words and false area by size of the letters, as a table.
// npm run bench:pixels -- text [images]
import { detectText, LEAST_LIKELIHOOD } from '../../src/anonymizer/pixels/text/detect.ts';
import { type BurnedInImage, burnedInImage } from './burned-in-images.ts';

const SIZES = [8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40];
/** A word is gone when this part of its ink is. */
const GONE = 0.95;

const images = Number(process.argv[2] ?? 300);
const thresholds = (process.env.LEAST ?? String(LEAST_LIKELIHOOD)).split(',').map(Number);

/** Pixels that belong to no line of text: further from all ink than half a letter. */
function awayFromText({ image, words }: BurnedInImage): Uint8Array {
  const away = new Uint8Array(image.width * image.height).fill(1);
  for (const { ink, size } of words) {
    const xs = ink.map((at) => at % image.width);
    const ys = ink.map((at) => Math.floor(at / image.width));
    const near = Math.ceil(size / 2);
    const [left, right, top, bottom] = [Math.min(...xs) - near, Math.max(...xs) + near, Math.min(...ys) - near, Math.max(...ys) + near];
    for (let y = Math.max(0, top); y <= Math.min(image.height - 1, bottom); y++) away.fill(0, y * image.width + Math.max(0, left), y * image.width + Math.min(image.width, right + 1));
  }
  return away;
}

for (const least of thresholds) {
  const bySize = new Map<number, { words: number; found: number; images: number; away: number }>();
  const clean = { images: 0, away: 0, worst: 0 };
  let [time, pixels] = [0, 0];
  const byLook = new Map<string, number[]>();
  for (let i = 0; i < images; i++) {
    const size = i % 2 === 0 ? SIZES[(i / 2) % SIZES.length] : undefined;
    const made = burnedInImage(1000 + i, size);
    const { width, height } = made.image;
    const start = performance.now();
    const boxes = detectText(made.image, { least });
    time += performance.now() - start;
    pixels += width * height;
    const black = new Uint8Array(width * height);
    for (const box of boxes) for (let y = box.y; y < box.y + box.height; y++) black.fill(1, y * width + box.x, y * width + box.x + box.width);
    const away = awayFromText(made);
    let wrong = 0;
    for (let at = 0; at < black.length; at++) if (black[at] === 1 && away[at] === 1) wrong++;
    const part = wrong / black.length;
    byLook.set(made.look, [...(byLook.get(made.look) ?? []), part]);
    if (size === undefined) {
      clean.images++;
      clean.away += part;
      clean.worst = Math.max(clean.worst, part);
      continue;
    }
    const row = bySize.get(size) ?? { words: 0, found: 0, images: 0, away: 0 };
    row.images++;
    row.away += part;
    for (const { ink, text } of made.words) {
      row.words++;
      const gone = ink.reduce((sum, at) => sum + black[at], 0) / ink.length;
      if (gone >= GONE) row.found++;
      else if (process.env.MISSES !== undefined) console.log(`missed: image ${1000 + i} ${made.look} size ${size} "${text}" ${(gone * 100).toFixed(0)} %`);
    }
    bySize.set(size, row);
  }
  console.log(`\nleast likelihood ${least}\n| size, px | words | recall | false area |\n|---|---|---|---|`);
  const rows = [...bySize].sort((a, b) => a[0] - b[0]);
  for (const [size, row] of rows) console.log(`| ${size} | ${row.words} | ${((100 * row.found) / row.words).toFixed(1)} % | ${((100 * row.away) / row.images).toFixed(2)} % |`);
  const total = (from: number, to: number) => {
    const some = rows.filter(([size]) => size >= from && size <= to).map(([, row]) => row);
    const [words, found] = [some.reduce((sum, row) => sum + row.words, 0), some.reduce((sum, row) => sum + row.found, 0)];
    return `${found}/${words} = ${((100 * found) / words).toFixed(2)} %, false area ${((100 * some.reduce((sum, row) => sum + row.away, 0)) / some.reduce((sum, row) => sum + row.images, 0)).toFixed(2)} %`;
  };
  console.log(`| 8 to 11 | ${total(8, 11)}\n| 12 to 40 | ${total(12, 40)}`);
  console.log(`| none, ${clean.images} images | | | ${((100 * clean.away) / Math.max(1, clean.images)).toFixed(2)} %, at worst ${(100 * clean.worst).toFixed(2)} % |`);
  console.log([...byLook].map(([look, parts]) => `${look} ${((100 * parts.reduce((a, b) => a + b, 0)) / parts.length).toFixed(2)} %`).join(', '));
  console.log(`${(time / images).toFixed(0)} ms an image of ${(pixels / images / 1e6).toFixed(2)} megapixels, ${((images * 1000) / time).toFixed(1)} frames a second`);
}
