import { closeSync, existsSync, linkSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { milliseconds } from './clock.ts';
import { createDigest, type Digest } from './digest.ts';
import { systemCode } from './errors.ts';
import { type Evidence, EvidenceMaker, evidenceOfFile } from './evidence.ts';
import { HashThread } from './hash-thread.ts';

/** Milliseconds for which a folder counts as looked at: between a look and a write there is a moment in any case. */
const CHECK_MS = 5;

/** Longest stretch that is copied at once. */
export const CHUNK = 4 << 20;
/** A result of so many bytes is hashed by a thread of its own; starting one takes as long as hashing this. */
const THREADED = 64 << 20;

/** Folders that are remembered to exist; forgotten together when there are more. */
const FOLDERS = 10_000;

/** What file systems answer that have no hard links: FAT, some network shares and folders of containers. */
const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL', 'EISDIR']);

/**
 * Writes a result.
 * @param room memory of `CHUNK` bytes for what is to be written next
 */
export type Fill = (write: (bytes: Uint8Array) => void, room: () => Uint8Array) => void;

export interface DeliveryOptions {
  /** Whether digests that find damage are made. */
  readonly traced?: boolean;
  /** How many bytes of a result the evidence's digest is of; no evidence where undefined. */
  readonly hashed?: number | undefined;
  /** Gives a file a second name, or throws where that is taken. */
  readonly link?: (path: string, second: string) => void;
  /** Starts the thread that hashes large results, where one can be had. */
  readonly startHashThread?: () => HashThread | undefined;
}

/**
 * Puts results under their final names: whole, or not at all. They are written under a temporary name first, so that
 * no partial file ever has a final name, and never over another's file.
 *
 * Nothing is flushed to the disk here: fsync costs a wait for the disk for every file, many times what the rest does,
 * and would still lose the names of what was not flushed. After a power cut a final name may therefore hold an empty
 * file, as after any copy; the journal keeps size and digest of every result, and a resume does those again that differ.
 */
export class Delivery {
  /** Bytes of the last result. */
  size = 0;
  /** Of the last result, where digests are made. */
  digest = '';
  private readonly folders = new Set<string>();
  private path = '';
  private mayReplace = false;
  /** What the manifest says of the last result, where it is asked for. */
  evidence: Evidence | undefined;
  private hasLinks = true;
  /** What the output folder was at the first result. */
  private root: string | undefined;
  /** The folder that was looked at last, and when. */
  private checked = '';
  private checkedAt = 0;
  private hashThread: HashThread | undefined;

  /** @param temporary a name that nobody else writes to, in the same file system as the results */
  constructor(private readonly temporary: string, private readonly options: DeliveryOptions = {}) {}

  close(): void {
    this.hashThread?.close();
  }

  /** Names the next result. */
  begin(path: string, mayReplace: boolean): void {
    this.path = path;
    this.mayReplace = mayReplace;
  }

  /**
   * @param length bytes of the result, as far as it is known before
   * @throws Error of the system, or DicomError where another's file is in the way; nothing is left behind
   */
  deliver(fill: Fill, length = 0): void {
    const { path, temporary, options: { hashed } } = this;
    this.makeFolder(dirname(path));
    const file = openSync(temporary, 'wx');
    try {
      try {
        // Now that the temporary file is open it stays where it is, whatever its folder's name comes to mean.
        this.checkPlace();
        this.fill(file, fill, length);
      } finally {
        closeSync(file);
      }
      if (hashed !== undefined) this.evidence ??= evidenceOfFile(temporary, hashed);
      if (this.mayReplace) renameSync(temporary, path);
      else this.name();
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  private fill(file: number, fill: Fill, length: number): void {
    const digest: Digest | undefined = this.options.traced === true ? createDigest() : undefined;
    const thread = this.hashThreadFor(length);
    const { hashed } = this.options;
    const evidence = hashed === undefined ? undefined : new EvidenceMaker(hashed, thread);
    this.size = 0;
    const write = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
      digest?.update(bytes);
      evidence?.update(bytes);
      this.size += bytes.length;
    };
    let buffer: Uint8Array | undefined;
    try {
      fill(write, () => thread?.room() ?? (buffer ??= Buffer.allocUnsafe(CHUNK)));
    } catch (error) {
      thread?.forget();
      throw error;
    }
    this.digest = digest?.end() ?? '';
    this.evidence = evidence?.end();
  }

  /** Undefined where the result is hashed here: a part of it, a small one, or where no such thread can be had. */
  private hashThreadFor(length: number): HashThread | undefined {
    const { hashed, startHashThread = () => startedFrom(join(__dirname, 'batch-hash-worker.js')) } = this.options;
    if (hashed !== Number.POSITIVE_INFINITY || length < THREADED) return undefined;
    this.hashThread ??= startHashThread();
    return this.hashThread?.isLost === true ? undefined : this.hashThread;
  }

  /** A link is never made over a file, unlike a new name; looking first would leave a moment in which one may come. */
  private name(): void {
    const { path, temporary } = this;
    try {
      if (this.hasLinks) (this.options.link ?? linkSync)(temporary, path);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') throw existsAlready();
      if (!NO_LINKS.has(systemCode(error))) throw error;
      this.hasLinks = false;
    }
    if (this.hasLinks) unlinkSync(temporary);
    else this.nameWithoutLinks();
  }

  /** The name is taken by an empty file, which is then replaced. Killed in between, that is left, and done again by a resume. */
  private nameWithoutLinks(): void {
    const { path, temporary } = this;
    try {
      closeSync(openSync(path, 'wx'));
    } catch (error) {
      throw systemCode(error) === 'EEXIST' ? existsAlready() : error;
    }
    try {
      renameSync(temporary, path);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
  }

  /**
   * Somebody else may put a link in the place of the output folder, or of a folder in it, to get results written to a
   * place of their choice.
   * @throws DicomError where that was done
   */
  private checkPlace(): void {
    const folder = dirname(this.path);
    const now = milliseconds();
    if (folder === this.checked && now - this.checkedAt < CHECK_MS) return;
    const root = dirname(this.temporary);
    this.root ??= identityOf(root);
    if (this.root === '' || identityOf(root) !== this.root) throw new DicomError('unsafe', 'the output folder is not the one that the run began with');
    for (let inside = folder; inside.length > root.length; inside = dirname(inside)) {
      if (lstatSync(inside).isSymbolicLink()) throw new DicomError('unsafe', 'a link stands in the place of a folder of the output');
    }
    this.checked = folder;
    this.checkedAt = now;
  }

  private makeFolder(folder: string): void {
    if (this.folders.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    if (this.folders.size >= FOLDERS) this.folders.clear();
    this.folders.add(folder);
  }
}

function startedFrom(script: string): HashThread | undefined {
  return existsSync(script) ? new HashThread(script, CHUNK) : undefined;
}

/** Tells a folder from every other one; nothing for a link to one. */
function identityOf(folder: string): string {
  const stats = lstatSync(folder);
  return stats.isSymbolicLink() ? '' : `${stats.dev}:${stats.ino}`;
}

function existsAlready(): DicomError {
  return new DicomError('unsafe', 'the output file exists already');
}
