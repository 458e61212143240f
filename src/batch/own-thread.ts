import { rmSync } from 'node:fs';
import { type Block, BlockProcessor, type BlockResult, partOf, type Place, type Setup } from './block.ts';
import { lostBlock } from './lost-block.ts';
import { temporaryPath } from './output-folder.ts';
import { HungError, hungReason, within } from './patience.ts';
import { isRaised } from './stop.ts';

/** Number of the calling thread among those of a run. */
const THREAD = 0;

/** What became of a block, and what of it is to be done again. */
export interface OwnResult {
  readonly result: BlockResult;
  readonly returned: readonly Block[];
}

/** De-identifies blocks in the calling thread. A file on which it computes without end is given up, as in a worker. */
export class OwnThread {
  private readonly place: Place = new Int32Array(new SharedArrayBuffer(4));
  private processor: BlockProcessor;

  constructor(private readonly setup: Setup) {
    this.processor = new BlockProcessor(setup, THREAD, this.place);
  }

  /** @param room for the bytes of its files: what does not fit is returned */
  process(block: Block, seconds: number, room?: number): OwnResult {
    try {
      const result = within(seconds, () => this.processor.process(block, room));
      const isWhole = result.reports.length === block.files.length || isRaised(this.setup.stop);
      return { result, returned: isWhole ? [] : [partOf(block, result.reports.length)] };
    } catch (error) {
      if (!(error instanceof HungError)) throw error;
    }
    // It stopped in the middle of anything, so nothing of it is used again.
    this.processor.close();
    this.processor = new BlockProcessor(this.setup, THREAD, this.place);
    if (!this.setup.dryRun) rmSync(temporaryPath(this.setup.outputFolder, this.setup.owner, THREAD), { force: true });
    return lostBlock(block, Atomics.load(this.place, 0), hungReason(seconds));
  }

  close(): void {
    this.processor.close();
  }
}
