import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MemorySource, RangedSource, type ByteSource } from '../anonymizer/dicom/byte-source.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';

/** Files up to this size are read as a whole, into a buffer that is used again; larger ones by their header. */
export const WHOLE_FILE = 8 << 20;

/** An open file as a source of bytes. */
export interface OpenFile {
  readonly source: ByteSource;
  readonly size: number;
  /** Fills `into` with the bytes from `start`; for copying what is too large to hold. */
  readInto(into: Uint8Array, start: number): void;
  close(): void;
}

/** Opens files one after another; a source is valid until the next file is opened. */
export class FileOpener {
  private buffer = Buffer.allocUnsafeSlow(1 << 20);

  open(path: string): OpenFile {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const readInto = (into: Uint8Array, start: number) => readFully(file, into, start);
      const source = size <= WHOLE_FILE
        ? new MemorySource(this.readWhole(file, size))
        : new RangedSource(size, (start, end) => {
          const bytes = new Uint8Array(end - start);
          readInto(bytes, start);
          return bytes;
        });
      return { source, size, readInto, close: () => closeSync(file) };
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  private readWhole(file: number, size: number): Uint8Array {
    if (this.buffer.length < size) this.buffer = Buffer.allocUnsafeSlow(Math.min(WHOLE_FILE, size * 2));
    const bytes = new Uint8Array(this.buffer.buffer, 0, size);
    readFully(file, bytes, 0);
    return bytes;
  }
}

function readFully(file: number, into: Uint8Array, start: number): void {
  for (let at = 0; at < into.length; ) {
    const count = readSync(file, into, at, into.length - at, start + at);
    if (count === 0) throw new DicomError('damaged', 'the file became shorter while it was read');
    at += count;
  }
}
