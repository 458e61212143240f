import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Lock } from '../../src/batch/lock.ts';
import { temporaryFolder } from './run-fixture.ts';
import { workerScript } from './worker-script.ts';

/** No process has this number: it is above the limit of every system. */
const NO_PROCESS = 2 ** 30;
const DEAD = { pid: NO_PROCESS, host: hostname(), starts: 0, id: '00112233445566aa' };

function lockOf(holder: object): string {
  const path = join(temporaryFolder(), 'output.lock');
  writeFileSync(path, JSON.stringify(holder));
  return path;
}

/** Takes a lock until the test is over. */
function held(path: string): Lock {
  const lock = new Lock(path);
  onTestFinished(() => lock.release());
  return lock;
}

describe('lock', () => {
  it('is one run’s alone, and free when that has ended', () => {
    const path = join(temporaryFolder(), 'output.lock');
    const lock = held(path);
    expect(() => new Lock(path)).toThrow('Another run is at work');
    lock.release();
    expect(existsSync(path)).toBe(false);
    held(path);
  });

  it('of a process that is gone is taken over, and nothing is left of it', () => {
    const path = lockOf(DEAD);
    held(path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(join(path, '..'))).toEqual(['output.lock']);
  });

  it('that another run took over between a look and the deed is left to that run', () => {
    const path = lockOf(DEAD);
    const asked = vi.spyOn(process, 'kill').mockImplementationOnce(() => {
      // The other run is quicker: from the look at the dead lock to its own.
      held(path);
      throw Object.assign(new Error('no such process'), { code: 'ESRCH' });
    });
    onTestFinished(() => asked.mockRestore());
    expect(() => new Lock(path)).toThrow('Another run');
    expect(asked).toHaveBeenCalled();
    expect(readdirSync(join(path, '..'))).toEqual(['output.lock']);
  });

  it('is taken over though a process was killed while it took it over', () => {
    const path = lockOf(DEAD);
    writeFileSync(`${path}.${DEAD.id}`, JSON.stringify({ ...DEAD, id: '00112233445566bb' }));
    held(path);
    expect(readdirSync(join(path, '..'))).toEqual(['output.lock']);
  });

  it('is not taken over while another process is at it', () => {
    const path = lockOf(DEAD);
    writeFileSync(`${path}.${DEAD.id}`, JSON.stringify({ pid: process.ppid, host: hostname(), starts: 0, id: '00112233445566bb' }));
    expect(() => new Lock(path)).toThrow('Another run is at work');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(DEAD);
  });

  it.runIf(process.platform === 'linux')('of an earlier process is told from that of a later one with the same number', () => {
    held(lockOf({ ...DEAD, pid: process.pid, start: '1' }));
    held(lockOf({ ...DEAD, pid: process.ppid, start: '1' }));
  });

  it('that says nothing of its holder is taken over after a while', () => {
    const path = lockOf({});
    writeFileSync(path, '');
    expect(() => new Lock(path)).toThrow('Another run is at work');
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(path, longAgo, longAgo);
    held(path);
  });

  it('is not let go by a run that was taken for dead and replaced', () => {
    const path = join(temporaryFolder(), 'output.lock');
    const lock = held(path);
    writeFileSync(path, JSON.stringify(DEAD));
    lock.release();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(DEAD);
  });

  it('of a dead process is got by one of many that want it at once', async () => {
    const script = workerScript('test/batch/lock-holder.ts', 'esm');
    const processes = Array.from({ length: 4 }, () => start(script));
    for (let round = 0; round < 10; round++) {
      const path = lockOf(DEAD);
      const answers = await Promise.all(processes.map((ask) => ask(path)));
      expect(answers.sort()).toEqual(['UsageError', 'UsageError', 'UsageError', 'held']);
      await Promise.all(processes.map((ask) => ask('release')));
      expect(readdirSync(join(path, '..'))).toEqual([]);
    }
  });
});

/** A process that answers a line with a line. */
function start(script: string): (line: string) => Promise<string> {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (line) => {
    child.stdin.write(`${line}\n`);
    return String((await lines.next()).value);
  };
}
