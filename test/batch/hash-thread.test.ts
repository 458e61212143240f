import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Worker } from 'node:worker_threads';
import { CHUNK, Delivery } from '../../src/batch/delivery.ts';
import { createRing, DONE, END, HANDED, TURNS } from '../../src/batch/hash-ring.ts';
import { HashThread } from '../../src/batch/hash-thread.ts';
import { temporaryFolder } from './run-fixture.ts';
import { workerScript } from './worker-script.ts';

const BUFFER = 1000;
const sha256 = (...parts: Uint8Array[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
/** Bytes that tell each other apart. */
const bytesOf = (length: number, seed = 0) => Uint8Array.from({ length }, (_, i) => (i * 7 + seed + (i >> 8)) & 0xff);

describe('a large result', () => {
  let script = '';
  let thread: HashThread | undefined;
  beforeAll(() => { script = workerScript('src/batch/hash-worker.ts'); });
  afterEach(() => thread?.close());

  const start = (from = script, bytes = BUFFER, patience?: number) => (thread = new HashThread(from, bytes, patience));
  /** A script that is no hashing thread. */
  const other = (source: string) => {
    const path = join(temporaryFolder(), 'other.cjs');
    writeFileSync(path, source);
    return path;
  };

  it('is hashed on a thread of its own, whatever it comes in: its memory filled in turn, other bytes, long ones, none', () => {
    const hashes = start();
    for (let file = 0; file < 3; file++) {
      const parts = [bytesOf(10, file), bytesOf(BUFFER, file), bytesOf(0), bytesOf(BUFFER * 7 + 13, file)];
      for (let i = 0; i < 20; i++) {
        const length = (i * 331) % BUFFER;
        const room = hashes.room();
        room.set(bytesOf(length, i));
        hashes.update(room.subarray(0, length));
        if (i === 5) parts.forEach((part) => hashes.update(part));
      }
      const filled = Array.from({ length: 20 }, (_, i) => bytesOf((i * 331) % BUFFER, i));
      expect(hashes.end()).toBe(sha256(...filled.slice(0, 6), ...parts, ...filled.slice(6)));
    }
    expect(hashes.end()).toBe(sha256());
  });

  it('is hashed as it was handed over, whatever wakes the thread besides', async () => {
    const ring = createRing(BUFFER);
    const { buffers, control, digest } = ring;
    const worker = new Worker(script, { workerData: ring });
    const hand = (turn: number, what: number) => {
      control[TURNS + turn] = what;
      Atomics.store(control, HANDED, turn + 1);
      Atomics.notify(control, HANDED);
      while (Atomics.load(control, DONE) <= turn) Atomics.wait(control, DONE, turn);
    };
    buffers[0].set(bytesOf(700));
    hand(0, 700);
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      Atomics.notify(control, HANDED);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(Atomics.load(control, DONE)).toBe(1);
    hand(1, END);
    expect(Buffer.from(digest).toString('hex')).toBe(sha256(bytesOf(700)));
    await worker.terminate();
  });

  it('that came to nothing leaves no trace in the digest of the next', () => {
    const hashes = start();
    hashes.update(bytesOf(5000));
    hashes.forget();
    hashes.update(bytesOf(300, 1));
    expect(hashes.end()).toBe(sha256(bytesOf(300, 1)));
  });

  it.each([['hangs', 'for (;;);'], ['ends', ''], ['fails', 'throw new Error()']])('has no digest where the thread %s, and nobody waits for it again', (_, source) => {
    const hashes = start(other(source), BUFFER, 200);
    for (let i = 0; i < 10; i++) hashes.update(bytesOf(BUFFER, i));
    expect(hashes.end()).toBeUndefined();
    expect(hashes.isLost).toBe(true);
    const began = Date.now();
    hashes.update(bytesOf(BUFFER * 10));
    hashes.forget();
    expect(hashes.end()).toBeUndefined();
    expect(Date.now() - began).toBeLessThan(100);
  });

  const SIZE = (64 << 20) + 12_345;
  const large = bytesOf(1 << 20);
  /** Delivers `SIZE` bytes as large files are copied. */
  function deliver(delivery: Delivery, path: string): string {
    const hash = createHash('sha256');
    delivery.begin(dirname(path), basename(path), false);
    delivery.deliverPieces((write, room) => {
      for (let left = SIZE; left > 0; left -= CHUNK) {
        const part = room().subarray(0, Math.min(CHUNK, left));
        for (let at = 0; at < part.length; at += large.length) part.set(large.subarray(0, part.length - at), at);
        part[0] = left & 0xff;
        write(part);
        hash.update(part);
      }
    }, SIZE);
    return hash.digest('hex');
  }

  it('is delivered with its digest, and the next one too, after one that failed', () => {
    const folder = temporaryFolder();
    const started: HashThread[] = [];
    const startHashThread = () => {
      started.push(start(script, CHUNK));
      return started[0];
    };
    const delivery = new Delivery(join(folder, 'temporary'), { hashed: Number.POSITIVE_INFINITY, startHashThread });
    const sha = deliver(delivery, join(folder, 'one'));
    expect(delivery.evidence).toEqual({ size: SIZE, hashed: SIZE, sha256: sha });
    expect(sha256(readFileSync(join(folder, 'one')))).toBe(sha);
    delivery.begin(folder, 'failed', false);
    expect(() => delivery.deliverPieces((write, room) => {
      write(room().fill(9));
      throw new Error('disk');
    }, SIZE)).toThrow('disk');
    const again = deliver(delivery, join(folder, 'two'));
    expect(delivery.evidence?.sha256).toBe(again);
    expect(readdirSync(folder).sort()).toEqual(['one', 'two']);
    expect(started).toHaveLength(1);
  });

  it('is read again for its digest where the thread is lost', () => {
    const folder = temporaryFolder();
    const delivery = new Delivery(join(folder, 'temporary'), { hashed: Number.POSITIVE_INFINITY, startHashThread: () => start(other(''), CHUNK, 200) });
    for (const name of ['one', 'two']) {
      const sha = deliver(delivery, join(folder, name));
      expect(delivery.evidence).toEqual({ size: SIZE, hashed: SIZE, sha256: sha });
    }
  });

  it('is hashed without a thread where none can be had, which is asked for once', () => {
    const folder = temporaryFolder();
    let asked = 0;
    const startHashThread = () => {
      asked += 1;
      return undefined;
    };
    const delivery = new Delivery(join(folder, 'temporary'), { hashed: Number.POSITIVE_INFINITY, startHashThread });
    for (const name of ['one', 'two']) {
      const sha = deliver(delivery, join(folder, name));
      expect(delivery.evidence?.sha256).toBe(sha);
    }
    expect(asked).toBe(1);
  });

  it('starts no thread where its head alone is hashed, or it is not large', () => {
    const folder = temporaryFolder();
    const refuse = () => { throw new Error('a thread was started'); };
    deliver(new Delivery(join(folder, 'temporary'), { hashed: 100, startHashThread: refuse }), join(folder, 'one'));
    const small = new Delivery(join(folder, 'temporary'), { hashed: Number.POSITIVE_INFINITY, startHashThread: refuse });
    small.begin(folder, 'two', false);
    small.deliverPieces((write) => write(large), large.length);
    expect(small.evidence?.sha256).toBe(sha256(large));
  });
});
