import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { UsageError } from './errors.ts';

/** How often a run says that it lives. */
const BEAT_MS = 10_000;
/** After how long a silence a run of another machine counts as dead, */
const SILENCE_MS = 60_000;
/** and one whose process seems to live here: its number may be another's by now, or one file takes very long. */
const LONG_SILENCE_MS = 600_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** The job of a Slurm queue and how often it was started; it is started again only when it has ended. */
  readonly job: string | undefined;
  readonly starts: number;
}

/**
 * Keeps a second run out of the same output folder, by a file beside it. A lock whose process is gone, here or by its
 * silence on another machine, is taken over.
 */
export class Lock {
  private readonly beat: NodeJS.Timeout;

  /** @throws UsageError where another run holds it */
  constructor(private readonly path: string) {
    const { SLURM_JOB_ID, SLURM_RESTART_COUNT } = process.env;
    const holder: Holder = { pid: process.pid, host: hostname(), job: SLURM_JOB_ID, starts: Number(SLURM_RESTART_COUNT ?? 0) };
    if (!create(path, holder)) {
      if (!isDead(path, holder)) throw new UsageError('Another run is at work in this output folder. Wait for its end, or choose another folder.');
      rmSync(path, { force: true });
      if (!create(path, holder)) throw new UsageError('Another run has just begun in this output folder.');
    }
    this.beat = setInterval(() => touch(path), BEAT_MS);
    this.beat.unref();
  }

  release(): void {
    clearInterval(this.beat);
    rmSync(this.path, { force: true });
  }
}

function create(path: string, holder: Holder): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(file, JSON.stringify(holder));
  } finally {
    closeSync(file);
  }
  return true;
}

function isDead(path: string, own: Holder): boolean {
  const holder = readHolder(path);
  if (holder === undefined) return isSilent(path, SILENCE_MS);
  if (holder.job !== undefined && holder.job === own.job && own.starts > holder.starts) return true;
  if (holder.host !== own.host) return isSilent(path, SILENCE_MS);
  try {
    process.kill(holder.pid, 0);
    return holder.pid !== own.pid && isSilent(path, LONG_SILENCE_MS);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const isHolder = typeof holder === 'object' && holder !== null && 'pid' in holder && typeof holder.pid === 'number' && 'host' in holder;
    return isHolder ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isSilent(path: string, limitMs: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > limitMs;
  } catch {
    return true;
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Somebody removed it, or the disk is full: that does not stop the work.
  }
}
