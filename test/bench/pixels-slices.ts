// Burned-in text in images that nothing marks as suspect (a CT slice by its header), through the cleaner as a batch has
// it, with the reader: recall of words and black area by size of the letters. npm run bench:pixels -- slices [images]
import { join } from 'node:path';
import { createPixelCleaner } from '../../src/anonymizer/pixels/cleaner.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { createTextReader } from '../../src/ocr/text-reader.ts';
import { element } from '../../src/sample/part10.ts';
import { imageFile, open } from '../fixtures/pixels.ts';
import { burnedInImage } from './burned-in-images.ts';

const SIZES = [8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40];
/** A word is gone when this part of its ink is. */
const GONE = 0.95;
const HEADER = [element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'), element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'), element(0x00080060, 'CS', 'CT'), element(0x00080064, 'CS', '')];

const images = Number(process.argv[2] ?? 150);
const reader = createTextReader({ workerScript: join(process.cwd(), 'dist/assets/ocr-worker.js') });
const cleaner = createPixelCleaner({ mode: 'all-text' }, { codecs: loadFrameCodecs(), reader });
const rows = new Map<string, { words: number; gone: number; black: number; images: number }>();
for (let i = 0; i < images; i++) {
  const size = i % 2 === 0 ? SIZES[(i / 2) % SIZES.length] : undefined;
  const { image: { width, height, pixels }, words } = burnedInImage(5000 + i, size);
  const cells = new Uint8Array(Uint16Array.from(pixels).buffer);
  const file = imageFile({ rows: height, columns: width, bitsAllocated: 16, bitsStored: 12 }, element(0x7fe00010, 'OW', cells), HEADER);
  const black = new Uint8Array(width * height);
  for (const box of cleaner.propose(open(file), []).regions) for (let y = box.y; y < box.y + box.height; y++) black.fill(1, y * width + box.x, y * width + box.x + box.width);
  const name = size === undefined ? 'none' : size < 12 ? '8 to 11' : size <= 24 ? '12 to 24' : '28 to 40';
  const row = rows.get(name) ?? { words: 0, gone: 0, black: 0, images: 0 };
  row.images++;
  row.black += black.reduce((sum, value) => sum + value, 0) / black.length;
  for (const { ink } of words) {
    row.words++;
    if (ink.reduce((sum, at) => sum + black[at], 0) / ink.length >= GONE) row.gone++;
  }
  rows.set(name, row);
}
console.log('| size, px | words | recall | black area |\n|---|---|---|---|');
for (const [name, row] of rows) console.log(`| ${name} | ${row.words} | ${row.words === 0 ? '' : `${((100 * row.gone) / row.words).toFixed(1)} %`} | ${((100 * row.black) / row.images).toFixed(2)} % |`);
reader.close();
