import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { Planner } from '../../src/anonymizer/planner.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { ActionTally, type Report } from '../../src/anonymizer/report.ts';
import { FileProcessor } from '../../src/batch/process-file.ts';
import { SAMPLE_IDENTIFIERS } from '../../src/sample/people.ts';
import { element } from '../../src/sample/part10.ts';
import { part10 } from '../fixtures/data-set.ts';
import { testKey } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';
import { filesBelow, writeSample } from './sample-folder.ts';

/** What somebody sees who looks over a shoulder: screens, reports, files beside the output, processes, what is synced. */

const root = new URL('../../', import.meta.url);
const HOSTILE = '=HYPERLINK("//x","y")<img src=x onerror=alert(1)>';
const VALUES = ['Telling^Name', 'TELLING-ID-4711', HOSTILE];

/** A folder with one good file, one damaged, one that is none, full of telling values. */
function hostileFolder(): { folder: string; source: string; output: string } {
  const folder = temporaryFolder();
  const source = join(folder, 'source');
  mkdirSync(source);
  const good = part10(minimalCt([element(TAG.PatientName, 'PN', VALUES[0]), element(TAG.PatientID, 'LO', VALUES[1]), element(0x00081030, 'LO', HOSTILE)]));
  writeFileSync(join(source, 'good.dcm'), good);
  writeFileSync(join(source, 'damaged.dcm'), good.subarray(0, good.length - 40));
  writeFileSync(join(source, 'none.txt'), VALUES.join('\n'));
  return { folder, source, output: join(folder, 'output') };
}

describe('a value', () => {
  it('stands on no screen, in no report of any format, no journal and no manifest, whatever happens to its file', async () => {
    const { folder, source, output } = hostileFolder();
    const seen: string[] = [];
    for (const [i, ending] of ['json', 'csv', 'html'].entries()) {
      const { code, out, err } = await cli('anonymize', source, '--output', `${output}-${i}`, '--workers', '1', '--key-file', join(folder, 'key'), '--report', join(folder, `r.${ending}`), '--sign-key', join(folder, 'sign'));
      expect(code).toBe(1);
      seen.push(out, err);
    }
    for (const name of readdirSync(folder).filter((each) => statSync(join(folder, each)).isFile())) seen.push(readFileSync(join(folder, name), 'latin1'));
    expect(seen.length).toBeGreaterThan(12);
    for (const value of VALUES) expect(seen.filter((text) => text.toLowerCase().includes(value.toLowerCase()))).toEqual([]);
  });

  it('stands in no message of a crash: the file is named with the kind and place of the fault', () => {
    const { folder, source } = hostileFolder();
    const broken: Planner = { plan: () => { throw new TypeError(`cannot read ${VALUES[0]}`); } };
    const processor = new FileProcessor({
      planner: broken, pseudonyms: createPseudonyms(testKey()), outputFolder: join(folder, 'output'), temporary: join(folder, 'temporary'),
      layout: 'uid', verify: true, dryRun: false, traced: false,
    }, new ActionTally());
    const reason = processor.process({ path: join(source, 'good.dcm'), relative: 'good.dcm' }, false)?.report.reason ?? '';
    expect(reason).toMatch(/^internal error: TypeError/);
    expect(reason).not.toContain('Telling');
  });

  it('stands in no message of a fault that nobody awaits', () => {
    const script = join(temporaryFolder(), 'cli.cjs');
    const late = join(script, '..', 'late.cjs');
    buildSync({ entryPoints: [new URL('src/cli.ts', root).pathname], bundle: true, platform: 'node', format: 'cjs', outfile: script, external: ['yaml'], mainFields: ['module', 'main'], logLevel: 'silent' });
    writeFileSync(late, `setTimeout(() => { throw new RangeError('${VALUES[0]}'); }, 0); process.stdout.write = () => { throw new TypeError('${VALUES[0]}'); };`);
    const { status, stderr } = spawnSync(process.execPath, ['--require', late, script, '--version'], { encoding: 'utf8' });
    expect([status, stderr.includes('Telling')]).toEqual([1, false]);
    expect(stderr).toMatch(/Internal error: (?:RangeError|TypeError)/);
  });

  it('is written to no log of the editor: logs name kinds, codes and counts', () => {
    for (const file of sources('src/commands', 'src/views', 'src/extension.ts')) {
      for (const [call] of file.text.matchAll(/\blog\.(?:trace|debug|info|warn|error)\((?:[^()]|\([^()]*\))*\)/g)) {
        expect([file.name, /\.message|\.stack|\$\{error\}|, error\b/.test(call)]).toEqual([file.name, false]);
      }
      expect([file.name, /\bconsole\./.test(file.text)]).toEqual([file.name, false]);
    }
  });

  it('never becomes part of a page as HTML: views make elements and set texts', () => {
    for (const { name, text } of sources('media', 'src/views')) {
      expect([name, /\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc)\b|document\.write/.test(text)]).toEqual([name, false]);
    }
  });
});

