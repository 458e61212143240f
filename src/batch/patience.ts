import { Script } from 'node:vm';
import type { Profile } from '../anonymizer/profile.ts';

/**
 * Seconds after which one file is given up. The slowest lawful files take some tenths of a second; what hangs is a
 * network folder that is gone, a broken disk, or an input made for it. Whoever waits for a tape robot waits minutes.
 */
export const FILE_SECONDS = 300;
/** A file gets a second more for so many bytes: as slow as the slowest network that is still at work. */
const BYTES_A_SECOND = 1 << 20;
/** Where text in pixels is read, so many bytes are a compressed frame, and a frame may take a second. */
const CLEANED_BYTES_A_SECOND = 50_000;

/** How long a thread may stay with a file. */
export interface Patience {
  readonly seconds: number;
  readonly bytesASecond: number;
}

export function patienceFor(profile: Profile, seconds = FILE_SECONDS): Patience {
  return { seconds, bytesASecond: profile.options.has('clean-pixel-data') ? CLEANED_BYTES_A_SECOND : BYTES_A_SECOND };
}

/** Seconds for so many bytes: of one file, or of some that are small. */
export function secondsFor({ seconds, bytesASecond }: Patience, bytes: number): number {
  return seconds + Math.ceil(bytes / bytesASecond);
}

/** Why a file failed that hung. */
export function hungReason(seconds: number): string {
  return `it was given up after ${Math.round(seconds)} s without an end`;
}

/** Work of the calling thread that did not end in time. None of its `finally` was run. */
export class HungError extends Error {
  override readonly name = 'HungError';
}

const WORK = Symbol.for('dicom-anonymizer.work');
const script = new Script(`globalThis[Symbol.for('dicom-anonymizer.work')]()`);

/**
 * Does something in the calling thread, and ends it in the middle where it takes too long: a computation without end.
 * A call of the system that does not come back cannot be ended so.
 * @throws HungError
 */
export function within<T>(seconds: number, work: () => T): T {
  const place = globalThis as { [WORK]?: () => T };
  place[WORK] = work;
  try {
    return script.runInThisContext({ timeout: Math.min(2 ** 31 - 1, Math.ceil(seconds * 1000)) }) as T;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new HungError();
    throw error;
  } finally {
    delete place[WORK];
  }
}
