// Frames a second: decoding, blacking out and encoding by Transfer Syntax; looking for text; reading it.
// npm run bench:pixels -- speed
import { join } from 'node:path';
import { cleanPixels } from '../../src/anonymizer/pixels/clean.ts';
import { openPixels } from '../../src/anonymizer/pixels/pixels.ts';
import { RLE } from '../../src/anonymizer/pixels/rle.ts';
import { detectText } from '../../src/anonymizer/pixels/text/detect.ts';
import { lineImage } from '../../src/anonymizer/pixels/text/read.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { createTextReader } from '../../src/ocr/text-reader.ts';
import { encapsulated } from '../fixtures/data-set.ts';
import { bytesOfPiece, imageFile, type Look, open } from '../fixtures/pixels.ts';
import { burnedInImage } from './burned-in-images.ts';

const FRAMES = 12;
const codecs = loadFrameCodecs();
const LOOKS: readonly (readonly [string, Look])[] = [
  ['512×512, 16 bits', { rows: 512, columns: 512, bitsAllocated: 16, bitsStored: 12, frames: FRAMES }],
  ['640×480, colour', { rows: 480, columns: 640, bitsAllocated: 8, samples: 3, frames: FRAMES }],
];
const SYNTAXES = ['2.1', '2.5', '2.8.1', '2.4.57', '2.4.70', '2.4.80', '2.4.90', '2.4.110', '2.4.201'];

console.log('| Transfer Syntax | 512×512, 16 bits | 640×480, colour |\n|---|---|---|');
for (const last of SYNTAXES) {
  const syntax = `1.2.840.10008.1.${last}`;
  const cells = LOOKS.map(([, look]) => {
    const native = openPixels(open(imageFile(look)), codecs);
    const codec = last === '2.5' ? RLE : codecs(syntax);
    let file = imageFile(look);
    if (native !== undefined && codec !== undefined) {
      const frames = Array.from({ length: FRAMES }, (_, frame) => {
        const { bytes, layout } = native.native(frame);
        return codec.encodeLossless?.({ bytes, samples: layout.samples, bitsAllocated: layout.bitsAllocated, precision: layout.bitsStored, signed: false, transformed: layout.samples === 3 }, layout) ?? new Uint8Array(0);
      });
      file = imageFile({ ...look, syntax }, encapsulated(frames));
    }
    const dataSet = open(file);
    const pixels = openPixels(dataSet, codecs);
    if (pixels === undefined) throw new Error('no pixels');
    const start = performance.now();
    const { pieces } = cleanPixels(pixels, [{ x: 10, y: 10, width: 300, height: 40, reason: 'user', note: '' }]);
    for (const piece of pieces) bytesOfPiece(dataSet, piece);
    return `${((FRAMES * 1000) / (performance.now() - start)).toFixed(0)} frames/s`;
  });
  console.log(`| 1.2.840.10008.1.${last} | ${cells.join(' | ')} |`);
}

const images = Array.from({ length: 24 }, (_, i) => burnedInImage(3000 + i, 16).image);
let start = performance.now();
const found = images.map((image) => detectText(image));
console.log(`\nlooking for text: ${((images.length * 1000) / (performance.now() - start)).toFixed(1)} frames/s of 0.3 megapixels`);
const reader = createTextReader({ workerScript: join(process.cwd(), 'dist/assets/ocr-worker.js') });
const lines = found.flatMap((boxes, i) => boxes.slice(0, 2).map((box) => lineImage(images[i], box, box.dark)));
start = performance.now();
reader.read(lines[0]);
console.log(`first line, with loading: ${(performance.now() - start).toFixed(0)} ms`);
start = performance.now();
const read = lines.filter((line) => reader.read(line) !== undefined).length;
console.log(`reading: ${((performance.now() - start) / lines.length).toFixed(0)} ms a line, ${read} of ${lines.length} read; peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
reader.close();
