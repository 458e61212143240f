import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { bytesOfMessage, HEADER_WORDS, type OcrSetup, STATE, WORD } from './shared-frame.ts';

/** The little of tesseract.js-core's module that is used here. */
interface Tesseract {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
  readonly TessBaseAPI: new () => {
    Init(folder: string | null, language: string, mode: number): number;
    SetVariable(name: string, value: string): boolean;
    SetPageSegMode(mode: number): void;
    SetImageFile(orientation: number, angle: number): number;
    Recognize(monitor: null): number;
    GetTSVText(page: number): string;
  };
}

const LSTM_ONLY = 1;
const ONE_LINE = 7;
const PAGE = 65536;

/**
 * Reads pictures of one line, one after another, from memory shared with the thread that asks and waits. It opens
 * nothing but the two files that it is given, and its memory cannot grow over its limit.
 */
async function run({ shared, script, wasm, language, memoryBytes }: OcrSetup): Promise<void> {
  limitMemory(memoryBytes);
  // The engine could fetch its own parts; they are handed to it, and the way out is taken away.
  Reflect.deleteProperty(globalThis, 'fetch');
  const load = createRequire(script)(script) as (options: object) => Promise<Tesseract>;
  const engine = await load({ wasmBinary: readFileSync(wasm), print: () => undefined, printErr: () => undefined });
  engine.FS.writeFile('eng.traineddata', gunzipSync(readFileSync(language)));
  const api = new engine.TessBaseAPI();
  if (api.Init(null, 'eng', LSTM_ONLY) !== 0) throw new Error('the language data cannot be read');
  engine.FS.unlink('eng.traineddata');
  api.SetVariable('user_defined_dpi', '150');
  api.SetVariable('load_system_dawg', '0');
  api.SetPageSegMode(ONE_LINE);
  const words = new Int32Array(shared, 0, HEADER_WORDS);
  const answer = new Uint8Array(shared);
  for (;;) {
    Atomics.wait(words, WORD.state, STATE.idle);
    if (Atomics.load(words, WORD.state) === STATE.asked) {
      engine.FS.writeFile('/input', bytesOfMessage(shared, words[WORD.length]));
      const isRead = api.SetImageFile(1, 0) !== 1 && api.Recognize(null) === 0;
      const text = new TextEncoder().encode(isRead ? api.GetTSVText(0) : '').subarray(0, shared.byteLength - HEADER_WORDS * 4);
      answer.set(text, HEADER_WORDS * 4);
      words[WORD.length] = text.length;
      Atomics.store(words, WORD.state, STATE.answered);
      Atomics.notify(words, WORD.state);
    }
    Atomics.wait(words, WORD.state, STATE.answered);
  }
}

/** An image that needs more memory fails, and its worker with it. */
function limitMemory(bytes: number): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE > bytes) throw new RangeError('the memory limit is reached');
    return grow.call(this, pages);
  };
}

const setup = workerData as OcrSetup;
run(setup).catch(() => {
  const words = new Int32Array(setup.shared, 0, HEADER_WORDS);
  Atomics.store(words, WORD.state, STATE.failed);
  Atomics.notify(words, WORD.state);
});
