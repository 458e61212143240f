import { statSync } from 'node:fs';
import { type Block, type BlockResult, partOf, type Setup } from './block.ts';
import { isLocal } from './local-disk.ts';
import { failedBlock } from './lost-block.ts';
import { OwnThread } from './own-thread.ts';
import { type Patience, patienceFor, secondsFor } from './patience.ts';
import { DEPTH, WorkerPool } from './pool.ts';
import { codeIsLoaded, type HeadStart, POOL_FILES } from './start-worker.ts';
import { stopFlagOf } from './stop.ts';
import type { Found } from './walk.ts';

/** Files that a thread takes at once: enough that asking for more costs nothing, few enough to hear of other things soon. */
const SMALLEST_BLOCK = 8;
const LARGEST_BLOCK = 64;
const BLOCK_BYTES = 16 << 20;
/** Bytes that the calling thread may find in a block before it is known how large files are. */
const SMALLEST_ROOM = 1 << 20;
/** And so small a part of a thread's share of what is ahead: a worker holds half of its share at most, so that all come to their end together. */
const PARTS = 2 * DEPTH;

/** Files that are walked ahead of the work: enough to know the total of most inputs, few enough to be no memory. */
const AHEAD = 10_000;
/** Workers start once so many bytes are known to be ahead, where files are fewer. */
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
  readonly headStart?: HeadStart | undefined;
  readonly keepCallerFree: boolean;
  /** What is read; decides whether the calling thread may. */
  readonly inputs: readonly string[];
  /** Seconds after which one file is given up, where it is no large one. */
  readonly timeout: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Adds to a new block what is known of its files. */
  readonly prepare: (block: Block) => Block;
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
      // Once the workers of many files are started; of few large ones it is known later.
      queue.fill(POOL_FILES);
      this.considerPool(queue, done);
      if (this.options.headStart !== undefined) codeIsLoaded(this.options.headStart.loading);
      for (;;) {
        queue.fill(2 * POOL_FILES);
        this.considerPool(queue, done);
        const { pool } = this;
        // Behind a large file few wait: nobody takes them from a worker that has them.
        pool?.feed((waiting) => (waiting < 2 ? this.forWorkers.pop() : undefined) ?? next());
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
          // What was returned is left undone where the run is stopped.
          if (pool?.isAlive !== true && (this.returned.length === 0 || this.options.signal?.aborted === true)) return;
          continue;
        }
        this.doOwn(block, done);
        // Lets workers, timers and signals have their say.
        await new Promise((resolve) => setImmediate(resolve));
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
    const ofSize = Math.ceil((BLOCK_BYTES * this.filesDone) / this.bytesDone);
    const most = Math.min(LARGEST_BLOCK, ofSize, ahead / (this.options.workers * PARTS));
    return Math.max(Math.min(SMALLEST_BLOCK, ofSize), Math.floor(most));
  }

  private get callerWorks(): boolean {
    return this.options.workers <= WORKING_CALLER;
  }

  /** Does a block in the calling thread, or of it what has the usual size. */
  private doOwn(block: Block, done: (result: BlockResult) => void): void {
    const each = this.filesDone === 0 ? 0 : this.bytesDone / this.filesDone;
    const room = Math.min(LARGE, Math.max(SMALLEST_ROOM, 2 * each * block.files.length));
    const { result, returned } = this.own.process(block, secondsFor(this.patience, room), room);
    if (result.reports.length === 0 && returned.length > 0) {
      this.doFirst(block, done);
    } else {
      this.returned.push(...returned);
      done(result);
    }
  }

  /** Does the first file of a block, which is larger than those before it; a large one is for the workers, if there are any. */
  private doFirst(block: Block, done: (result: BlockResult) => void): void {
    const first = partOf(block, 0, 1);
    if (block.files.length > 1) this.returned.push(partOf(block, 1));
    const size = sizeOf(first.files[0]);
    if (this.pool?.isReady === true && size >= LARGE) this.forWorkers.push(first);
    else done(this.own.process(first, secondsFor(this.patience, size)).result);
  }

  private considerPool(queue: Queue, onResult: (result: BlockResult) => void): void {
    const { keepCallerFree } = this;
    const { workers, script, headStart } = this.options;
    if (this.pool !== undefined || (workers < 2 && !keepCallerFree)) return;
    const bytesAhead = this.filesDone === 0 ? 0 : (this.bytesDone / this.filesDone) * queue.length;
    if (!keepCallerFree && queue.length < POOL_FILES && (bytesAhead < POOL_BYTES || queue.length < 2)) return;
    this.pool = new WorkerPool({
      script, headStart, setup: this.setup, patience: this.patience, count: this.callerWorks && !keepCallerFree ? workers - 1 : workers,
      onResult, onReturned: (block) => this.returned.push(block),
    });
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

function sizeOf({ path, pathBytes, refusal }: Found): number {
  if (refusal !== undefined) return 0;
  try {
    return statSync(pathBytes === undefined ? path : Buffer.from(pathBytes)).size;
  } catch {
    // Whoever opens it will say what is wrong with it.
    return 0;
  }
}
