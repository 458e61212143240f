import { CodecError } from '../anonymizer/pixels/codec.ts';

/** The exports of dcmjs-native-codecs.wasm that are used here; pointers and sizes are numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly [name: string]: unknown;
}

export type Family = 'Jpeg' | 'JpegLs' | 'Jpeg2000' | 'HtJpeg2000' | 'JpegXl';

/** What the codecs are told of an image. */
export interface WasmImage {
  readonly columns: number;
  readonly rows: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Asks the JPEG 2000 encoder for a multiple component transform. */
  readonly rgb: boolean;
}

const MONOCHROME2 = 1;
const RGB = 3;
const SUCCESS = 0;
/** What the JPEG library says when it had to invent pixels. */
const DAMAGE = /premature end|bad Huffman|Corrupt JPEG data: (?!\d+ extraneous)|found marker .* instead of RST/i;

/**
 * Codecs of the package dcmjs-codecs (libjpeg, CharLS, OpenJPEG, OpenJPH, libjxl in one WASM module), called without
 * its own JavaScript. After a failure the instance is thrown away, since an error leaves its memory in any state.
 */
export class CodecsWasm {
  private exports: Exports | undefined;
  private damage = '';

  constructor(private readonly module: WebAssembly.Module) {}

  decode(family: Family, bytes: Uint8Array, image: WasmImage): Uint8Array {
    return this.attempt((wasm) => {
      const context = this.context(wasm, image);
      this.put(wasm, context, 'Encoded', bytes);
      const parameters = this.call(wasm, 'CreateDecoderParameters');
      this.call(wasm, 'SetConvertColorspaceToRgb', parameters, 0);
      this.call(wasm, `Decode${family}`, context, parameters);
      this.call(wasm, 'ReleaseDecoderParameters', parameters);
      const decoded = this.take(wasm, context, 'Decoded');
      this.call(wasm, 'ReleaseCodecsContext', context);
      if (this.damage !== '') throw new CodecError('the codestream is damaged');
      return decoded;
    });
  }

  /** @param order of the packets of JPEG 2000 (ITU-T T.800 B.12): 0 LRCP to 4 CPRL */
  encode(family: Family, bytes: Uint8Array, image: WasmImage, order = 0): Uint8Array {
    return this.attempt((wasm) => {
      const context = this.context(wasm, image);
      this.put(wasm, context, 'Decoded', bytes);
      const parameters = this.call(wasm, 'CreateEncoderParameters');
      const settings = {
        Lossy: 0, Quality: 100, SmoothingFactor: 0, SampleFactor: 0, Predictor: 1, PointTransform: 0,
        AllowedLossyError: 0, ProgressionOrder: order, Rate: 0, AllowMct: image.rgb ? 1 : 0,
      };
      for (const [name, value] of Object.entries(settings)) this.call(wasm, `Set${name}`, parameters, value);
      this.call(wasm, `Encode${family}`, context, parameters);
      this.call(wasm, 'ReleaseEncoderParameters', parameters);
      const encoded = this.take(wasm, context, 'Encoded');
      this.call(wasm, 'ReleaseCodecsContext', context);
      return encoded;
    });
  }

  private attempt<T>(run: (wasm: Exports) => T): T {
    this.exports ??= this.instantiate();
    this.damage = '';
    try {
      return run(this.exports);
    } catch (error) {
      this.exports = undefined;
      if (error instanceof CodecError) throw error;
      // Its words may hold anything: they stay here.
      throw new CodecError('the codec could not handle it');
    }
  }

  private context(wasm: Exports, image: WasmImage): number {
    const context = this.call(wasm, 'CreateCodecsContext');
    const settings = {
      Columns: image.columns, Rows: image.rows, BitsAllocated: image.bitsAllocated, BitsStored: image.bitsStored,
      SamplesPerPixel: image.samples, PixelRepresentation: image.signed ? 1 : 0, PlanarConfiguration: 0,
      PhotometricInterpretation: image.rgb ? RGB : MONOCHROME2,
    };
    for (const [name, value] of Object.entries(settings)) this.call(wasm, `Set${name}`, context, value);
    return context;
  }

  private put(wasm: Exports, context: number, which: 'Encoded' | 'Decoded', bytes: Uint8Array): void {
    this.call(wasm, `Set${which}BufferSize`, context, bytes.length);
    const pointer = this.call(wasm, `Get${which}Buffer`, context);
    new Uint8Array(wasm.memory.buffer).set(bytes, pointer);
  }

  private take(wasm: Exports, context: number, which: 'Encoded' | 'Decoded'): Uint8Array {
    const size = this.call(wasm, `Get${which}BufferSize`, context);
    const pointer = this.call(wasm, `Get${which}Buffer`, context);
    return new Uint8Array(wasm.memory.buffer, pointer, size).slice();
  }

  private call(wasm: Exports, name: string, ...args: number[]): number {
    return (wasm[name] as (...args: number[]) => number)(...args);
  }

  private instantiate(): Exports {
    let memory: WebAssembly.Memory | undefined;
    const view = () => new DataView((memory as WebAssembly.Memory).buffer);
    const text = (pointer: number, length: number) => String.fromCharCode(...new Uint8Array(view().buffer, pointer, length));
    const instance = new WebAssembly.Instance(this.module, {
      env: {
        emscripten_notify_memory_growth: () => undefined,
        onCodecsInfo: (pointer: number, length: number) => {
          const message = text(pointer, length);
          if (DAMAGE.test(message)) this.damage = message;
        },
        onCodecsTrace: () => undefined,
        onCodecsException: () => { throw new CodecError('the codestream is damaged or of a kind that is not handled'); },
      },
      wasi_snapshot_preview1: {
        proc_exit: () => { throw new CodecError('the codec gave up'); },
        // A clock that stands still: nothing that is written may depend on the time.
        clock_time_get: (_: number, __: number, pointer: number) => { view().setBigUint64(pointer, 0n, true); return SUCCESS; },
        environ_sizes_get: (count: number, size: number) => { view().setUint32(count, 0, true); view().setUint32(size, 0, true); return SUCCESS; },
        environ_get: () => SUCCESS,
        fd_write: (_: number, vectors: number, count: number, written: number) => {
          let length = 0;
          for (let i = 0; i < count; i++) length += view().getUint32(vectors + i * 8 + 4, true);
          view().setUint32(written, length, true);
          return SUCCESS;
        },
        fd_seek: () => SUCCESS,
        fd_close: () => SUCCESS,
      },
    });
    const exports = instance.exports as unknown as Exports;
    memory = exports.memory;
    exports._initialize();
    return exports;
  }
}
