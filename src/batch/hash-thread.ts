import { Worker } from 'node:worker_threads';
import type { Hasher } from './evidence.ts';
import { createRing, DONE, END, FORGET, HANDED, type HashRing, RING_BUFFERS, TURNS } from './hash-ring.ts';

/** A thread that has not hashed some megabytes in this time is lost. */
const LOST_MS = 30_000;

/**
 * Makes the SHA-256 of a large file on a thread of its own while this one reads and writes. What is hashed lies in
 * memory that both threads share, so that nothing is copied. Where the thread is lost there is no digest.
 */
export class HashThread implements Hasher {
  private readonly ring: HashRing;
  private readonly worker: Worker;
  private turn = 0;
  /** Whether nothing more is to be expected of it. */
  isLost = false;

  /**
   * @param bytes of a buffer: the longest stretch that is handed over at once
   * @param patience milliseconds in which one is hashed
   */
  constructor(script: string, private readonly bytes: number, private readonly patience = LOST_MS) {
    this.ring = createRing(bytes);
    this.worker = new Worker(script, { workerData: this.ring, execArgv: [], argv: [] });
    this.worker.on('error', () => { this.isLost = true; });
    this.worker.unref();
  }

  /** Memory to be filled for the next `update`; nothing else may be in it by then. */
  room(): Uint8Array {
    this.waitFor(this.turn + 1 - RING_BUFFERS);
    return this.ring.buffers[this.turn % RING_BUFFERS];
  }

  /** @param bytes the beginning of the last `room`, or any others, which are copied there */
  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += this.bytes) {
      const part = bytes.subarray(at, at + this.bytes);
      const room = this.room();
      if (part.buffer !== room.buffer) room.set(part);
      this.hand(part.length);
    }
  }

  /** In hexadecimal digits, of what was handed over since the last one; undefined where the thread was lost. */
  end(): string | undefined {
    this.room();
    this.hand(END);
    this.waitFor(this.turn);
    return this.isLost ? undefined : Buffer.from(this.ring.digest).toString('hex');
  }

  /** What was handed over is of a file that came to nothing. */
  forget(): void {
    this.room();
    this.hand(FORGET);
  }

  close(): void {
    void this.worker.terminate();
  }

  private hand(what: number): void {
    const { control } = this.ring;
    control[TURNS + (this.turn % RING_BUFFERS)] = what;
    this.turn += 1;
    Atomics.store(control, HANDED, this.turn);
    Atomics.notify(control, HANDED);
  }

  /** Until so many turns are done. */
  private waitFor(turns: number): void {
    const { control } = this.ring;
    for (let done = Atomics.load(control, DONE); done < turns && !this.isLost; done = Atomics.load(control, DONE)) {
      if (Atomics.wait(control, DONE, done, this.patience) === 'timed-out') this.isLost = true;
    }
  }
}
