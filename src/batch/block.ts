import { createPlanner } from '../anonymizer/planner.ts';
import type { Profile } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { ActionTally, type FileReport, Spread } from '../anonymizer/report.ts';
import type { Layout } from './output-path.ts';
import { temporaryPath } from './output-folder.ts';
import { FileProcessor } from './process-file.ts';
import type { Found } from './walk.ts';

/** What every thread of a run needs to know; made of what can be sent to a worker. The key goes no other way. */
export interface Setup {
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly outputFolder: string;
  /** Begins the names of temporary files. */
  readonly owner: string;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly dryRun: boolean;
}

/** Files that a thread takes at once: enough that asking for more costs nothing, few enough to share the work evenly. */
export const BLOCK_SIZE = 8;

/** Some files of the walk, one after another. */
export interface Block {
  /** Place of its first file in the walk. */
  readonly first: number;
  readonly files: readonly Found[];
  /** A result of an earlier attempt at the same files may be there and is replaced. */
  readonly replace: boolean;
}

/** What became of a block. It is reported as a whole or not at all, so that a thread that dies falsifies no count. */
export interface BlockResult {
  readonly first: number;
  readonly reports: readonly FileReport[];
  /** Bytes of the sources. */
  readonly bytes: readonly number[];
  /** Milliseconds an image. */
  readonly times: { readonly count: number; readonly mean: number; readonly standardDeviation: number };
  /** Counts of actions, as `ActionTally` packs them. */
  readonly actions: Float64Array;
}

/** Where a thread tells which file of its block it is at: all that is left of it when it dies. */
export type Place = Int32Array<SharedArrayBuffer>;

/** De-identifies blocks one after another, in whatever thread it is made. */
export class BlockProcessor {
  private readonly tally = new ActionTally();
  private readonly processor: FileProcessor;

  constructor(setup: Setup, thread: number, private readonly place?: Place) {
    const pseudonyms = createPseudonyms(setup.key);
    this.processor = new FileProcessor({
      planner: createPlanner(setup.profile, pseudonyms), pseudonyms, outputFolder: setup.outputFolder,
      temporary: temporaryPath(setup.outputFolder, setup.owner, thread),
      layout: setup.layout, verify: setup.verify, dryRun: setup.dryRun,
    }, this.tally);
  }

  process({ first, files, replace }: Block): BlockResult {
    const reports: FileReport[] = [];
    const bytes: number[] = [];
    const times = new Spread();
    for (let i = 0; i < files.length; i++) {
      if (this.place !== undefined) Atomics.store(this.place, 0, i);
      const start = performance.now();
      const processed = this.processor.process(files[i], replace);
      if (processed.report.status === 'written') times.add(performance.now() - start);
      reports.push(processed.report);
      bytes.push(processed.bytes);
    }
    const { count, mean, standardDeviation } = times;
    return { first, reports, bytes, times: { count, mean, standardDeviation }, actions: this.tally.take() };
  }
}
