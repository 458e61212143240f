import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, renameSync, rmSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { NO_LINKS, systemCode, UsageError } from './errors.ts';

/** How often a run says that it lives. */
const BEAT_MS = 10_000;
/** After how long a silence a run of another machine counts as dead, */
const SILENCE_MS = 60_000;
/** and one whose process seems to live here: its number may be another's by now, or one file takes very long. */
const LONG_SILENCE_MS = 600_000;
/** How often the lock may come and go while it is being taken. */
const ATTEMPTS = 10;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, by the system's own count; tells it from a later one of the same number. */
  readonly start?: string | undefined;
  /** The job of a Slurm queue and how often it was started; it is started again only when it has ended. */
  readonly job?: string | undefined;
  readonly starts: number;
  /** Tells this lock from every other one. */
  readonly id?: string | undefined;
}

/** A lock as it was found. */
interface Found {
  /** Of its holder, or made of its time where it does not say. */
  readonly id: string;
  readonly holder: Holder | undefined;
  readonly silentMs: number;
}

/**
 * Keeps a second run out of the same output folder, by a file beside it. A lock whose process is gone, here or by its
 * silence on another machine, is taken over.
 */
export class Lock {
  private readonly beat: NodeJS.Timeout;
  private readonly id = randomBytes(8).toString('hex');

  /** @throws UsageError where another run holds it */
  constructor(private readonly path: string) {
    const { SLURM_JOB_ID, SLURM_RESTART_COUNT } = process.env;
    take(path, {
      pid: process.pid, host: hostname(), start: startOf(process.pid), job: SLURM_JOB_ID, starts: Number(SLURM_RESTART_COUNT ?? 0), id: this.id,
    });
    this.beat = setInterval(() => touch(path), BEAT_MS);
    this.beat.unref();
  }

  release(): void {
    clearInterval(this.beat);
    // Another run's, if this one was taken for dead.
    if (look(this.path)?.id === this.id) rmSync(this.path, { force: true });
  }
}

/**
 * A dead lock is never removed, since it might be another one by the time: whoever wants it first takes a claim, a
 * lock whose name only this dead one has, looks again, and moves the claim over it.
 */
function take(path: string, own: Holder): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(path, own)) return;
    const found = look(path);
    if (found === undefined) continue;
    if (!isDead(found, own)) throw new UsageError('Another run is at work in this output folder. Wait for its end, or choose another folder.');
    const claim = `${path}.${found.id}`;
    take(claim, own);
    if (look(path)?.id !== found.id) rmSync(claim, { force: true });
    else if (move(claim, path) && look(path)?.id === own.id) return;
  }
  throw new UsageError('Another run has just begun in this output folder.');
}

/** False where there is one already. */
function create(path: string, holder: Holder): boolean {
  try {
    put(path, holder);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * The lock comes with what it says, by a link to a file that says it already: a process that is killed leaves none
 * that says nothing. Where a file system has no links, it is made and then written to.
 */
function put(path: string, holder: Holder): void {
  const draft = `${path}.${holder.id}.new`;
  try {
    write(draft, holder);
    linkSync(draft, path);
    return;
  } catch (error) {
    if (!NO_LINKS.has(systemCode(error))) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  write(path, holder);
}

/** Writes a new file, whole or not at all. */
function write(path: string, holder: Holder): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(holder));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** False where the claim is gone: its holder was taken for dead as well. */
function move(claim: string, path: string): boolean {
  try {
    renameSync(claim, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function look(path: string): Found | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mtimeMs } = fstatSync(file);
    const holder = holderOf(readFileSync(file, 'utf8'));
    const id = /^[0-9a-f]{16}$/.test(holder?.id ?? '') ? holder?.id : undefined;
    return { id: id ?? `of-${Math.floor(mtimeMs)}`, holder, silentMs: Date.now() - mtimeMs };
  } finally {
    closeSync(file);
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(text);
    const isHolder = typeof holder === 'object' && holder !== null && 'pid' in holder && typeof holder.pid === 'number' && 'host' in holder;
    return isHolder ? (holder as Holder) : undefined;
  } catch {
    // What a process leaves that is killed between two calls.
    return undefined;
  }
}

function isDead({ holder, silentMs }: Found, own: Holder): boolean {
  if (holder === undefined) return silentMs > SILENCE_MS;
  if (holder.job !== undefined && holder.job === own.job && own.starts > holder.starts) return true;
  if (holder.host !== own.host) return silentMs > SILENCE_MS;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // One that may not be asked lives, as another user's.
    return systemCode(error) === 'ESRCH';
  }
  const start = startOf(holder.pid);
  if (holder.start !== undefined && start !== undefined) return holder.start !== start;
  return holder.pid !== own.pid && silentMs > LONG_SILENCE_MS;
}

/** When a process began, in ticks since the machine did; undefined where the system does not tell it by a file. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The 22nd field; the second is the name of the program in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
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
