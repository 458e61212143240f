import { appendFileSync, closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { systemReason, UsageError } from './errors.ts';
import { type Found, walk } from './walk.ts';

/** Files that go to one task together: neighbours share folders, and often a series. */
const GROUP = 64;
/** What a file costs beside its bytes, in bytes. */
const COST = 200_000;
/** Characters that are gathered for a task before they are written. */
const BLOCK = 1 << 16;

/**
 * Walks the inputs once and writes for each task the list of its files, about equal in work by their bytes.
 * @returns how many files each task has
 * @throws UsageError where an input cannot be read or a list cannot be written
 */
export function writeIndexes(inputs: readonly string[], paths: readonly string[]): number[] {
  const tasks = paths.map((path) => ({ path, files: 0, cost: 0, text: '' }));
  try {
    for (const { path } of tasks) writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    let task = tasks[0];
    let inGroup = 0;
    for (const found of walk(inputs)) {
      if (inGroup++ % GROUP === 0) task = tasks.reduce((least, other) => (other.cost < least.cost ? other : least));
      task.files += 1;
      task.cost += sizeOf(found) + COST;
      task.text += `${lineOf(found)}\n`;
      if (task.text.length < BLOCK) continue;
      appendFileSync(task.path, task.text);
      task.text = '';
    }
    for (const { path, text } of tasks) appendFileSync(path, text);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The lists of files cannot be written: ${systemReason(error)}.`);
  }
  return tasks.map(({ files }) => files);
}

/**
 * The files of a list, one by one.
 * @throws UsageError where it cannot be read or is no such list
 */
export function* readIndex(path: string): Generator<Found> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`The list of files cannot be read: ${systemReason(error)}.`);
  }
  try {
    let rest: Uint8Array = new Uint8Array(0);
    const chunk = Buffer.allocUnsafe(BLOCK);
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      rest = bytes.subarray(end);
      for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') yield foundOf(line);
    }
    if (rest.length > 0) throw new UsageError('The list of files ends in the middle of a line.');
  } finally {
    closeSync(file);
  }
}

function sizeOf({ path, pathBytes, refusal }: Found): number {
  if (refusal !== undefined) return 0;
  return statSync(pathBytes === undefined ? path : Buffer.from(pathBytes), { throwIfNoEntry: false })?.size ?? 0;
}

function lineOf({ path, pathBytes, relative, refusal }: Found): string {
  return JSON.stringify({ path, relative, refusal, bytes: pathBytes === undefined ? undefined : Buffer.from(pathBytes).toString('base64') });
}

function foundOf(line: string): Found {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new UsageError('This is no list of files of this program.');
  }
  const { path, relative, refusal, bytes } = parsed as Partial<Record<'path' | 'relative' | 'refusal' | 'bytes', unknown>>;
  if (typeof path !== 'string' || typeof relative !== 'string') throw new UsageError('This is no list of files of this program.');
  return {
    path, relative, refusal: typeof refusal === 'string' ? refusal : undefined,
    pathBytes: typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : undefined,
  };
}
