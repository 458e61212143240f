import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Delivery } from '../../src/batch/delivery.ts';
import { identityOf, OutputPlace } from '../../src/batch/output-place.ts';
import { writeSample } from '../cli/sample-folder.ts';
import { temporaryFolder } from './run-fixture.ts';

const isHeld = existsSync('/proc/self/fd');
if (!isHeld) console.warn('Skipped: this system does not let an open folder be named, so names are names.');

function places() {
  const folder = temporaryFolder();
  const output = join(folder, 'output');
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(join(elsewhere, 'study/series'), { recursive: true });
  const openFiles = () => readdirSync('/proc/self/fd').length;
  return { folder, output, elsewhere, openFiles };
}

describe.runIf(isHeld)('an output folder that is held open', () => {
  it.each([
    ['the output folder', '', 'moved/study/series/result'],
    ['the folder of the study', 'study', 'moved/series/result'],
    ['the folder of the series', 'study/series', 'moved/result'],
  ])('gets a result even where a link comes to stand in the place of %s while it is written', (_, way, landed) => {
    const { folder, output, elsewhere } = places();
    const delivery = new Delivery(join(output, 'temporary'));
    delivery.begin(join(output, 'study/series'), 'result', false);
    delivery.deliverPieces((write) => {
      write(Buffer.from('one '));
      renameSync(join(output, way), join(folder, 'moved'));
      symlinkSync(join(elsewhere, way), join(output, way));
      write(Buffer.from('two'));
    });
    delivery.close();
    expect(readFileSync(join(folder, landed), 'utf8')).toBe('one two');
    expect(readdirSync(elsewhere, { recursive: true }).sort()).toEqual(['study', 'study/series']);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('temporary'))).toEqual([]);
  });

  it.each([['study'], ['study/series']])('refuses a folder to which a link leads, at %s', (way) => {
    const { output, elsewhere } = places();
    mkdirSync(join(output, way, '..'), { recursive: true });
    symlinkSync(join(elsewhere, way), join(output, way));
    const place = new OutputPlace(output);
    expect(() => place.pathOf(join(output, 'study/series'))).toThrow('a link stands in the place of a folder of the output');
    place.close();
  });

  it('is not another one that came to stand under its name before a thread wrote its first result', () => {
    const { folder, output } = places();
    mkdirSync(output);
    const root = identityOf(output);
    renameSync(output, join(folder, 'moved'));
    mkdirSync(output);
    const delivery = new Delivery(join(output, 'temporary'), { root });
    delivery.begin(join(output, 'study/series'), 'result', false);
    expect(() => delivery.deliver(Buffer.from('result'))).toThrow('the output folder is not the one that the run began with');
    expect(readdirSync(output)).toEqual([]);
    delivery.close();
  });

  it('is reached by paths that stay the same folder when it is renamed', () => {
    const { folder, output } = places();
    const place = new OutputPlace(output);
    const path = place.pathOf(join(output, 'study'));
    renameSync(output, join(folder, 'renamed'));
    writeFileSync(join(path, 'a'), '1');
    writeFileSync(join(place.rootPath, 'b'), '2');
    expect(readdirSync(join(folder, 'renamed')).sort()).toEqual(['b', 'study']);
    expect(readdirSync(join(folder, 'renamed/study'))).toEqual(['a']);
    place.close();
  });

  it('holds a few folders open however many there are, and none in the end', () => {
    const { output, openFiles } = places();
    const before = openFiles();
    const place = new OutputPlace(output);
    for (let round = 0; round < 3; round++) for (let i = 0; i < 50; i++) writeFileSync(join(place.pathOf(join(output, String(i))), String(round)), '');
    expect(openFiles() - before).toBeLessThan(12);
    place.close();
    expect(openFiles()).toBe(before);
    for (let i = 0; i < 50; i++) expect(readdirSync(join(output, String(i))).sort()).toEqual(['0', '1', '2']);
  });
});

describe.runIf(isHeld)('a process whose number is another one’s in /proc', () => {
  it('writes its results all the same', ({ skip }) => {
    if (!existsSync('dist/cli.js')) return skip('the built program is not there');
    const { folder, output } = places();
    const source = writeSample(join(folder, 'source'), (path) => path.includes('/PR/'));
    const { status, stderr } = spawnSync('unshare', ['--pid', '--fork', process.execPath, 'dist/cli.js', 'anonymize', source, '--output', output], { encoding: 'utf8' });
    if (/unshare|permitted|ENOENT/.test(stderr ?? 'ENOENT')) return skip('no namespace can be made here');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('an output folder that cannot be held open', () => {
  it('is known by its names', () => {
    const { output } = places();
    const place = new OutputPlace(output, undefined, false);
    expect(place.rootPath).toBe(output);
    expect(place.pathOf(join(output, 'study/series'))).toBe(join(output, 'study/series'));
    expect(existsSync(join(output, 'study/series'))).toBe(true);
    place.close();
  });
});
