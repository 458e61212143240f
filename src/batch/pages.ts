import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How much is held at most, and where the rest lies. */
export interface PagesOptions {
  /** The first bytes of the file's name, of a folder that can be written to. */
  readonly beside: string;
  readonly pageBytes: number;
  /** Pages in memory at the same time. */
  readonly most: number;
}

interface Page {
  readonly number: number;
  readonly bytes: Buffer;
  readonly numbers: Float64Array;
  isChanged: boolean;
}

/**
 * Bytes by page, for what grows with the number of files: the pages that were used last are in memory, the others in
 * a file. It is opened when the first page must leave, for this user alone, and loses its name at once, so that
 * nothing is left of it however the process ends. Where it cannot be written, as on a full disk, memory holds all.
 */
export class Pages {
  private readonly held = new Map<number, Page>();
  private last: Page | undefined;
  private file: number | undefined;
  private name: string | undefined;
  private isBroken = false;

  constructor(private readonly options: PagesOptions) {}

  /** A page; what was never written is zero. */
  read(number: number): Page {
    if (this.last?.number === number) return this.last;
    const held = this.held.get(number);
    const page = held ?? this.load(number);
    // Again the youngest of those that are held.
    if (held !== undefined) this.held.delete(number);
    this.held.set(number, page);
    this.last = page;
    return page;
  }

  write(number: number): Page {
    const page = this.read(number);
    page.isChanged = true;
    return page;
  }

  close(): void {
    this.held.clear();
    this.last = undefined;
    if (this.file === undefined) return;
    closeSync(this.file);
    this.file = undefined;
    if (this.name !== undefined) rmSync(this.name, { force: true });
  }

  private load(number: number): Page {
    const { pageBytes, most } = this.options;
    let bytes: Buffer | undefined;
    if (this.held.size >= most) bytes = this.letGo()?.bytes.fill(0);
    bytes ??= Buffer.alloc(pageBytes);
    if (this.file !== undefined) readSync(this.file, bytes, 0, pageBytes, number * pageBytes);
    return { number, bytes, numbers: new Float64Array(bytes.buffer, bytes.byteOffset, pageBytes / 8), isChanged: false };
  }

  /** Writes the oldest page and gives its memory away; undefined where it must stay. */
  private letGo(): Page | undefined {
    for (const page of this.held.values()) {
      if (page.isChanged && !this.save(page)) return undefined;
      this.held.delete(page.number);
      return page;
    }
    return undefined;
  }

  private save({ number, bytes }: Page): boolean {
    if (this.isBroken) return false;
    try {
      this.file ??= this.open();
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, number * bytes.length + at);
      return true;
    } catch {
      this.isBroken = true;
      return false;
    }
  }

  private open(): number {
    const ending = `.${process.pid}-${randomBytes(6).toString('hex')}.scratch`;
    try {
      return this.openUnnamed(`${this.options.beside}${ending}`);
    } catch {
      return this.openUnnamed(join(tmpdir(), `dicom-anonymizer${ending}`));
    }
  }

  private openUnnamed(name: string): number {
    const file = openSync(name, 'wx+', 0o600);
    try {
      rmSync(name);
    } catch {
      // A system that keeps the name of what is open: it goes when the file is closed.
      this.name = name;
    }
    return file;
  }
}

const NUMBERS_A_PAGE = 512;

/** A long list of numbers that lies on the disk; zero where none was set. */
export class Numbers {
  private readonly pages: Pages;

  constructor(beside: string, most = 64) {
    this.pages = new Pages({ beside, pageBytes: NUMBERS_A_PAGE * 8, most });
  }

  get(index: number): number {
    return this.pages.read(Math.floor(index / NUMBERS_A_PAGE)).numbers[index % NUMBERS_A_PAGE];
  }

  set(index: number, value: number): void {
    this.pages.write(Math.floor(index / NUMBERS_A_PAGE)).numbers[index % NUMBERS_A_PAGE] = value;
  }

  close(): void {
    this.pages.close();
  }
}
