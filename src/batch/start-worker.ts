import { Worker } from 'node:worker_threads';

/** Workers start once so many files are ahead; starting one costs as much as de-identifying some hundred. */
export const POOL_FILES = 300;

/** What a worker may hold of values that soon go; the engine's own choice is four times that, for a fiftieth of the time. */
const YOUNG_MB = 12;

/** What a worker is started with; what it is to do comes as its first message. */
export interface WorkerOptions {
  /** Flags that it gives the engine of the whole process once all of its code is loaded. */
  readonly engineFlags?: string | undefined;
}

export function startWorker(script: string, workerData: WorkerOptions = {}): Worker {
  return new Worker(script, { workerData, execArgv: [], argv: [], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
}
