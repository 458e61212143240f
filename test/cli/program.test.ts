import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { USAGE } from '../../src/cli/usage.ts';
import { writeData } from '../bench/data.ts';
import { temporaryFolder } from './captured-terminal.ts';
import { filesBelow, writeSample } from './sample-folder.ts';
import { join } from 'node:path';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const program = join(dist, 'cli.js');
const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

// `npm test` builds first.
const isBuilt = existsSync(program);
if (!isBuilt) console.warn('Skipped: the built program is not there. Run npm run build first.');

describe.skipIf(!isBuilt)('the built program', () => {
  it('prints its usage and the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(run('--help')).toMatchObject({ status: 0, stdout: USAGE, stderr: '' });
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('ends with 0, 1 and 2 for done, not all done and wrong usage', () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), (path) => path.includes('/PR/'));
    expect(run('anonymize', source, '--output', join(folder, 'output')).status).toBe(0);
    expect(run('anonymize', program, '--output', join(folder, 'nothing')).status).toBe(1);
    expect(run('anonymize', source, '--output', join(folder, 'output')).status).toBe(2);
    expect(run('verify', join(folder, 'output'), '--source', source).status).toBe(0);
    expect(run('verify', source).status).toBe(1);
  });

  it('calls a path that cannot be looked at wrong usage, as it does a missing one', () => {
    const folder = temporaryFolder();
    symlinkSync('loop', join(folder, 'loop'));
    for (const path of [join(folder, 'loop'), join(folder, 'long'.repeat(100)), join(folder, 'missing')]) {
      expect(run('anonymize', path, '--output', join(folder, 'output'))).toMatchObject({ status: 2, stderr: expect.stringContaining('An input cannot be read') });
    }
  });

  // Together, or the first one alone, more than is taken at once before it is known how large files are.
  it.each([[550, 8], [900, 1]])('ends soon when it is interrupted where a part of the files it has taken is left: %i rows', (rows, files) => {
    const folder = temporaryFolder();
    writeData(join(folder, 'source'), { files, rows, columns: rows });
    writeData(join(folder, 'source', 'small'), { files: 8, rows: 8, columns: 8 });
    // In a process of its own, since a loop without end could not be ended in this one.
    const { status, stdout } = spawnSync(process.execPath, ['-e', `
      const stop = new AbortController();
      setImmediate(() => stop.abort());
      const terminal = { out() {}, err() {}, stopOnInterrupt: () => stop.signal };
      require(${JSON.stringify(join(dist, 'engine.js'))}).anonymize([${JSON.stringify(join(folder, 'source'))}, '--output', ${JSON.stringify(join(folder, 'output'))}, '--workers', '1'], terminal).then(console.log);
    `], { encoding: 'utf8', timeout: 20_000 });
    expect([status, stdout]).toEqual([0, '1\n']);
    const { summary } = JSON.parse(readFileSync(join(folder, 'output.report.json'), 'utf8')) as { summary: { written: number; failed: number } };
    expect(summary.failed).toBe(0);
    expect(summary.written).toBeLessThan(files + 8);
    expect(filesBelow(join(folder, 'output')).size).toBe(summary.written);
  });

  it.skipIf(!existsSync('/dev/full'))('does not end well where what it says cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, 'conformance'], { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toContain('ENOSPC');
  });

  it('lists in the manifest the SHA-256 of all bytes of a large file too, and ends by itself', () => {
    const folder = temporaryFolder();
    writeData(join(folder, 'source'), { files: 1, rows: 512, columns: 512, frames: 140 });
    expect(run('anonymize', join(folder, 'source'), '--output', join(folder, 'output'))).toMatchObject({ status: 0, stderr: '' });
    const { output, hashed, sha256 } = JSON.parse(readFileSync(join(folder, 'output.manifest.jsonl'), 'utf8').split('\n')[1]) as { output: string; hashed: number; sha256: string };
    const bytes = readFileSync(join(folder, 'output', output));
    expect(hashed).toBe(bytes.length);
    expect(bytes.length).toBeGreaterThan(70e6);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('takes profile files, reports of every format and inspection in bundles of their own', () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), (path) => path.includes('/PR/'));
    for (const ending of ['json', 'csv', 'html']) {
      const args = ['anonymize', source, '--output', join(folder, ending), '--report', join(folder, `report.${ending}`)];
      expect(run(...args).status).toBe(0);
      expect(existsSync(join(folder, `report.${ending}`))).toBe(true);
    }
    expect(run('inspect', join(source, 'DANDRA_NICOLO', 'PR', 'PS0001')).status).toBe(0);
    expect(run('anonymize', source, '--output', join(folder, 'p'), '--profile', join(folder, 'report.json'))).toMatchObject({ status: 2, stderr: expect.stringContaining('Profile, line') });
  });

  it('loads for anonymize neither the names of attributes nor YAML nor pages of HTML', () => {
    const loaded = ['cli.js', 'engine-bundle.js'].map((name) => readFileSync(join(dist, name), 'utf8')).join('\n');
    // A keyword of the dictionary of names, a phrase of the YAML parser, the style of the page.
    for (const trace of ['AcquisitionProtocolDescription', 'Map keys must be unique', 'prefers-color-scheme']) expect(loaded).not.toContain(trace);
  });
});
