import { openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { type Block, BlockProcessor } from '../../src/batch/block.ts';
import type { WorkerTask } from '../../src/batch/worker.ts';

/** A worker as the program's own, but that it hangs with a file whose name says so. */
parentPort?.once('message', ({ setup, thread, place }: WorkerTask) => {
  const processor = new BlockProcessor(setup, thread, place);
  parentPort?.on('message', (block: Block) => {
    const at = block.files.findIndex(({ path }) => /endless|waiting/.test(path));
    const result = processor.process(at < 0 ? block : { ...block, files: block.files.slice(0, at) });
    if (at >= 0) {
      Atomics.store(place, 0, at);
      const { path } = block.files[at];
      // A computation without end, or a call of the system that does not come back: a pipe that nobody writes to.
      if (path.includes('endless')) for (;;);
      openSync(join(dirname(path), '..', '..', 'pipe'), 'r');
    }
    parentPort?.postMessage(result);
  });
  parentPort?.postMessage('ready');
});