describe('a name of a file', () => {
  const NAMES = ['=1+1.dcm', '+1.dcm', '-1.dcm', '@SUM(A1).dcm', '<script>alert(1)<', 'a\x1b[2J\x07b.dcm'];

  it('that begins a formula begins none in the CSV report, is no element of the HTML report and no command to the terminal', async ({ skip }) => {
    if (process.platform === 'win32') return skip('Windows allows no such names');
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    mkdirSync(source);
    for (const name of NAMES) writeFileSync(join(source, name), 'none');
    const { out, err } = await cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', '--report', join(folder, 'r.csv'));
    await cli('anonymize', source, '--output', join(folder, 'output-2'), '--workers', '1', '--report', join(folder, 'r.html'));
    expect(out + err).not.toMatch(/[\x1b\x07]/);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).not.toMatch(/<script/i);
    // A relative path is what a cell would begin with.
    process.chdir(source);
    try {
      await cli('anonymize', ...NAMES.slice(0, 2), './-1.dcm', NAMES[3], '--output', join(folder, 'output-3'), '--workers', '1', '--report', join(folder, 'relative.csv'));
    } finally {
      process.chdir(root.pathname);
    }
    const cells = readFileSync(join(folder, 'relative.csv'), 'utf8').split('\r\n').slice(1, -1).flatMap((line) => line.split(',').map((cell) => cell.replace(/^"/, '')));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(cells.filter((cell) => cell.startsWith("'"))).toHaveLength(3);
  });
});

describe('a file beside the output', () => {
  it('that names sources, holds a key or leads back is for its owner alone, whatever the umask', async ({ skip }) => {
    if (process.platform === 'win32') return skip('Windows has no such modes');
    const { folder, source, output } = hostileFolder();
    writeFileSync(join(folder, 'passphrase'), 'correct horse battery\n', { mode: 0o600 });
    const mask = process.umask(0);
    try {
      await cli('anonymize', source, '--output', output, '--workers', '1', '--key-file', join(folder, 'key'), '--sign-key', join(folder, 'sign'), '--table', join(folder, 'table.age'), '--passphrase-file', join(folder, 'passphrase'));
      await cli('slurm', source, '--output', join(folder, 'job'), '--key-file', join(folder, 'key'), '--tasks', '1');
    } finally {
      process.umask(mask);
    }
    const modes = new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o077]));
    for (const name of ['key', 'sign', 'table.age', 'output.journal', 'output.report.json', 'job.slurm']) expect([name, modes.get(name)]).toEqual([name, 0]);
    for (const name of readdirSync(join(folder, 'job.slurm')).filter((each) => each.startsWith('files-'))) expect(statSync(join(folder, 'job.slurm', name)).mode & 0o077).toBe(0);
    // What may be shared: the manifest, the public key.
    expect([...modes].filter(([name, mode]) => mode !== 0 && statSync(join(folder, name)).isFile()).map(([name]) => name).sort()).toEqual(['output.manifest.jsonl', 'sign.pub']);
  });

  it('is not written through a link that waits under its temporary name', async ({ skip }) => {
    if (process.platform === 'win32') return skip('Windows has no such links');
    const { folder, source, output } = hostileFolder();
    writeFileSync(join(folder, 'precious'), 'mine');
    symlinkSync(join(folder, 'precious'), `${output}.manifest.jsonl.partial`);
    await cli('anonymize', source, '--output', output, '--workers', '1');
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toContain('output.manifest.jsonl');
  });
});

