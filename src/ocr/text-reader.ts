import { Worker } from 'node:worker_threads';
import { doubled, type GreyImage } from '../anonymizer/pixels/text/grey.ts';
import { type ReadWord, type TextReader, TextReaderError } from '../anonymizer/pixels/text/read.ts';
import { findAsset } from '../codecs/assets.ts';
import { bytesOfMessage, HEADER_WORDS, type OcrSetup, STATE, WORD } from './shared-frame.ts';

export interface TextReaderOptions {
  /** Milliseconds for one line; the first one also waits for the engine. What takes longer is tried once more, with all the time that a start has. */
  readonly timeout?: number | undefined;
  /** Milliseconds for all lines of a frame. */
  readonly frameTimeout?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** The bundled ocr-worker.js. */
  readonly workerScript?: string | undefined;
}

/** Reads with tesseract in a worker; the thread that asks waits, at most as long as it may take. */
export interface OcrReader extends TextReader {
  close(): void;
}

const TIMEOUT = 4000;
const START_TIMEOUT = 20_000;
/** A page full of text takes some seconds. */
const FRAME_TIMEOUT = 120_000;
const MEMORY = 512 << 20;
/** The largest line, in bytes of grey. */
const MOST_BYTES = 4 << 20;
/** Tesseract reads letters of 30 pixels best; lower lines are enlarged. */
const GOOD_HEIGHT = 40;

/** Nothing is loaded before the first line; a worker that takes too long or fails is replaced, and fails the second time for good. */
export function createTextReader(options: TextReaderOptions = {}): OcrReader {
  const { timeout = TIMEOUT, frameTimeout = FRAME_TIMEOUT, memoryBytes = MEMORY } = options;
  let frameBegan = performance.now();
  let worker: Worker | undefined;
  let shared = new SharedArrayBuffer(0);
  const stop = () => {
    void worker?.terminate();
    worker = undefined;
  };
  const start = () => {
    shared = new SharedArrayBuffer(HEADER_WORDS * 4 + MOST_BYTES);
    const setup: OcrSetup = {
      shared, memoryBytes,
      script: findAsset('tesseract.js-core', 'tesseract-core-simd-lstm.js'),
      wasm: findAsset('tesseract.js-core', 'tesseract-core-simd-lstm.wasm'),
      language: findAsset('@tesseract.js-data/eng', '4.0.0_best_int/eng.traineddata.gz'),
    };
    worker = new Worker(options.workerScript ?? findAsset('', 'ocr-worker.js'), { workerData: setup, resourceLimits: { maxOldGenerationSizeMb: 256 }, stderr: true, stdout: true });
    worker.on('error', () => { worker = undefined; });
    worker.unref();
  };
  const tried = (message: Uint8Array): string | undefined => {
    const isFirst = worker === undefined;
    if (isFirst) start();
    const words = new Int32Array(shared, 0, HEADER_WORDS);
    new Uint8Array(shared).set(message, HEADER_WORDS * 4);
    words[WORD.length] = message.length;
    Atomics.store(words, WORD.state, STATE.asked);
    Atomics.notify(words, WORD.state);
    Atomics.wait(words, WORD.state, STATE.asked, isFirst ? START_TIMEOUT : timeout);
    if (Atomics.load(words, WORD.state) !== STATE.answered) {
      stop();
      return undefined;
    }
    const text = new TextDecoder().decode(bytesOfMessage(shared, words[WORD.length]));
    Atomics.store(words, WORD.state, STATE.idle);
    Atomics.notify(words, WORD.state);
    return text;
  };
  return {
    read(line) {
      const message = asPgm(prepared(line));
      if (message.length > MOST_BYTES) return undefined;
      if (performance.now() - frameBegan > frameTimeout) throw new TextReaderError('the frame takes too long');
      const text = tried(message) ?? tried(message);
      if (text === undefined) throw new TextReaderError('the line takes too long');
      return wordsOf(text);
    },
    beginFrame() {
      frameBegan = performance.now();
    },
    close: stop,
  };
}

/** Stretched to all greys, large enough, with a light margin, as the engine likes it: dark on light. */
function prepared(line: GreyImage): GreyImage {
  let image = line;
  while (image.height < GOOD_HEIGHT && image.width * image.height * 4 < MOST_BYTES / 4) image = doubled(image);
  let [least, most] = [255, 0];
  for (const value of image.pixels) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const margin = 10;
  const out: GreyImage = { width: image.width + 2 * margin, height: image.height + 2 * margin, pixels: new Uint8Array((image.width + 2 * margin) * (image.height + 2 * margin)).fill(255) };
  const scale = 255 / Math.max(1, most - least);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) out.pixels[(y + margin) * out.width + x + margin] = (image.pixels[y * image.width + x] - least) * scale;
  }
  return out;
}

function asPgm({ width, height, pixels }: GreyImage): Uint8Array {
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const bytes = new Uint8Array(header.length + pixels.length);
  bytes.set(header);
  bytes.set(pixels, header.length);
  return bytes;
}

/** Words of tesseract's table: level 5, confidence in column 11, text in column 12. */
function wordsOf(table: string): ReadWord[] {
  return table.split('\n').map((row) => row.split('\t')).filter((row) => row[0] === '5' && (row[11] ?? '').trim() !== '')
    .map((row) => ({ text: row[11].trim(), confidence: Number(row[10]) }));
}
