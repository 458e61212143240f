import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** Workers start once so many files are ahead; starting one costs as much as de-identifying some hundred. */
export const POOL_FILES = 300;

/** What a worker may hold of values that soon go; the engine's own choice is four times that, for a fiftieth of the time. */
const YOUNG_MB = 12;

/**
 * Threads of the process that still load code. The last one that has it sets flags of the engine, which are those of
 * the whole process: what the engine has kept of code, node's own and the program's, it uses under no flags but those
 * that it was made with, and without it a thread starts half as fast.
 */
export interface CodeLoading {
  readonly threads: Int32Array<SharedArrayBuffer>;
  readonly engineFlags: string;
}

/** What was begun before the program's code was loaded, since it takes as long as that. */
export interface HeadStart {
  /** Counts the calling thread until it has started what workers it needs. */
  readonly loading: CodeLoading;
  /** A worker that has no task yet; undefined where none was expected to be needed, or it is gone. */
  takeWorker(): Worker | undefined;
}

/** Of a process in which the calling thread loads code. */
export function codeLoading(engineFlags: string): CodeLoading {
  return { threads: new Int32Array(new SharedArrayBuffer(4)).fill(1), engineFlags };
}

/** To be called by each thread once. */
export function codeIsLoaded({ threads, engineFlags }: CodeLoading): void {
  if (Atomics.sub(threads, 0, 1) === 1) setFlagsFromString(engineFlags);
}

/**
 * Starts a worker; what it is to do comes as its first message.
 * @throws Error of the system where it gives this process no further thread
 */
export function startWorker(script: string, loading?: CodeLoading): Worker {
  if (loading !== undefined) Atomics.add(loading.threads, 0, 1);
  return new Worker(script, { workerData: loading, execArgv: [], argv: [], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
}
