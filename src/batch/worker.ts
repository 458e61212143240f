import { parentPort, workerData } from 'node:worker_threads';
import { type Block, BlockProcessor, type Place, type Setup } from './block.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly setup: Setup;
  readonly thread: number;
  readonly place: Place;
}

/** What a worker thread does: blocks in, results out, until it is stopped. */
export function work(): void {
  const port = parentPort;
  if (port === null) throw new Error('this is a worker and not a program');
  const { setup, thread, place } = workerData as WorkerStart;
  const processor = new BlockProcessor(setup, thread, place);
  port.on('message', (block: Block) => {
    const result = processor.process(block);
    port.postMessage(result, [result.actions.buffer]);
  });
  port.postMessage('ready');
}
