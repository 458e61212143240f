import { type Dirent, lstatSync, opendirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { systemReason, UsageError } from './errors.ts';

/** A file that was found, or a place that could not be looked into. */
export interface Found {
  /** The path as given, or as found under the given folder. A name that is no UTF-8 has `\xHH` for its odd bytes. */
  readonly path: string;
  /** Its bytes, where they are not the path's UTF-8. */
  readonly pathBytes?: Uint8Array | undefined;
  /**
   * Relative to the given folder, with slashes; the name alone for a file that was given itself. With several inputs
   * it begins with the input's name, as `cp -r` has it, so that no two files of a run have the same.
   */
  readonly relative: string;
  /** Whether it was found under a given folder, where links are not followed. */
  readonly isBelow?: boolean | undefined;
  /** Why it is not to be read; undefined for a file. */
  readonly refusal?: string | undefined;
}

/**
 * Every file under the given files and folders, one by one, so that a million of them need no list. Symbolic links
 * are not followed: they may lead out of the input, or back into it.
 * @throws UsageError where a given path does not exist
 */
export function* walk(inputs: readonly string[]): Generator<Found> {
  const names = inputs.length > 1 ? namesOf(inputs) : undefined;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    const stats = statsOf(input);
    if (stats.isDirectory()) yield* walkFolder({ path: input, relative: names?.[i] ?? '' });
    else yield fileOf({ path: input, relative: names?.[i] ?? basename(input) }, stats);
  }
}

/** @throws UsageError where a given path does not exist */
export function checkInputs(inputs: readonly string[]): void {
  for (const input of inputs) statsOf(input);
}

/** Of what a given path leads to; a link that somebody names is meant. */
function statsOf(input: string): Stats {
  try {
    return lstatSync(realpathSync(input));
  } catch (error) {
    throw new UsageError(`An input cannot be read: ${systemReason(error)}: ${input}`);
  }
}

/** Names of the inputs, numbered where two have the same: `a/IM1 b/IM1` → `IM1`, `IM1~2`. */
function namesOf(inputs: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return inputs.map((input) => {
    const name = basename(resolve(input));
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}~${count}`;
  });
}

/** A folder still to be looked into. */
export interface Folder {
  readonly path: string;
  readonly pathBytes?: Buffer | undefined;
  readonly relative: string;
  readonly isBelow?: true;
}

/** Folders that are read at the same time, each below the one before; what lies deeper waits. */
const OPEN_FOLDERS = 64;

/**
 * A folder within a folder is read at once, while the outer one stays open: folders by the hundred thousand need no
 * list, either.
 */
function* walkFolder(top: Folder): Generator<Found> {
  const waiting: Folder[] = [top];
  const open: Reading[] = [];
  try {
    for (;;) {
      if (open.length === 0) {
        const next = waiting.pop();
        if (next === undefined) return;
        open.push({ folder: next, entries: entriesOf(next) });
      }
      const { folder, entries } = open[open.length - 1];
      const entry = nextOf(folder, entries);
      if (entry === undefined) open.pop();
      else if ('found' in entry) yield entry.found;
      else if (open.length < OPEN_FOLDERS) open.push({ folder: entry.folder, entries: entriesOf(entry.folder) });
      else waiting.push(entry.folder);
    }
  } finally {
    for (const { entries } of open) entries.return(undefined);
  }
}

/** A folder that is being read. */
interface Reading {
  readonly folder: Folder;
  readonly entries: Generator<FolderEntry>;
}

type FolderEntry = { readonly found: Found } | { readonly folder: Folder };

/** The next entry, or why there is none; a folder that cannot be read further has no more after that. */
function nextOf(folder: Folder, entries: Generator<FolderEntry>): FolderEntry | undefined {
  try {
    const { value, done } = entries.next();
    return done === true ? undefined : value;
  } catch (error) {
    return { found: { ...folder, refusal: `the folder cannot be read: ${systemReason(error)}` } };
  }
}

/** @throws Error of the system where it cannot be read */
export function* entriesOf(folder: Folder): Generator<FolderEntry> {
  let hasOddNames = folder.pathBytes !== undefined;
  if (!hasOddNames) {
    const entries = opendirSync(folder.path, { bufferSize: 256 });
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        // What is no UTF-8 is decoded with this character, and cannot be opened by that name.
        if (entry.name.includes('\ufffd')) hasOddNames = true;
        else yield entryOf(entry, below(folder, entry.name));
      }
    } finally {
      entries.closeSync();
    }
  }
  if (hasOddNames) yield* oddEntriesOf(folder);
}

/** The entries that are left to be read by their bytes: those with odd names, or all of a folder with an odd name. */
function* oddEntriesOf(folder: Folder): Generator<FolderEntry> {
  const parent = folder.pathBytes ?? Buffer.from(folder.path);
  // A list after all, but of one folder; node opens no directory stream by bytes.
  for (const entry of readdirSync(parent, { withFileTypes: true, encoding: 'buffer' }) as unknown as Dirent<Buffer>[]) {
    const bytes = entry.name;
    const isOdd = bytes.toString().includes('\ufffd');
    if (!isOdd && folder.pathBytes === undefined) continue;
    yield entryOf(entry, { ...below(folder, printable(bytes)), pathBytes: Buffer.concat([parent, Buffer.from('/'), bytes]) });
  }
}

function entryOf(entry: Pick<Dirent, 'isDirectory' | 'isFile' | 'isSymbolicLink'>, place: Folder): FolderEntry {
  return entry.isDirectory() ? { folder: place } : { found: fileOf(place, entry) };
}

/** A pipe that is opened waits for somebody to write to it, and a device may do anything. */
function fileOf(place: Found, entry: Pick<Dirent, 'isFile' | 'isSymbolicLink'>): Found {
  if (entry.isFile()) return place;
  return { ...place, refusal: entry.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'not a regular file' };
}

function below(folder: Folder, name: string): Folder {
  return { path: join(folder.path, name), isBelow: true, relative: folder.relative === '' ? name : `${folder.relative}/${name}` };
}

function printable(bytes: Buffer): string {
  if (!bytes.toString().includes('\ufffd')) return bytes.toString();
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}
