import { appendFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FileOpener } from '../../src/batch/file-source.ts';
import { temporaryFolder } from './run-fixture.ts';

/** What another process does right after each of the readings, in turn. */
const meanwhile = vi.hoisted(() => [] as (() => void)[]);

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readSync = (file: number, buffer: NodeJS.ArrayBufferView, offset: number, length: number, position: number): number => {
    const count = fs.readSync(file, buffer, offset, length, position);
    meanwhile.shift()?.();
    return count;
  };
  return { ...fs, readSync };
});

const SIZE = 8192;
const state = (byte: number) => new Uint8Array(SIZE).fill(byte);

describe('a small file that is still written to', () => {
  let path: string;
  beforeEach(() => {
    meanwhile.length = 0;
    path = join(temporaryFolder(), 'file');
    writeFileSync(path, state(1));
  });
  const read = () => {
    const file = new FileOpener().open(path);
    const bytes = Uint8Array.from(file.source.read(0, file.size));
    file.close();
    return bytes;
  };

  it('is read in one state', () => {
    expect(read()).toEqual(state(1));
  });

  it('is refused where another state came between two readings', () => {
    meanwhile.push(() => writeFileSync(path, state(2)));
    expect(read).toThrow('the file changed while it was read');
  });

  it('is refused where its second half came between two readings, of the same time by a coarse clock', () => {
    const half = state(1);
    half.fill(2, SIZE / 2);
    const now = new Date();
    utimesSync(path, now, now);
    meanwhile.push(() => {
      writeFileSync(path, half);
      utimesSync(path, now, now);
    });
    expect(read).toThrow('the file changed while it was read');
  });

  it('is read in the state to which it grew, and refused where it shrinks', () => {
    meanwhile.push(() => appendFileSync(path, state(3)));
    expect(read()).toEqual(Uint8Array.from([...state(1), ...state(3)]));
    meanwhile.push(() => truncateSync(path, 100));
    expect(read).toThrow('the file changed while it was read');
  });

  it('is refused where it changes after the second reading', () => {
    meanwhile.push(() => undefined, () => appendFileSync(path, 'more'));
    expect(read).toThrow('the file changed while it was read');
  });
});