describe('a key', () => {
  it('stands in no argument, no script of a job and no environment: arguments name the files that hold it', async () => {
    const { folder, source } = hostileFolder();
    await cli('slurm', source, '--output', join(folder, 'job'), '--key-file', join(folder, 'key'), '--tasks', '2');
    const key = readFileSync(join(folder, 'key'), 'utf8').trim();
    for (const [name, bytes] of filesBelow(join(folder, 'job.slurm'))) expect([name, bytes.toString().includes(key)]).toEqual([name, false]);
    // Threads get it as data: neither their arguments nor their environment are set.
    for (const { name, text } of sources('src')) {
      for (const [, options] of text.matchAll(/new Worker\(([^;]*?)\);/gs)) expect([name, /\benv:|argv: \[[^\]]/.test(options)]).toEqual([name, false]);
      expect([name, /process\.env\.\w*(?:KEY|PASS|SECRET)/i.test(text)]).toEqual([name, false]);
    }
  });

  it.each(['--key', '--passphrase', '--identity'])('or passphrase that is given as an argument is refused and not repeated: %s', async (option) => {
    for (const args of [[option, 'c0ffee-secret'], [`${option}=c0ffee-secret`]]) {
      const { code, out, err } = await cli('anonymize', 'a', '--output', 'b', ...args);
      expect([code, (out + err).includes('c0ffee')]).toEqual([2, false]);
    }
  });

  it('lies in the editor’s secret storage alone: nothing of the extension is synced, and no setting could hold one', () => {
    for (const { name, text } of sources('src')) expect([name, /globalState|setKeysForSync/.test(text)]).toEqual([name, false]);
    const { contributes } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { contributes: { configuration: { properties: Record<string, { type: string; enum?: string[] }> } } };
    const { properties } = contributes.configuration;
    expect(properties['dicomAnonymizer.key'].enum).toEqual(['workspace', 'run']);
    expect(Object.keys(properties).filter((name) => /pass|secret|token|identity/i.test(name))).toEqual([]);
    for (const { name, text } of sources('src/commands', 'src/views')) {
      for (const [call] of text.matchAll(/workspaceState\.update\([^;]*;/g)) expect([name, /\b(?:key|passphrase|isSecret)\b/.test(call.replace('isKept', ''))]).toEqual([name, false]);
    }
  });
});

describe('the sample study', () => {
  it('leaves no identifier in anything that lies beside its results', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 's'), (path) => path.includes('/PR/') || path.includes('REFERTO'));
    await cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', '--no-verify');
    const { files, ...head } = JSON.parse(readFileSync(join(folder, 'output.report.json'), 'utf8')) as Report;
    const texts = [JSON.stringify(head), ...files.map(({ input: _, ...rest }) => JSON.stringify(rest)), readFileSync(join(folder, 'output.manifest.jsonl'), 'utf8')].join('\n').toLowerCase();
    expect(SAMPLE_IDENTIFIERS.filter((identifier) => identifier.length > 3 && texts.includes(identifier.toLowerCase()))).toEqual([]);
  });
});

/** Hand-written code below folders, or single files. */
function sources(...places: string[]): { name: string; text: string }[] {
  const files = places.flatMap((place) => {
    const path = new URL(place, root).pathname;
    if (statSync(path).isFile()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => join(entry.parentPath, entry.name));
  });
  return files.map((path) => ({ name: basename(path), text: readFileSync(path, 'utf8') }));
}
