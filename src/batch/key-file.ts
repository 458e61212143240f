import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { KEY_LENGTH } from '../anonymizer/pseudonyms.ts';
import { systemReason, UsageError } from './errors.ts';

/** A key for one run, which nobody keeps. */
export function newKey(): Uint8Array {
  return randomBytes(KEY_LENGTH);
}

/**
 * The key of a key file: one line of 64 hexadecimal digits. A missing file is made with mode 0600.
 * @throws UsageError where the file cannot be read or made, or has another shape
 */
export function readOrMakeKey(path: string): Uint8Array {
  const made = makeKeyFile(path);
  if (made !== undefined) return made;
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    throw new UsageError(`The key file cannot be read: ${systemReason(error)}.`);
  }
  if (!/^[0-9a-fA-F]{64}\r?\n?$/.test(text)) throw new UsageError('The key file must hold one line of 64 hexadecimal digits.');
  return Uint8Array.from(Buffer.from(text.trim(), 'hex'));
}

/** Undefined where the file is there already, another process's included. */
function makeKeyFile(path: string): Uint8Array | undefined {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw new UsageError(`The key file cannot be made: ${systemReason(error)}.`);
  }
  try {
    const key = newKey();
    writeSync(file, `${Buffer.from(key).toString('hex')}\n`);
    return key;
  } catch (error) {
    // Half a key is none, and would be in the way of the next run.
    rmSync(path, { force: true });
    throw new UsageError(`The key file cannot be made: ${systemReason(error)}.`);
  } finally {
    closeSync(file);
  }
}
