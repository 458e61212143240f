import { statSync } from 'node:fs';
import type { Block, BlockResult, Setup } from './block.ts';
import { isLocal } from './local-disk.ts';
import { failedBlock } from './lost-block.ts';
import { OwnThread } from './own-thread.ts';
import { type Patience, patienceFor, secondsFor } from './patience.ts';
import { WorkerPool } from './pool.ts';
import { stopFlagOf } from './stop.ts';
import type { Found } from './walk.ts';

/** Files that a thread takes at once: enough that asking for more costs nothing, few enough to hear of other things soon. */
const SMALLEST_BLOCK = 8;
const LARGEST_BLOCK = 64;
const BLOCK_BYTES = 16 << 20;
/** And so small a part of a thread's share of what is ahead, so that all come to their end together. */
const PARTS = 4;

/** Files that are walked ahead of the work: enough to know the total of most inputs, few enough to be no memory. */
const AHEAD = 10_000;
/** Workers start once so much is known to be ahead; starting one costs as much as de-identifying some hundred files. */
const POOL_FILES = 300;
const POOL_BYTES = 64 << 20;
/** Up to so many threads the calling one keeps working beside the others; with more it has enough to do with them. */
const WORKING_CALLER = 4;
/** A file of this size is left to the workers, which would wait for the calling thread meanwhile. */
const LARGE = 8 << 20;
/** Files that may wait for the workers; the calling thread takes no more before they are fewer. */
const WAITING = 64;
/** Why a file failed that came after too many that hung. */
const GIVEN_UP = 'it was not tried, since too many files before it hung';

export interface CrewOptions {
  readonly setup: Setup;
  readonly workers: number;
  readonly script: string;
  readonly keepCallerFree: boolean;
  /** What is read; decides whether the calling thread may. */
  readonly inputs: readonly string[];
  /** Seconds after which one file is given up, where it is no large one. */
  readonly timeout: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Adds to a new block what is known of its files. */
  readonly prepare: (block: Block) => Block;
}

/** Of a block, and the bytes of its files. */
interface Part {
  readonly part: Block;
  readonly bytes: number;
}

export type OnResult = (result: BlockResult, filesTotal: number | undefined) => void;

/**
 * Does the work of a run: in the calling thread at first, so that a small input needs no more, and by workers as soon
 * as there is work for them. The walk goes on as the work does, and never far ahead of it.
 */
export class Crew {
  private readonly setup: Setup;
  private ownThread: OwnThread | undefined;
  private readonly patience: Patience;
  /** As asked for; where text in pixels is read, for which a thread has to wait; and where a disk may stop answering. */
  private readonly keepCallerFree: boolean;
  private pool: WorkerPool | undefined;
  private readonly returned: Block[] = [];
  /** Taken by workers before anything else. */
  private readonly forWorkers: Block[] = [];
  private filesDone = 0;
  private bytesDone = 0;

  constructor(private readonly options: CrewOptions) {
    this.setup = { ...options.setup, stop: stopFlagOf(options.signal) };
    this.patience = patienceFor(options.setup.profile, options.timeout);
    this.keepCallerFree = options.keepCallerFree || options.setup.profile.options.has('clean-pixel-data') || !isLocal([...options.inputs, options.setup.outputFolder]);
  }

  /** Threads that hang where nobody can end them, after the work. */
  get stuckThreads(): number {
    return this.pool?.stuckThreads ?? 0;
  }

