import { closeSync, fstatSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDigest, digestOf } from './digest.ts';
import type { FileRecord } from './journal.ts';
import { HEAD } from './process-file.ts';
import type { Found } from './walk.ts';

const CHUNK = 1 << 20;

/**
 * Whether source and result are what the journal says, so that nothing is left to do: size, time of change and first
 * bytes of the source, and every byte of the result.
 * @throws Error of the system where one of them is gone
 */
export function isStillDone(found: Found, { report, trace }: FileRecord, outputFolder: string): boolean {
  if (found.refusal !== undefined || report.output === undefined) return false;
  const source = found.pathBytes === undefined ? found.path : Buffer.from(found.pathBytes);
  const { size, mtimeMs } = statSync(source);
  if (size !== trace.size || mtimeMs !== trace.mtimeMs || headOf(source) !== trace.head) return false;
  const result = join(outputFolder, report.output);
  return statSync(result).size === trace.outputSize && wholeOf(result) === trace.outputDigest;
}

/** Removes what an earlier run wrote for a file that is to be done again: its name may differ from the new one's. */
export function removeResult({ report }: FileRecord, outputFolder: string): void {
  if (report.output !== undefined) rmSync(join(outputFolder, report.output), { force: true });
}

function headOf(path: string | Buffer): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(HEAD, fstatSync(file).size));
    return digestOf(buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0)));
  } finally {
    closeSync(file);
  }
}

function wholeOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const digest = createDigest();
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) digest.update(buffer.subarray(0, count));
    return digest.end();
  } finally {
    closeSync(file);
  }
}
