import { inflateRawSync } from 'node:zlib';
import type { DataSet } from '../anonymizer/dicom/data-set.ts';
import type { Limits } from '../anonymizer/dicom/limits.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { FileOpener } from './file-source.ts';

export interface OpenOptions {
  readonly opener?: FileOpener | undefined;
  readonly limits?: Limits | undefined;
}

/**
 * Reads a file's Data Set and hands it on; it is valid until `use` returns.
 * @throws DicomError, or the system's error where the file cannot be read
 */
export function withDataSet<T>(path: string, use: (dataSet: DataSet) => T, { opener = new FileOpener(), limits }: OpenOptions = {}): T {
  const file = opener.open(path);
  try {
    return use(readDataSet(file.source, { inflate: (deflated, limit) => inflateRawSync(deflated, { maxOutputLength: limit }), limits }));
  } finally {
    file.close();
  }
}
