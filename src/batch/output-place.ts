import { closeSync, constants, existsSync, mkdirSync, openSync, readlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { systemCode } from './errors.ts';

/** Where Linux lets an open folder be named by its number, so that what is done in it is done there in any case. */
const OPEN_FOLDERS = '/proc/self/fd';
const ONLY_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Folders that are held open; slices of a few series come mixed. */
const MOST_OPEN = 8;
/** Folders that are remembered to exist; forgotten together when there are more. */
const FOLDERS = 10_000;

/**
 * The output folder and the folders in it, held open: whatever comes to stand under their names while a run goes on,
 * results are written to the folders that the run has begun with. Where a system cannot do that, names are names.
 */
export class OutputPlace {
  private root: number | undefined;
  /** By path, the one that was used last at the end. */
  private readonly open = new Map<string, number>();
  private readonly folders = new Set<string>();

  /** @param path of the output folder, without links in it */
  constructor(private readonly path: string, readonly isHeld = existsSync(OPEN_FOLDERS)) {}

  /** A path to the output folder, by which it is reached for certain. It is made where it is missing. */
  get rootPath(): string {
    if (!this.isHeld) return this.made(this.path, this.path);
    if (this.root === undefined) this.root = openFolder(this.made(this.path, this.path));
    return `${OPEN_FOLDERS}/${this.root}`;
  }

  /**
   * The same of a folder in it.
   * @throws DicomError where a link stands in the place of it, or of a folder on the way to it
   */
  pathOf(folder: string): string {
    const way = relative(this.path, folder);
    if (way === '') return this.rootPath;
    if (!this.isHeld) return this.made(folder, folder);
    return `${OPEN_FOLDERS}/${this.held(folder) ?? this.hold(folder, way)}`;
  }

  close(): void {
    for (const file of [...this.open.values(), ...(this.root === undefined ? [] : [this.root])]) closeSync(file);
    this.open.clear();
    this.root = undefined;
  }

  private held(folder: string): number | undefined {
    const file = this.open.get(folder);
    if (file !== undefined && this.open.size > 1) {
      this.open.delete(folder);
      this.open.set(folder, file);
    }
    return file;
  }

  private hold(folder: string, way: string): number {
    const root = this.rootPath;
    const file = openFolder(this.made(folder, `${root}/${way}`));
    this.open.set(folder, file);
    // The last name of the way was no link; the system tells where the folder is that the others led to.
    if (readlinkSync(`${OPEN_FOLDERS}/${file}`) !== `${readlinkSync(root)}/${way}`) {
      this.letGo(folder);
      throw linkInPlace();
    }
    const [oldest] = this.open.keys();
    if (this.open.size > MOST_OPEN) this.letGo(oldest);
    return file;
  }

  private letGo(folder: string): void {
    const file = this.open.get(folder);
    this.open.delete(folder);
    if (file !== undefined) closeSync(file);
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

function openFolder(path: string): number {
  try {
    return openSync(path, ONLY_FOLDER);
  } catch (error) {
    const code = systemCode(error);
    throw code === 'ELOOP' || code === 'ENOTDIR' ? linkInPlace() : error;
  }
}

export function linkInPlace(): DicomError {
  return new DicomError('unsafe', 'a link stands in the place of a folder of the output');
}
