import { rmSync, stat } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import type { Block, BlockResult, Place, Setup } from './block.ts';
import { lostBlock } from './lost-block.ts';
import { temporaryPath } from './output-folder.ts';
import { hungReason, type Patience, secondsFor } from './patience.ts';
import { type HeadStart, startWorker } from './start-worker.ts';
import type { WorkerTask } from './worker.ts';

/** Blocks that a worker holds: one that it works at and some that wait, so that it never waits for the main thread. */
export const DEPTH = 4;

/** Workers that die before they ever worked: then there is no point in starting more. */
const MAX_FAILED_STARTS = 3;

/** How often is looked whether workers advance. */
const LOOK_MS = 1000;
/** Seconds in which the size of a file is found out that may hang. */
const WEIGHING_SECONDS = 5;
/** Threads that hang in a call of the system, which nobody can end: with so many no further one is started. */
const MAX_STUCK = 16;
/** What a thread may take to come to its end when the run is over. */
const LAST_MS = 500;

export interface PoolOptions {
  readonly script: string;
  readonly headStart?: HeadStart | undefined;
  readonly setup: Setup;
  readonly patience: Patience;
  /** How many workers. */
  readonly count: number;
  onResult(result: BlockResult): void;
  /** What of a block is to be done again, by the same or another thread. */
  onReturned(block: Block): void;
}

interface Member {
  readonly worker: Worker;
  readonly thread: number;
  readonly place: Place;
  readonly blocks: Block[];
  isReady: boolean;
  /** The file that it was at when it was last looked at, by its place in the walk, and how many seconds ago that was first so. */
  at: number;
  seconds: number;
  /** How many it may be; how large the file is, is asked only when they are over. */
  limit: number;
  isWeighed: boolean;
}

/**
 * Worker threads that take blocks. A worker that dies, or stays too long with one file, costs that file; the rest of
 * its blocks is returned, and another worker takes its place.
 */
export class WorkerPool {
  private readonly members = new Set<Member>();
  /** Those that were given up and have not come to their end. */
  private readonly stuck = new Set<Member>();
  private threads = 0;
  private failedStarts = 0;
  private isClosing = false;
  private wake: (() => void) | undefined;
  private readonly looking: NodeJS.Timeout;

  constructor(private readonly options: PoolOptions) {
    for (let i = 0; i < options.count; i++) this.start(i === 0 ? options.headStart?.takeWorker() : undefined);
    this.looking = setInterval(() => this.look(), LOOK_MS);
    this.looking.unref();
  }

  /** Threads that hang in a call of the system. As long as there is one the process cannot end by itself. */
  get stuckThreads(): number {
    return this.stuck.size;
  }

  /** Whether so many threads hang that no further file is handed to a new one. */
  get hasGivenUp(): boolean {
    return this.stuck.size >= MAX_STUCK;
  }

  /** Whether any worker is at work or can be given some. */
  get isAlive(): boolean {
    return this.members.size > 0;
  }

  get isReady(): boolean {
    for (const member of this.members) if (member.isReady) return true;
    return false;
  }

  get isBusy(): boolean {
    for (const { blocks } of this.members) if (blocks.length > 0) return true;
    return false;
  }

  /**
   * Hands out blocks until every worker has its share or `next` has no more; those that still start begin at once then.
   * @param next is told how many blocks the worker has that it is for
   */
  feed(next: (waiting: number) => Block | undefined): void {
    for (let depth = 1; depth <= DEPTH; depth++) {
      for (const member of this.members) {
        if (member.blocks.length >= depth) continue;
        const block = next(member.blocks.length);
        if (block === undefined) return;
        member.blocks.push(block);
        member.worker.postMessage(block);
      }
    }
  }

  /** Resolves when something happened in a worker. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.looking);
    // Nobody waits for those that have nothing in their hands.
    await Promise.all([...this.members].map(({ worker, blocks }) => {
      const end = worker.terminate();
      return blocks.length > 0 ? end : undefined;
    }));
    if (this.stuck.size === 0) return;
    await new Promise((resolve) => setTimeout(resolve, LAST_MS));
    for (const member of this.stuck) this.removeTemporary(member);
  }

  private start(worker = startWorker(this.options.script, this.options.headStart?.loading)): void {
    // A number of its own: one that was given up may still hold the file that bears its number.
    const thread = ++this.threads;
    const place: Place = new Int32Array(new SharedArrayBuffer(4));
    const task: WorkerTask = { setup: this.options.setup, thread, place };
    worker.postMessage(task);
    const member: Member = { worker, thread, place, blocks: [], isReady: false, at: -1, seconds: 0, limit: 0, isWeighed: false };
    this.members.add(member);
    let cause = 'it stopped';
    worker.on('message', (message: BlockResult | 'ready') => {
      // What it had to say comes too late: its file was given up, and the rest is another's by now.
      if (!this.members.has(member)) return;
      if (message === 'ready') {
        member.isReady = true;
      } else {
        member.blocks.shift();
        this.options.onResult(message);
      }
      this.changed();
    });
    worker.on('error', (error: unknown) => {
      cause = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : 'it failed';
    });
    worker.on('exit', () => {
      this.stuck.delete(member);
      this.lost(member, `the worker died while it handled this file: ${cause}`);
    });
  }

  private lost(member: Member, reason: string): void {
    if (!this.members.delete(member) || this.isClosing) return;
    this.removeTemporary(member);
    if (!member.isReady) this.failedStarts += 1;
    // One that never began has lost no file.
    const current = member.isReady ? member.blocks.shift() : undefined;
    const waiting = member.blocks;
    if (current !== undefined) {
      const { result, returned } = lostBlock(current, Atomics.load(member.place, 0), reason);
      for (const block of returned) this.options.onReturned(block);
      this.options.onResult(result);
    }
    for (const block of waiting) this.options.onReturned(block);
    if (this.failedStarts < MAX_FAILED_STARTS && !this.hasGivenUp) this.start();
    this.changed();
  }

  /** Counts its own looks and asks no clock: while a computer sleeps, no file is late. */
  private look(): void {
    for (const member of [...this.members]) {
      const [block] = member.blocks;
      const at = block === undefined ? -1 : block.first + Atomics.load(member.place, 0);
      if (at !== member.at || at < 0) {
        Object.assign(member, { at, seconds: 0, limit: this.options.patience.seconds, isWeighed: false });
        continue;
      }
      member.seconds += LOOK_MS / 1000;
      if (member.seconds < member.limit) continue;
      if (member.isWeighed) this.giveUp(member);
      else this.weigh(member, block);
    }
  }

  /** Lets a large file have its time. A file whose size cannot be told, neither, hangs. */
  private weigh(member: Member, { first, files }: Block): void {
    const { at } = member;
    const { path, pathBytes } = files[at - first];
    member.isWeighed = true;
    member.limit += WEIGHING_SECONDS;
    stat(pathBytes === undefined ? path : Buffer.from(pathBytes), (error, stats) => {
      if (error === null && member.at === at) member.limit = secondsFor(this.options.patience, stats.size);
    });
  }

  private giveUp(member: Member): void {
    const { worker, seconds } = member;
    this.stuck.add(member);
    // Ends a computation at once, and a thread that waits for the system never: nobody waits for it.
    void worker.terminate();
    worker.unref();
    this.lost(member, hungReason(seconds));
  }

  private removeTemporary({ thread }: Member): void {
    const { setup } = this.options;
    if (!setup.dryRun) rmSync(temporaryPath(setup.outputFolder, setup.owner, thread), { force: true });
  }

  private changed(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}
