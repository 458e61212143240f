import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { systemCode, systemReason, UsageError } from './errors.ts';
import { checkInputs } from './walk.ts';

export interface FolderRequest {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly dryRun: boolean;
  /** Whether files of an earlier run, or of a run at the same time, may lie there already. */
  readonly mayHoldFiles: boolean;
}

/**
 * The absolute output folder, made when it is missing: outside every input, and no input inside it.
 * @throws UsageError where nothing may be written there
 */
export function prepareOutputFolder({ inputs, output, dryRun, mayHoldFiles }: FolderRequest): string {
  const target = realOf(resolve(output));
  for (const input of inputs) {
    const source = realOf(resolve(input));
    if (isInside(target, source) || isBelow(target, source)) throw new UsageError('The output folder is inside an input, or is the input itself. Choose another one.');
    if (isInside(source, target) || isBelow(source, target)) throw new UsageError('An input is inside the output folder. Choose another one.');
  }
  try {
    if (!mayHoldFiles && existsSync(target) && readdirSync(target).length > 0) {
      throw new UsageError('The output folder is not empty. Choose another one, or go on with an earlier run by --resume.');
    }
    if (!dryRun) makeFolder(target);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The output folder cannot be made: ${systemReason(error)}.`);
  }
  return target;
}

/** @throws Error of the system */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    // On a read-only disk node says of a recursive one that there is no such folder.
    if (systemCode(error) === 'ENOENT') mkdirSync(path);
    throw error;
  }
}

/**
 * What a run would refuse to begin with, told before anything is made: an output folder that will not do, an input that
 * is not there, a key among the results.
 * @throws UsageError
 */
export function checkPlaces({ inputs, output, keyFile, mayHoldFiles }: Omit<FolderRequest, 'dryRun'> & { readonly keyFile: string | undefined }): void {
  checkInputs(inputs);
  const target = prepareOutputFolder({ inputs, output, dryRun: true, mayHoldFiles });
  if (keyFile !== undefined && isInside(realOf(resolve(keyFile)), target)) {
    throw new UsageError('The output folder holds de-identified files and nothing else. Keep the key file elsewhere.');
  }
}

/**
 * Begins the names of a run's temporary files, which no two processes share: one that was taken for dead may write on.
 * The number of the process alone may be that of one on another machine.
 * @param shard name of the shard with what separates it, or nothing
 */
export function temporaryOwner(shard: string): string {
  return `${shard}${process.pid}-${randomBytes(4).toString('hex')}-`;
}

/**
 * The name under which a thread writes before the result gets its own: at the top of the output folder, so that what
 * a killed run leaves is found without a walk.
 */
export function temporaryPath(outputFolder: string, owner: string, thread: number): string {
  return join(outputFolder, `${owner}thread-${thread}.partial`);
}

/**
 * Removes what earlier runs left half written.
 * @param shard as for `temporaryOwner`: those of other shards may be at work
 */
export function removeTemporaries(outputFolder: string, shard: string): void {
  if (!existsSync(outputFolder)) return;
  for (const name of readdirSync(outputFolder)) {
    if (name.startsWith(shard) && TEMPORARY.test(name.slice(shard.length))) rmSync(join(outputFolder, name), { force: true });
  }
}

/** What follows the shard in the names that `temporaryOwner` and `temporaryPath` make. */
const TEMPORARY = /^\d+-[0-9a-f]{8}-thread-\d+\.partial$/;

/** The path without links, as far as it exists. */
export function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path));
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The same by what the folders are: one may have two names, by capitals or by a mount. */
function isBelow(path: string, folder: string): boolean {
  const wanted = statSync(folder, { throwIfNoEntry: false });
  if (wanted === undefined || !wanted.isDirectory()) return false;
  for (let at = path; ; at = dirname(at)) {
    const stats = statSync(at, { throwIfNoEntry: false });
    if (stats !== undefined && stats.dev === wanted.dev && stats.ino === wanted.ino && stats.ino !== 0) return true;
    if (dirname(at) === at) return false;
  }
}
