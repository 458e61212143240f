import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type ByteSource, RangedSource } from '../anonymizer/dicom/byte-source.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';

/** A pipe that comes to stand in the file's place after the look at it must not hold up the thread. Nothing on Windows. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file of any size to be read by ranges; it stays open, so that a page costs no look-up of its name. Opening a
 * pipe or a device may wait for ever or set something going, so these and sockets are refused by a look from outside.
 * @throws DicomError `not-dicom` for them, Error of the system
 */
export function openFile(path: string): { readonly source: ByteSource; readonly close: () => void } {
  checkRegular(statSync(path));
  const file = openSync(path, WITHOUT_WAITING);
  const stats = fstatSync(file);
  const { size } = stats;
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
    checkRegular(stats);
    return { source: new RangedSource(size, readRange), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function checkRegular(stats: Stats): void {
  if (stats.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  if (!stats.isFile()) throw new DicomError('not-dicom', 'not a regular file');
}
