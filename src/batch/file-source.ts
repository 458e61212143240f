import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { MemorySource, RangedSource, type ByteSource } from '../anonymizer/dicom/byte-source.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';

/** Files up to this size are read as a whole, into a buffer that is used again; larger ones by their header. */
export const WHOLE_FILE = 8 << 20;

/** Room in front of a file that is held as a whole, so that a longer header can be laid against its pixels. */
const MARGIN = 1 << 18;
/** A file whose last change is this old when it was read was not changed while it was read. */
const SETTLED_MS = 3000;

/** And one that was changed within this time is read again only after it. */
const PAUSE_MS = 50;

/** The walk passes pipes by; one that comes to stand in a file's place afterwards must not hold up the run. Nothing on Windows. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;
/** The walk passes links by, too. Nothing on Windows. */
const WITHOUT_FOLLOWING = WITHOUT_WAITING | constants.O_NOFOLLOW;

/** A file that changed while it was read; what was read is no state that it ever had. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** An open file as a source of bytes. */
export interface OpenFile {
  readonly source: ByteSource;
  readonly size: number;
  /** Milliseconds since 1970 of the last change. */
  readonly mtimeMs: number;
  /** The memory that a file lies in as a whole, and where it begins there; undefined for a large one. */
  readonly whole: { readonly memory: Uint8Array<ArrayBuffer>; readonly start: number } | undefined;
  /** Fills `into` with the bytes from `start`; for copying what is too large to hold. */
  readInto(into: Uint8Array, start: number): void;
  /** @throws FileChangedError where a large file is not what it was when it was opened */
  checkUnchanged(): void;
  close(): void;
}

/** Opens files one after another; a source is valid until the next file is opened. */
export class FileOpener {
  private memory = new Uint8Array(MARGIN + (1 << 20));
  /** For a second reading, where one is needed. */
  private second = new Uint8Array(0);

  /**
   * @param path bytes where the name is no UTF-8
   * @param follows whether a link is meant, as where somebody named it
   * @param whole bytes up to which a file is read as a whole
   * @throws DicomError for what is no regular file, or the system's error
   */
  open(path: string | Buffer, follows = true, whole = WHOLE_FILE): OpenFile {
    const file = openSync(path, follows ? WITHOUT_WAITING : WITHOUT_FOLLOWING);
    try {
      return this.read(file, whole);
    } catch (error) {
      const isFile = fstatSync(file).isFile();
      closeSync(file);
      throw isFile ? error : new DicomError('not-dicom', 'not a regular file');
    }
  }

  private read(file: number, whole: number): OpenFile {
    // One call is enough for most files; their size is what it returns.
    let size = readSync(file, this.memory, MARGIN, this.memory.length - MARGIN, 0);
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new DicomError('not-dicom', 'not a regular file');
    if (stats.size > whole) return largeFile(file, stats);
    if (size < stats.size) {
      if (this.memory.length - MARGIN < stats.size) this.memory = new Uint8Array(MARGIN + Math.min(WHOLE_FILE, stats.size * 2));
      size = readUpTo(file, this.memory.subarray(MARGIN, MARGIN + stats.size), 0);
    }
    const bytes = this.memory.subarray(MARGIN, MARGIN + size);
    if (size !== stats.size || Date.now() - stats.mtimeMs < SETTLED_MS) this.checkSettled(file, bytes, stats);
    return {
      source: new MemorySource(bytes), size, mtimeMs: stats.mtimeMs, whole: { memory: this.memory, start: MARGIN },
      readInto: (into, start) => readFully(file, into, start),
      checkUnchanged: () => undefined,
      close: () => closeSync(file),
    };
  }

  /** For a file that was changed a moment ago: two readings must agree, and the second with one state around it. */
  private checkSettled(file: number, bytes: Uint8Array, stats: Stats): void {
    // A writer may stand still in the middle of one write, and two readings at once would see the same half.
    if (Date.now() - stats.mtimeMs < PAUSE_MS) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    if (this.second.length < bytes.length) this.second = new Uint8Array(this.memory.length);
    const again = this.second.subarray(0, bytes.length);
    const isWhole = bytes.length === stats.size && readUpTo(file, again, 0) === again.length;
    if (!isWhole || !isSame(stats, fstatSync(file)) || Buffer.compare(again, bytes) !== 0) throw new FileChangedError('the file changed while it was read');
  }
}

/** Read by ranges, through a source that holds what was looked at last. */
function largeFile(file: number, stats: Stats): OpenFile {
  const readInto = (into: Uint8Array, start: number) => readFully(file, into, start);
  const source = new RangedSource(stats.size, (start, end) => {
    const bytes = new Uint8Array(end - start);
    readInto(bytes, start);
    return bytes;
  });
  return {
    source, size: stats.size, mtimeMs: stats.mtimeMs, whole: undefined, readInto,
    checkUnchanged: () => {
      if (!isSame(stats, fstatSync(file))) throw new FileChangedError('the file changed while it was read');
    },
    close: () => closeSync(file),
  };
}

function isSame(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}

function readFully(file: number, into: Uint8Array, start: number): void {
  if (readUpTo(file, into, start) < into.length) throw new FileChangedError('the file became shorter while it was read');
}

/** Bytes that were read: fewer than asked for at the end of the file alone. */
function readUpTo(file: number, into: Uint8Array, start: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, into.length - done, start + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
