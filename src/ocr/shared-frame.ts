/** What the worker that reads text is given. */
export interface OcrSetup {
  readonly shared: SharedArrayBuffer;
  /** tesseract-core-simd-lstm.js and .wasm, and the language data (gzip). */
  readonly script: string;
  readonly wasm: string;
  readonly language: string;
  readonly memoryBytes: number;
}

/** Words at the beginning of the shared memory; the picture or its text follows them. */
export const WORD = { state: 0, length: 1 } as const;
export const HEADER_WORDS = 4;
export const STATE = { idle: 0, asked: 1, answered: 2, failed: 3 } as const;

/** A copy of the bytes after the header. */
export function bytesOfMessage(shared: SharedArrayBuffer, length: number): Uint8Array {
  return new Uint8Array(shared, HEADER_WORDS * 4, length).slice();
}
