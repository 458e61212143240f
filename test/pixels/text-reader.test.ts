import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectText } from '../../src/anonymizer/pixels/text/detect.ts';
import { createGrey } from '../../src/anonymizer/pixels/text/grey.ts';
import { lineImage, showsIdentifier, TextReaderError } from '../../src/anonymizer/pixels/text/read.ts';
import { createTextReader, type OcrReader } from '../../src/ocr/text-reader.ts';
import { drawText } from '../../src/sample/font.ts';

const workerScript = join(process.cwd(), 'node_modules/.cache/ocr-worker.js');

function picture(text: string, scale: number) {
  const image = createGrey(480, 120);
  drawText(text, 12, 12, scale, (x, y) => { image.pixels[y * image.width + x] = 255; });
  return image;
}

describe('text in pixels, read in a worker', () => {
  let reader: OcrReader;

  beforeAll(async () => {
    await build({ entryPoints: ['src/ocr/ocr-worker.ts'], bundle: true, platform: 'node', format: 'cjs', outfile: workerScript, logLevel: 'warning' });
    reader = createTextReader({ workerScript });
  });

  afterAll(() => reader.close());

  test('a name that is burned in is found and matches the patient, however it is spelled', () => {
    const image = picture('ROSSI^GIANLUCA', 3);
    const [box, ...others] = detectText(image);
    expect(others).toEqual([]);
    const words = reader.read(lineImage(image, box, box.dark));
    expect(words).toBeDefined();
    expect(showsIdentifier(words ?? [], [{ kind: 'name', text: 'gianluca', tag: 0x00100010 }])).toBe(true);
    expect(showsIdentifier(words ?? [], [{ kind: 'name', text: 'bernardo', tag: 0x00100010 }])).toBe(false);
  });

  test('a date of birth matches in the order of its parts that the device chose', () => {
    const image = picture('DOB 29.08.1951', 3);
    const [box] = detectText(image);
    const words = reader.read(lineImage(image, box, box.dark)) ?? [];
    expect(showsIdentifier(words, [{ kind: 'date', text: '19510829', tag: 0x00100030 }])).toBe(true);
  });

  test('a line that takes too long is read once more by a new worker, with more time', () => {
    const hasty = createTextReader({ workerScript, timeout: 0 });
    const image = picture('VERDI MARIO 1234', 3);
    const [box] = detectText(image);
    const line = lineImage(image, box, box.dark);
    const first = hasty.read(line);
    expect(first?.length).toBeGreaterThan(0);
    expect(hasty.read(line)).toEqual(first);
    hasty.close();
  });

  test('a frame that takes too long is given up, and the next one has its own time', () => {
    const image = picture('VERDI MARIO 1234', 3);
    const [box] = detectText(image);
    const line = lineImage(image, box, box.dark);
    const hasty = createTextReader({ workerScript, frameTimeout: -1 });
    hasty.beginFrame?.();
    expect(() => hasty.read(line)).toThrow(TextReaderError);
    hasty.close();
    reader.beginFrame?.();
    expect(reader.read(line)).toBeDefined();
  });

  test('a reader without enough memory is given up and does not bring the program down', () => {
    const poor = createTextReader({ workerScript, memoryBytes: 1 << 20, timeout: 500 });
    const image = picture('VERDI MARIO 1234', 3);
    const [box] = detectText(image);
    expect(() => poor.read(lineImage(image, box, box.dark))).toThrow(TextReaderError);
    poor.close();
  });
});
