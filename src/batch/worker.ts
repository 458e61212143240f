import { parentPort, workerData } from 'node:worker_threads';
import { type Block, BlockProcessor, type Place, type Setup } from './block.ts';
import { type CodeLoading, codeIsLoaded } from './start-worker.ts';

/** The first message to a worker. */
export interface WorkerTask {
  readonly setup: Setup;
  readonly thread: number;
  readonly place: Place;
}

/** What a worker thread does: blocks in, results out, until it is stopped. */
export function work(): void {
  const port = parentPort;
  if (port === null) throw new Error('this is a worker and not a program');
  const loading = workerData as CodeLoading | undefined;
  if (loading !== undefined) codeIsLoaded(loading);
  port.once('message', ({ setup, thread, place }: WorkerTask) => {
    const processor = new BlockProcessor(setup, thread, place);
    port.on('message', (block: Block) => {
      const result = processor.process(block);
      port.postMessage(result, [result.actions.buffer]);
    });
    port.postMessage('ready');
  });
}
