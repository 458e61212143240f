import { type ByteSource, MemorySource } from '../anonymizer/dicom/byte-source.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { openFile } from './open-file.ts';

/** What a thread holds of files that are open in editors, by their numbers. */
export class OpenedFiles<T> {
  private readonly files = new Map<number, { readonly content: T; readonly close: () => void }>();

  /** @param place a path for what lies on a disk, bytes for what does not */
  open(id: number, { path, bytes }: { path?: string | undefined; bytes?: Uint8Array | undefined }, read: (source: ByteSource) => T): void {
    this.close(id);
    const { source, close } = bytes === undefined ? openFile(path ?? '') : { source: new MemorySource(bytes), close: () => {} };
    try {
      this.files.set(id, { content: read(source), close });
    } catch (error) {
      close();
      throw error;
    }
  }

  get(id: number): T {
    const file = this.files.get(id);
    if (file === undefined) throw new DicomError('not-dicom', 'the file is not open');
    return file.content;
  }

  close(id: number): void {
    this.files.get(id)?.close();
    this.files.delete(id);
  }
}
