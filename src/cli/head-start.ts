import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { codeLoading, type HeadStart, POOL_FILES, startWorker } from '../batch/start-worker.ts';
import { entriesOf, type Folder } from '../batch/walk.ts';

/**
 * Code is optimized much later than usual (after 2 MB of bytecode and not 66 kB): every thread compiles for itself, and
 * runs of some thousand files would spend a quarter of their time on code that they hardly use again. Memory that is
 * free is looked for when half as much again is taken, and values that soon go have a megabyte that stays in the
 * processor's cache, so that a run of a million files takes hardly more memory than one of ten thousand; for the largest
 * files the first costs a tenth of the time. Measured with `npm run bench`.
 */
const ENGINE_FLAGS = '--interrupt-budget=2000000 --heap-growing-percent=50 --semi-space-growth-factor=1';

/** Folders that are looked into before it is known whether workers are needed. */
const MOST_FOLDERS = 50;

/** Starts the first worker where a run is asked for that will need it: of many files, by more than one thread. */
export function headStart([command, ...args]: readonly string[]): HeadStart {
  const loading = codeLoading(ENGINE_FLAGS);
  const isWanted = command === 'anonymize' && threadsOf(args) > 1 && holdMany(args);
  let worker: Worker | undefined;
  const forget = () => { worker = undefined; };
  try {
    // Who takes it hears of what goes wrong from then on.
    if (isWanted) worker = startWorker(join(__dirname, 'worker.js'), loading).once('error', forget).once('exit', forget);
  } catch {
    // The system gives this process no further thread; the run will find that out.
  }
  return {
    loading,
    takeWorker() {
      const taken = worker;
      forget();
      return taken;
    },
  };
}

/** As many as are asked for, or the machine has cores; whoever reads the arguments says what is wrong with a number. */
function threadsOf(args: readonly string[]): number {
  const at = args.findIndex((arg) => arg === '--workers' || arg.startsWith('--workers='));
  return at < 0 ? availableParallelism() : Number(args[at].split('=')[1] ?? args[at + 1]);
}

/** Whether folders among the arguments hold so many files that workers will be started; a quick look, which may be wrong. */
function holdMany(args: readonly string[]): boolean {
  const folders: Folder[] = args.map((path) => ({ path, relative: '' }));
  let files = 0;
  for (let i = 0; i < folders.length && i < args.length + MOST_FOLDERS; i++) {
    try {
      for (const entry of entriesOf(folders[i])) {
        if ('folder' in entry) folders.push(entry.folder);
        else if (++files === POOL_FILES) return true;
      }
    } catch {
      // No folder, or one that cannot be read: the run will say so.
    }
  }
  return false;
}
