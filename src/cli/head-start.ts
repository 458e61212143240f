import { type Dirent, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { POOL_FILES, startWorker } from '../batch/start-worker.ts';

/**
 * Code is optimized much later than usual (after 2 MB of bytecode and not 132 kB): every thread compiles for itself, and
 * runs of some thousand files would spend a quarter of their time on code that they hardly use again. Memory that is
 * free is looked for when half as much again is taken, and values that soon go have a megabyte that stays in the
 * processor's cache, so that a run of a million files takes hardly more memory than one of ten thousand; for the largest
 * files the first costs a tenth of the time. Measured with `npm run bench`.
 */
const ENGINE_FLAGS = '--interrupt-budget=2000000 --heap-growing-percent=50 --semi-space-growth-factor=1';

/** What is begun before the program's code is loaded, since it takes as long as that. */
export interface HeadStart {
  /** A worker that has no task yet; undefined where none is expected to be needed, or it is gone. */
  takeWorker(): Worker | undefined;
  /** To be called when the code is loaded: with other flags, what the engine has kept of code is not used. */
  codeIsLoaded(): void;
}

/** Folders that are looked into before it is known whether workers are needed. */
const MOST_FOLDERS = 50;

/** Starts the first worker where a run is asked for that will need it: of many files, on more than one core. */
export function headStart([command, ...args]: readonly string[]): HeadStart {
  const isWanted = command === 'anonymize' && !args.includes('--workers') && availableParallelism() > 1 && holdMany(args);
  // The worker is the last that has its code.
  let worker = isWanted ? startWorker(join(__dirname, 'worker.js'), { engineFlags: ENGINE_FLAGS }) : undefined;
  const forget = () => { worker = undefined; };
  // Who takes it hears of what goes wrong from then on.
  worker?.once('error', forget).once('exit', forget);
  return {
    takeWorker() {
      const taken = worker;
      worker = undefined;
      return taken;
    },
    codeIsLoaded() {
      if (worker === undefined) setFlagsFromString(ENGINE_FLAGS);
    },
  };
}

/** Whether folders among the arguments hold so many files that workers will be started; a quick look, which may be wrong. */
function holdMany(args: readonly string[]): boolean {
  const folders = [...args];
  let files = 0;
  for (let i = 0; i < folders.length && i < args.length + MOST_FOLDERS; i++) {
    for (const entry of entriesOf(folders[i])) {
      if (entry.isDirectory()) folders.push(join(folders[i], entry.name));
      else files += 1;
    }
    if (files >= POOL_FILES) return true;
  }
  return false;
}

/** None of what is no folder, or cannot be read: whoever reads the arguments will say so. */
function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
