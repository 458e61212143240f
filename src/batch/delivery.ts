import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { createDigest, type Digest } from './digest.ts';

/** Folders that are remembered to exist; forgotten together when there are more. */
const FOLDERS = 10_000;

/**
 * Puts results under their final names: whole, or not at all. They are written under a temporary name first, so that
 * no partial file ever has a final name, and never over another's file.
 */
export class Delivery {
  /** Bytes of the last result. */
  size = 0;
  /** Of the last result, where digests are made. */
  digest = '';
  private readonly folders = new Set<string>();
  private path = '';
  private mayReplace = false;

  /** @param temporary a name that nobody else writes to, in the same file system as the results */
  constructor(private readonly temporary: string, private readonly makesDigests: boolean) {}

  /** Names the next result. */
  begin(path: string, mayReplace: boolean): void {
    this.path = path;
    this.mayReplace = mayReplace;
  }

  /** @throws Error of the system, or DicomError where another's file is in the way; nothing is left behind */
  deliver(fill: (write: (bytes: Uint8Array) => void) => void): void {
    const { path, temporary } = this;
    this.makeFolder(dirname(path));
    if (!this.mayReplace && existsSync(path)) throw new DicomError('unsafe', 'the output file exists already');
    const file = openSync(temporary, 'wx');
    try {
      try {
        this.fill(file, fill);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  private fill(file: number, fill: (write: (bytes: Uint8Array) => void) => void): void {
    const digest: Digest | undefined = this.makesDigests ? createDigest() : undefined;
    this.size = 0;
    fill((bytes) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
      digest?.update(bytes);
      this.size += bytes.length;
    });
    this.digest = digest?.end() ?? '';
  }

  private makeFolder(folder: string): void {
    if (this.folders.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    if (this.folders.size >= FOLDERS) this.folders.clear();
    this.folders.add(folder);
  }
}