  async work(files: Iterator<Found>, onResult: OnResult): Promise<void> {
    const queue = new Queue(files);
    const done = (result: BlockResult) => {
      this.filesDone += result.reports.length;
      for (const bytes of result.bytes) this.bytesDone += bytes;
      onResult(result, queue.total);
    };
    const next = (): Block | undefined => {
      if (this.options.signal?.aborted === true) return undefined;
      const returned = this.returned.pop();
      if (returned !== undefined) return returned;
      const block = queue.take(this.blockSize(queue.length));
      return block === undefined ? undefined : this.options.prepare(block);
    };
    try {
      for (;;) {
        queue.fill(POOL_FILES);
        this.considerPool(queue, done);
        const { pool } = this;
        pool?.feed(() => this.forWorkers.pop() ?? next());
        if (pool?.isAlive === true && (this.keepCallerFree || (pool.isReady && !this.callerWorks))) {
          if (!pool.isBusy && pool.isReady) return;
          const change = pool.change();
          queue.fill(AHEAD);
          await change;
          continue;
        }
        if (this.forWorkers.length >= WAITING && pool?.isAlive === true) {
          await pool.change();
          continue;
        }
        const block = next();
        if (block !== undefined && pool?.hasGivenUp === true && !pool.isAlive) {
          done(failedBlock(block, GIVEN_UP));
          continue;
        }
        if (block === undefined) {
          if (pool?.isAlive !== true) this.returned.push(...this.forWorkers.splice(0));
          else if (pool.isBusy || this.forWorkers.length > 0) await pool.change();
          else return;
          if (pool?.isAlive !== true && this.returned.length === 0) return;
          continue;
        }
        for (const { part, bytes } of this.ownParts(block)) {
          const { result, returned } = this.own.process(part, secondsFor(this.patience, bytes));
          this.returned.push(...returned);
          done(result);
          // Lets workers, timers and signals have their say.
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    } finally {
      this.ownThread?.close();
      await this.pool?.close();
    }
  }

  /** Made when it is needed: workers start meanwhile. */
  private get own(): OwnThread {
    return (this.ownThread ??= new OwnThread(this.setup));
  }

  /** As many files as are some MB, by those that were done, and fewer towards the end. */
  private blockSize(ahead: number): number {
    if (this.bytesDone === 0) return SMALLEST_BLOCK;
    const most = Math.min(LARGEST_BLOCK, (BLOCK_BYTES * this.filesDone) / this.bytesDone, ahead / (this.options.workers * PARTS));
    return Math.max(SMALLEST_BLOCK, Math.floor(most));
  }

  private get callerWorks(): boolean {
    return this.options.workers <= WORKING_CALLER;
  }

  /** What the calling thread does of a block itself, some MB at once; large files are for the workers, if there are any. */
  private ownParts(block: Block): Part[] {
    const sizes = block.files.map(sizeOf);
    const hasWorkers = this.pool?.isReady === true;
    const parts: Part[] = [];
    let from = 0;
    let bytes = 0;
    const cut = (to: number) => {
      if (to > from) parts.push({ part: partOf(block, from, to), bytes });
      from = to;
      bytes = 0;
    };
    sizes.forEach((size, i) => {
      if (hasWorkers && size >= LARGE) {
        cut(i);
        this.forWorkers.push(partOf(block, i, i + 1));
        from = i + 1;
        return;
      }
      if (bytes + size > BLOCK_BYTES) cut(i);
      bytes += size;
    });
    cut(sizes.length);
    return parts;
  }

  private considerPool(queue: Queue, onResult: (result: BlockResult) => void): void {
    const { keepCallerFree } = this;
    const { workers, script } = this.options;
    if (this.pool !== undefined || (workers < 2 && !keepCallerFree)) return;
    const bytesAhead = this.filesDone === 0 ? 0 : (this.bytesDone / this.filesDone) * queue.length;
    if (!keepCallerFree && queue.length < POOL_FILES && (bytesAhead < POOL_BYTES || queue.length < 2)) return;
    this.pool = new WorkerPool(script, this.setup, this.patience, this.callerWorks && !keepCallerFree ? workers - 1 : workers, { onResult, onReturned: (block) => this.returned.push(block) });
  }
}

/** Files that were walked and not yet taken. */
class Queue {
  private files: Found[] = [];
  private from = 0;
  private taken = 0;
  private isComplete = false;

  constructor(private readonly source: Iterator<Found>) {}

  get length(): number {
    return this.files.length - this.from;
  }

  /** Files of the whole walk, once it is over. */
  get total(): number | undefined {
    return this.isComplete ? this.taken + this.length : undefined;
  }

  fill(length: number): void {
    while (!this.isComplete && this.length < length) {
      const { value, done } = this.source.next();
      if (done === true) this.isComplete = true;
      else this.files.push(value);
    }
  }

  take(count: number): Block | undefined {
    this.fill(count);
    if (this.length === 0) return undefined;
    const files = this.files.slice(this.from, this.from + count);
    const block = { first: this.taken, files, replace: false };
    this.from += files.length;
    this.taken += files.length;
    if (this.from > AHEAD) {
      this.files = this.files.slice(this.from);
      this.from = 0;
    }
    return block;
  }
}

/** The files from one to another, without the latter. */
function partOf(block: Block, from: number, to: number): Block {
  return { ...block, first: block.first + from, files: block.files.slice(from, to), earlier: block.earlier?.slice(from, to) };
}

function sizeOf({ path, pathBytes, refusal }: Found): number {
  if (refusal !== undefined) return 0;
  try {
    return statSync(pathBytes === undefined ? path : Buffer.from(pathBytes)).size;
  } catch {
    // Whoever opens it will say what is wrong with it.
    return 0;
  }
}
