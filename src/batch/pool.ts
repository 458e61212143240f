import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Block, BlockResult, Place, Setup } from './block.ts';
import { temporaryPath } from './output-folder.ts';
import type { WorkerStart } from './worker.ts';

/** Blocks that a worker holds: one that it works at and one that waits, so that it never waits for the main thread. */
const DEPTH = 2;

/** Workers that die before they ever worked: then there is no point in starting more. */
const MAX_FAILED_STARTS = 3;

export interface PoolEvents {
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
}

/**
 * Worker threads that take blocks. A worker that dies costs the file that it was at; the rest of its blocks is
 * returned, and another worker takes its place.
 */
export class WorkerPool {
  private readonly members = new Set<Member>();
  private failedStarts = 0;
  private isClosing = false;
  private wake: (() => void) | undefined;

  constructor(private readonly script: string, private readonly setup: Setup, count: number, private readonly events: PoolEvents) {
    for (let thread = 1; thread <= count; thread++) this.start(thread);
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

  /** Hands out blocks until every worker has its share or `next` has no more. */
  feed(next: () => Block | undefined): void {
    for (let depth = 1; depth <= DEPTH; depth++) {
      for (const member of this.members) {
        if (!member.isReady || member.blocks.length >= depth) continue;
        const block = next();
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
    await Promise.all([...this.members].map(({ worker }) => worker.terminate()));
  }

  private start(thread: number): void {
    const place: Place = new Int32Array(new SharedArrayBuffer(4));
    const workerData: WorkerStart = { setup: this.setup, thread, place };
    const worker = new Worker(this.script, { workerData, execArgv: [], argv: [] });
    const member: Member = { worker, thread, place, blocks: [], isReady: false };
    this.members.add(member);
    let cause = 'it stopped';
    worker.on('message', (message: BlockResult | 'ready') => {
      if (message === 'ready') {
        member.isReady = true;
      } else {
        member.blocks.shift();
        this.events.onResult(message);
      }
      this.changed();
    });
    worker.on('error', (error: unknown) => {
      cause = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : 'it failed';
    });
    worker.on('exit', () => this.lost(member, cause));
  }

  private lost(member: Member, cause: string): void {
    if (!this.members.delete(member) || this.isClosing) return;
    if (!this.setup.dryRun) rmSync(temporaryPath(this.setup.outputFolder, this.setup.owner, member.thread), { force: true });
    if (!member.isReady) this.failedStarts += 1;
    const [current, ...waiting] = member.blocks;
    if (current !== undefined) this.giveBack(current, Atomics.load(member.place, 0), cause);
    for (const block of waiting) this.events.onReturned(block);
    if (this.failedStarts < MAX_FAILED_STARTS) this.start(member.thread);
    this.changed();
  }

  /** One file is lost to the worker; those before it are done again, since nobody heard what became of them. */
  private giveBack({ first, files, replace, earlier }: Block, at: number, cause: string): void {
    if (at > 0) this.events.onReturned({ first, files: files.slice(0, at), replace: true, earlier: earlier?.slice(0, at) });
    if (at + 1 < files.length) this.events.onReturned({ first: first + at + 1, files: files.slice(at + 1), replace, earlier: earlier?.slice(at + 1) });
    this.events.onResult({
      first: first + at,
      reports: [{ input: files[at].path, status: 'failed', reason: `the worker died while it handled this file: ${cause}` }],
      bytes: [0], times: { count: 0, mean: 0, standardDeviation: 0 }, actions: new Float64Array(0),
      records: [], tallies: [], keptTallies: [], directory: [], evidence: [], pairs: '',
    });
  }

  private changed(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}
