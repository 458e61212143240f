import { parentPort } from 'node:worker_threads';
import { type Block, BlockProcessor } from '../../src/batch/block.ts';
import type { WorkerTask } from '../../src/batch/worker.ts';

/** A worker as the program's own, but that a file whose name says so kills it. */
parentPort?.once('message', ({ setup, thread, place }: WorkerTask) => {
  const processor = new BlockProcessor(setup, thread, place);
  parentPort?.on('message', (block: Block) => {
    const deadly = block.files.findIndex(({ path }) => path.includes('deadly'));
    const result = processor.process(deadly < 0 ? block : { ...block, files: block.files.slice(0, deadly) });
    if (deadly >= 0) {
      Atomics.store(place, 0, deadly);
      // Out of memory, a fault in native code: the thread is gone without a word.
      process.exit(1);
    }
    parentPort?.postMessage(result);
  });
  parentPort?.postMessage('ready');
});
