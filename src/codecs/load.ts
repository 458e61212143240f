import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CodecFor } from '../anonymizer/pixels/codec.ts';
import { findAsset } from './assets.ts';
import { CodecsWasm } from './codecs-wasm.ts';
import { createFrameCodecs } from './frame-codecs.ts';

let loaded: CodecsWasm | undefined;

/** Codecs of this thread; the WASM module is read and compiled when the first frame asks for it. */
export function loadFrameCodecs(): CodecFor {
  const wasm = () => {
    loaded ??= new CodecsWasm(new WebAssembly.Module(readFileSync(findAsset('dcmjs-codecs', 'build/dcmjs-native-codecs.wasm'))));
    return loaded;
  };
  return createFrameCodecs(wasm, {
    deflate: (bytes) => deflateRawSync(bytes),
    inflate: (bytes, limit) => inflateRawSync(bytes, { maxOutputLength: limit }),
  });
}
