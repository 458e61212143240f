import { type Dirent, lstatSync, opendirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemReason, UsageError } from './errors.ts';

/** A file that was found, or a place that could not be looked into. */
export interface Found {
  /** The path as given, or as found under the given folder. */
  readonly path: string;
  /** Relative to the given folder, with slashes; the name alone for a file that was given itself. */
  readonly relative: string;
  /** Why it is not to be read; undefined for a file. */
  readonly refusal?: string | undefined;
}

/**
 * Every file under the given files and folders, one by one, so that a million of them need no list. Symbolic links
 * are not followed: they may lead out of the input, or back into it.
 * @throws UsageError where a given path does not exist
 */
export function* walk(inputs: readonly string[]): Generator<Found> {
  for (const input of inputs) {
    let isFolder: boolean;
    try {
      isFolder = lstatSync(realpathSync(input)).isDirectory();
    } catch (error) {
      throw new UsageError(`An input cannot be read: ${systemReason(error)}: ${input}`);
    }
    if (isFolder) yield* walkFolder(input);
    else yield { path: input, relative: basename(input) };
  }
}

function* walkFolder(top: string): Generator<Found> {
  const pending: { path: string; relative: string }[] = [{ path: top, relative: '' }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const below = (name: string) => ({
      path: join(folder.path, name),
      relative: folder.relative === '' ? name : `${folder.relative}/${name}`,
    });
    try {
      const entries = opendirSync(folder.path);
      try {
        for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
          if (entry.isDirectory()) pending.push(below(entry.name));
          else yield { ...below(entry.name), refusal: refusalOf(entry) };
        }
      } finally {
        entries.closeSync();
      }
    } catch (error) {
      yield { ...folder, refusal: `the folder cannot be read: ${systemReason(error)}` };
    }
  }
}

function refusalOf(entry: Dirent): string | undefined {
  if (entry.isFile()) return undefined;
  return entry.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'not a regular file';
}
