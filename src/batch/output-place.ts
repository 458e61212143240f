import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readlinkSync } from 'node:fs';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { systemCode } from './errors.ts';

/** Where Linux lets an open folder be named by its number, so that what is done in it is done there in any case. */
const OPEN_FOLDERS = `/proc/${process.pid}/fd`;
const ONLY_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Folders that are held open; slices of a few series come mixed. */
const MOST_OPEN = 8;
/** Folders that are remembered to exist; forgotten together when there are more. */
const FOLDERS = 10_000;

interface Held {
  readonly folder: string;
  readonly file: number;
  /** By which it is reached. */
  readonly path: string;
}

/**
 * The output folder and the folders in it, held open: whatever comes to stand under their names while a run goes on,
 * results are written to the folders that the run has begun with. Where a system cannot do that, names are names.
 */
export class OutputPlace {
  private root: Held | undefined;
  /** By path, the one that was used last at the end. */
  private readonly open = new Map<string, Held>();
  private last: Held | undefined;
  private readonly folders = new Set<string>();

  /**
   * @param path of the output folder, without links in it
   * @param identity what it was when the run began
   */
  constructor(private readonly path: string, private readonly identity?: string, readonly isHeld = canHold()) {}

  /** A path to the output folder, by which it is reached for certain. It is made where it is missing. */
  get rootPath(): string {
    if (!this.isHeld) return this.made(this.path, this.path);
    return (this.root ??= this.holdRoot()).path;
  }

  /**
   * The same of a folder in it.
   * @throws DicomError where a link stands in the place of it, or of a folder on the way to it
   */
  pathOf(folder: string): string {
    if (folder === this.last?.folder) return this.last.path;
    if (folder === this.path) return this.rootPath;
    if (!this.isHeld) return this.made(folder, folder);
    const held = this.open.get(folder) ?? this.hold(folder);
    this.open.delete(folder);
    this.open.set(folder, held);
    const [oldest] = this.open.keys();
    if (this.open.size > MOST_OPEN) this.letGo(oldest);
    this.last = held;
    return held.path;
  }

  close(): void {
    for (const { file } of [...this.open.values(), ...(this.root === undefined ? [] : [this.root])]) closeSync(file);
    this.open.clear();
    this.root = undefined;
    this.last = undefined;
  }

  private holdRoot(): Held {
    const held = holding(this.path, this.made(this.path, this.path));
    const { dev, ino } = fstatSync(held.file);
    if (this.identity === undefined || this.identity === `${dev}:${ino}`) return held;
    closeSync(held.file);
    throw exchanged();
  }

  /** Folder by folder on the way to it, none of which may be a link. */
  private hold(folder: string): Held {
    const way = folder.slice(this.path.length).split('/').filter((name) => name !== '');
    this.made(folder, `${this.rootPath}/${way.join('/')}`);
    let held: Held | undefined;
    for (const name of way) {
      const outer = held;
      try {
        held = holding(folder, `${outer?.path ?? this.rootPath}/${name}`);
      } finally {
        if (outer !== undefined) closeSync(outer.file);
      }
    }
    if (held === undefined) throw linkInPlace();
    return held;
  }

  private letGo(folder: string): void {
    const held = this.open.get(folder);
    this.open.delete(folder);
    if (held !== undefined) closeSync(held.file);
  }

  /** @param path by which it is reached */
  private made(folder: string, path: string): string {
    if (this.folders.has(folder)) return path;
    mkdirSync(path, { recursive: true });
    if (this.folders.size >= FOLDERS) this.folders.clear();
    this.folders.add(folder);
    return path;
  }
}

/** @throws DicomError where a link stands there */
function holding(folder: string, path: string): Held {
  try {
    const file = openSync(path, ONLY_FOLDER);
    return { folder, file, path: `${OPEN_FOLDERS}/${file}` };
  } catch (error) {
    const code = systemCode(error);
    throw code === 'ELOOP' || code === 'ENOTDIR' ? linkInPlace() : error;
  }
}

/** Whether this process finds its own open folders there: the /proc of another namespace has others under its number. */
function canHold(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid) && existsSync(OPEN_FOLDERS);
  } catch {
    return false;
  }
}

/** Tells a folder from every other one; nothing for a link to one. */
export function identityOf(folder: string): string {
  const stats = lstatSync(folder);
  return stats.isSymbolicLink() ? '' : `${stats.dev}:${stats.ino}`;
}

export function exchanged(): DicomError {
  return new DicomError('unsafe', 'the output folder is not the one that the run began with');
}

export function linkInPlace(): DicomError {
  return new DicomError('unsafe', 'a link stands in the place of a folder of the output');
}
