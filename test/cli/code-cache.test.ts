import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Script } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeData } from '../bench/data.ts';
import { temporaryFolder } from './captured-terminal.ts';

const SOURCE = 'exports.answer = () => 42;';
const OTHER = 'exports.answer = () => 41;';
/** As the loader reads a bundle. */
const codeOf = (source: string) => new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`).createCachedData();
const kept = (source: string, code: Buffer, version = process.version) => Buffer.concat([
  createHash('sha256').update(`${version} ${process.platform} ${process.arch}\n`).update(source).update(code).digest(), code,
]);

if (!existsSync('dist/cli.js')) console.warn('Skipped: the built program is not there. Run npm run build first.');

describe('the code that is kept beside a bundle', () => {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
    copyFileSync('scripts/code-cache/load.cjs', join(folder, 'part.js'));
    writeFileSync(join(folder, 'part-bundle.js'), SOURCE);
  });

  /** What the bundle says, and whether code was offered to V8 and taken. */
  function load(): { answer: number; taken: boolean } {
    const path = JSON.stringify(join(folder, 'part.js'));
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', `
      const { answer } = require(${path});
      console.log(JSON.stringify({ answer: answer(), taken: require.cache[${path}].script.cachedDataRejected === false }));
    `], { encoding: 'utf8' });
    if (stderr !== '') throw new Error(stderr);
    return JSON.parse(stdout) as ReturnType<typeof load>;
  }

  it('is run where it is of this bundle', () => {
    writeFileSync(join(folder, 'part-bundle.cache'), kept(SOURCE, codeOf(SOURCE)));
    expect(load()).toEqual({ answer: 42, taken: true });
  });

  it('is not looked at where it is of another bundle, even of the same length', () => {
    writeFileSync(join(folder, 'part-bundle.cache'), kept(OTHER, codeOf(OTHER)));
    expect(load()).toEqual({ answer: 42, taken: false });
  });

  it('is not looked at where another node made it, even of the same V8', () => {
    writeFileSync(join(folder, 'part-bundle.cache'), kept(SOURCE, codeOf(SOURCE), 'v20.0.0'));
    expect(load()).toEqual({ answer: 42, taken: false });
  });

  it('is not looked at where a byte of it is damaged, or it is cut off, empty or missing', () => {
    const whole = kept(SOURCE, codeOf(SOURCE));
    const damaged = Buffer.from(whole);
    damaged[whole.length - 20] ^= 1;
    for (const bytes of [damaged, whole.subarray(0, whole.length - 9), whole.subarray(0, 10), Buffer.alloc(0)]) {
      writeFileSync(join(folder, 'part-bundle.cache'), bytes);
      expect(load()).toEqual({ answer: 42, taken: false });
    }
  });

  it('is refused by a V8 to which it says nothing, and the bundle compiled', () => {
    writeFileSync(join(folder, 'part-bundle.cache'), kept(SOURCE, Buffer.alloc(400, 7)));
    expect(load()).toEqual({ answer: 42, taken: false });
    expect(load().answer).toBe(42);
  });

  it.skipIf(!existsSync('dist/cli.js')).each([['as many as there are cores'], ['4', '--workers', '4'], ['2', '--workers', '2']])('is taken by the program and by its workers: %s', (...[, ...more]) => {
    const source = join(folder, 'source');
    writeData(source, { files: 400, rows: 8, columns: 8 });
    const told = join(folder, 'told');
    writeFileSync(join(folder, 'tell.cjs'), `
      const { appendFileSync } = require('node:fs');
      const path = ${JSON.stringify(resolve('dist/engine.js'))};
      const looking = setInterval(() => {
        const { script } = require.cache[path] ?? {};
        if (script === undefined) return;
        clearInterval(looking);
        appendFileSync(${JSON.stringify(told)}, (require('node:worker_threads').isMainThread ? 'program' : 'worker') + ' rejected: ' + script.cachedDataRejected + '\\n');
      }, 1).unref();
    `);
    const { status } = spawnSync(process.execPath, ['dist/cli.js', 'anonymize', source, '--output', join(folder, 'output'), ...more], {
      env: { ...process.env, NODE_OPTIONS: `--require ${join(folder, 'tell.cjs')}` },
    });
    expect(status).toBe(0);
    const expected = ['program rejected: false', ...(more.length > 0 || availableParallelism() > 1 ? ['worker rejected: false'] : [])];
    expect([...new Set(readFileSync(told, 'utf8').trim().split('\n'))].sort()).toEqual(expected);
  });
});
