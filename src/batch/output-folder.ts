import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { systemReason, UsageError } from './errors.ts';

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
    if (isInside(target, source)) throw new UsageError('The output folder is inside an input, or is the input itself. Choose another one.');
    if (isInside(source, target)) throw new UsageError('An input is inside the output folder. Choose another one.');
  }
  try {
    if (!mayHoldFiles && existsSync(target) && readdirSync(target).length > 0) {
      throw new UsageError('The output folder is not empty. Choose another one, or go on with an earlier run by --resume.');
    }
    if (!dryRun) mkdirSync(target, { recursive: true });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The output folder cannot be made: ${systemReason(error)}.`);
  }
  return target;
}

/**
 * The name under which a thread writes before it renames: at the top of the output folder, so that what a killed run
 * leaves is found without a walk. `owner` tells runs apart that share the folder.
 */
export function temporaryPath(outputFolder: string, owner: string, thread: number): string {
  return join(outputFolder, `${owner}thread-${thread}.partial`);
}

/** Removes what an earlier run of the same owner left half written. */
export function removeTemporaries(outputFolder: string, owner: string): void {
  if (!existsSync(outputFolder)) return;
  for (const name of readdirSync(outputFolder)) {
    if (name.startsWith(`${owner}thread-`) && name.endsWith('.partial')) rmSync(join(outputFolder, name), { force: true });
  }
}

/** The path without links, as far as it exists. */
function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
