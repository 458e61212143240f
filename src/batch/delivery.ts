import { closeSync, existsSync, linkSync, lstatSync, openSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { milliseconds } from './clock.ts';
import { createDigest, digestOf } from './digest.ts';
import { NO_LINKS, systemCode } from './errors.ts';
import { bytesOfHead, type Evidence, EvidenceMaker, evidenceOf, evidenceOfFile } from './evidence.ts';
import { HashThread } from './hash-thread.ts';
import { exchanged, identityOf, linkInPlace, OutputPlace } from './output-place.ts';

/** Milliseconds for which a folder counts as looked at, where folders are held open: then it is looked at to tell, not to protect. */
const CHECK_MS = 5;

/** Longest stretch that is copied at once. */
export const CHUNK = 4 << 20;
/** A result of so many bytes is hashed by a thread of its own; starting one takes as long as hashing this. */
const THREADED = 64 << 20;

/**
 * Writes a result.
 * @param room memory of `CHUNK` bytes for what is to be written next
 */
export type Fill = (write: (bytes: Uint8Array) => void, room: () => Uint8Array) => void;

export interface DeliveryOptions {
  /** What the output folder was when the run began, by `identityOf`. */
  readonly root?: string | undefined;
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
  private readonly place: OutputPlace;
  /** What the output folder was when the run began, or at the first result. */
  private root: string | undefined;
  private readonly temporaryName: string;
  /** Where the next result goes. */
  private folder = '';
  private fileName = '';
  private mayReplace = false;
  /** What the manifest says of the last result, where it is asked for. */
  evidence: Evidence | undefined;
  private hasLinks = true;
  /** The folder that was looked at last, and when. */
  private checked = '';
  private checkedAt = 0;
  private hashThread: HashThread | undefined;
  private hasThreads = true;

  /** @param temporary a name that nobody else writes to, in the same file system as the results */
  constructor(private readonly temporary: string, private readonly options: DeliveryOptions = {}) {
    this.root = options.root;
    this.place = new OutputPlace(dirname(temporary), options.root);
    this.temporaryName = basename(temporary);
  }

  close(): void {
    this.place.close();
    this.hashThread?.close();
  }

  /** Names the next result. */
  begin(folder: string, fileName: string, mayReplace: boolean): void {
    this.folder = folder;
    this.fileName = fileName;
    this.mayReplace = mayReplace;
  }

  /**
   * @param beforePixels bytes that stand in front of the pixels
   * @throws Error of the system, or DicomError where another's file is in the way; nothing is left behind
   */
  deliver(bytes: Uint8Array, beforePixels = Number.POSITIVE_INFINITY): void {
    const { traced, hashed } = this.options;
    this.into((file) => {
      writeAll(file, bytes);
      this.size = bytes.length;
      this.digest = traced === true ? digestOf(bytes) : '';
      this.evidence = hashed === undefined ? undefined : evidenceOf(bytes, bytesOfHead(hashed, beforePixels));
    });
  }

  /**
   * Delivers what is written piece by piece.
   * @param length bytes of the result, as far as it is known before, and of what stands in front of its pixels
   * @throws as `deliver`, and what `fill` throws
   */
  deliverPieces(fill: Fill, length = 0, beforePixels = Number.POSITIVE_INFINITY): void {
    this.into((file) => this.fill(file, fill, length, beforePixels));
  }

  private into(fill: (file: number) => void): void {
    const { place, options: { hashed } } = this;
    const temporary = `${place.rootPath}/${this.temporaryName}`;
    const path = `${place.pathOf(this.folder)}/${this.fileName}`;
    const file = openSync(temporary, 'wx');
    try {
      try {
        this.checkPlace();
        fill(file);
      } finally {
        closeSync(file);
      }
      if (hashed !== undefined) this.evidence ??= evidenceOfFile(temporary, hashed);
      if (this.mayReplace) renameSync(temporary, path);
      else this.name(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  private fill(file: number, fill: Fill, length: number, beforePixels: number): void {
    const { traced, hashed } = this.options;
    const digest = traced === true ? createDigest() : undefined;
    const thread = this.hashThreadFor(length);
    const evidence = hashed === undefined ? undefined : new EvidenceMaker(bytesOfHead(hashed, beforePixels), thread);
    this.size = 0;
    const write = (bytes: Uint8Array) => {
      writeAll(file, bytes);
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
    if (this.hashThread === undefined && this.hasThreads) {
      this.hashThread = startHashThread();
      this.hasThreads = this.hashThread !== undefined;
    }
    return this.hashThread?.isLost === true ? undefined : this.hashThread;
  }

  /** A link is never made over a file, unlike a new name; looking first would leave a moment in which one may come. */
  private name(temporary: string, path: string): void {
    try {
      if (this.hasLinks) (this.options.link ?? linkSync)(temporary, path);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') throw existsAlready();
      if (!NO_LINKS.has(systemCode(error))) throw error;
      this.hasLinks = false;
    }
    if (this.hasLinks) unlinkSync(temporary);
    else this.nameWithoutLinks(temporary, path);
  }

  /** The name is taken by an empty file, which is then replaced. Killed in between, that is left, and done again by a resume. */
  private nameWithoutLinks(temporary: string, path: string): void {
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
   * place of their choice. Where folders are held open they get nothing, and are told of; elsewhere there is a moment
   * between this look and the write.
   * @throws DicomError where that was done
   */
  private checkPlace(): void {
    const { folder } = this;
    const now = milliseconds();
    if (this.place.isHeld && folder === this.checked && now - this.checkedAt < CHECK_MS) return;
    const root = dirname(this.temporary);
    this.root ??= identityOf(root);
    if (this.root === '' || identityOf(root) !== this.root) throw exchanged();
    for (let inside = folder; inside.length > root.length; inside = dirname(inside)) {
      if (lstatSync(inside).isSymbolicLink()) throw linkInPlace();
    }
    this.checked = folder;
    this.checkedAt = now;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

function startedFrom(script: string): HashThread | undefined {
  try {
    return existsSync(script) ? new HashThread(script, CHUNK) : undefined;
  } catch {
    // The system gives this process no further thread.
    return undefined;
  }
}

function existsAlready(): DicomError {
  return new DicomError('unsafe', 'the output file exists already');
}
