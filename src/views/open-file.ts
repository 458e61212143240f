import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type ByteSource, RangedSource } from '../anonymizer/dicom/byte-source.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';

/** Opens a file of any size to be read by ranges; it stays open, so that a page costs no look-up of its name. */
export function openFile(path: string): { readonly source: ByteSource; readonly close: () => void } {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const readRange = (start: number, end: number): Uint8Array => {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(file, bytes, at, bytes.length - at, start + at);
      if (count === 0) throw new DicomError('damaged', 'the file became shorter while it was read');
      at += count;
    }
    return bytes;
  };
  try {
    return { source: new RangedSource(size, readRange), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
