import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { isDicomdir } from '../../src/anonymizer/dicomdir.ts';
import { directoryEntry } from '../../src/anonymizer/directory-entry.ts';
import { collectIdentifiers } from '../../src/anonymizer/identifiers.ts';
import { createMatcher } from '../../src/anonymizer/matcher.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import type { FileReport } from '../../src/anonymizer/report.ts';
import { Dicomdirs, type DicomdirJob } from '../../src/batch/dicomdir.ts';
import { element } from '../../src/sample/part10.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { corpusFolder } from '../fixtures/corpus.ts';
import { part10 } from '../fixtures/data-set.ts';
import { deidentify, read, testKey } from '../fixtures/deidentify.ts';
import { flat, recordsOf } from '../fixtures/directory.ts';
import { minimalCt } from '../fixtures/instances.ts';

const pseudonyms = createPseudonyms(testKey());
let output = '';

beforeEach(() => {
  output = mkdtempSync(path.join(tmpdir(), 'dicomdir-'));
});

afterEach(() => {
  rmSync(output, { recursive: true });
});

function dicomdirs(job: Partial<DicomdirJob> = {}): Dicomdirs {
  return new Dicomdirs({
    pseudonyms, outputFolder: output, temporary: path.join(output, 'thread-0.partial'), layout: 'mirror', verify: true, dryRun: false, mayReplace: false, ...job,
  });
}

/** Writes the result of a file as a run does, and hands its entry over as a thread does. */
function write(into: Dicomdirs, file: string, source: Uint8Array): void {
  const { bytes, plan } = deidentify(source);
  mkdirSync(path.dirname(path.join(output, file)), { recursive: true });
  writeFileSync(path.join(output, file), bytes);
  into.addEntry(structuredClone(directoryEntry(plan, file, pseudonyms)));
}

/** Bytes that are left when everything that nobody needs is gone. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const source = (relative: string) => ({ path: `/cd/${relative}`, relative });
const ct = (instance: string) => part10(minimalCt([element(TAG.SOPInstanceUID, 'UI', instance)]));

function fileIdsOf(dicomdir: string): string[] {
  const records = flat(recordsOf(new Uint8Array(readFileSync(path.join(output, dicomdir)))));
  return records.map(({ text }) => text(0x00041500).replaceAll('\\', '/')).filter((each) => each !== '').sort();
}

describe('a DICOMDIR of the input', () => {
  it('is rebuilt where it stood, and reported like any file', () => {
    const run = dicomdirs();
    run.addSource(source('DICOMDIR'));
    write(run, 'CT/IM1', ct('2.25.601'));
    expect(run.finish()).toEqual([{ input: '/cd/DICOMDIR', output: 'DICOMDIR', status: 'written', verified: true }]);
    expect(fileIdsOf('DICOMDIR')).toEqual(['CT/IM1']);
    expect(readdirSync(output).sort()).toEqual(['CT', 'DICOMDIR']);
  });

  it('gets its own name in capitals, whatever the case of the source', () => {
    const run = dicomdirs();
    run.addSource(source('CD/dicomdir'));
    write(run, 'CD/IM1', ct('2.25.601'));
    expect(run.finish()[0]).toMatchObject({ output: 'CD/DICOMDIR', status: 'written' });
  });

  it('lists what is beside and below it, but not what belongs to another one', () => {
    const run = dicomdirs();
    for (const each of ['DICOMDIR', 'CD1/DICOMDIR']) run.addSource(source(each));
    for (const [i, file] of ['IM1', 'CD1/IM1', 'CD1/A/IM1', 'CD10/IM1'].entries()) write(run, file, ct(`2.25.60${i}`));
    expect(run.finish().map(({ status }) => status)).toEqual(['written', 'written']);
    expect(fileIdsOf('DICOMDIR')).toEqual(['CD10/IM1', 'IM1']);
    expect(fileIdsOf('CD1/DICOMDIR')).toEqual(['A/IM1', 'IM1']);
  });

  it('is left out where it has another name', () => {
    const run = dicomdirs();
    run.addSource(source('DICOMDIR-nopatient'));
    write(run, 'IM1', ct('2.25.601'));
    expect(run.finish()).toMatchObject([{ input: '/cd/DICOMDIR-nopatient', status: 'skipped', reason: expect.stringMatching(/another name/) }]);
    expect(readdirSync(output)).toEqual(['IM1']);
  });

  it('is left out where files are named by UIDs, and the reason says how to get one', () => {
    const run = dicomdirs({ layout: 'uid' });
    run.addSource(source('DICOMDIR'));
    write(run, '2.25.1/2.25.2/2.25.3-ABCDEFGH.dcm', ct('2.25.601'));
    expect(run.finish()).toMatchObject([{ status: 'skipped', reason: expect.stringContaining('--layout mirror') }]);
  });

  it('is left out where nothing was written below it, and where only a part of the files is known', () => {
    const run = dicomdirs();
    run.addSource(source('DICOMDIR'));
    expect(run.finish()).toMatchObject([{ status: 'skipped', reason: expect.stringMatching(/nothing to list/) }]);
    expect(run.finish('this is one shard of several')).toMatchObject([{ status: 'skipped', reason: 'DICOMDIR left out: this is one shard of several' }]);
  });

  it('says how many files it cannot list', () => {
    const run = dicomdirs();
    run.addSource(source('DICOMDIR'));
    write(run, 'IM1', ct('2.25.601'));
    write(run, 'extra.dcm', ct('2.25.602'));
    expect(run.finish()).toMatchObject([{ status: 'written', warnings: [expect.stringContaining('does not list 1 of')] }]);
  });

  it('never replaces a file, but for an earlier one of a run that is resumed', () => {
    const rebuild = (job: Partial<DicomdirJob> = {}, file = 'IM1'): FileReport[] => {
      const run = dicomdirs(job);
      run.addSource(source('DICOMDIR'));
      write(run, file, ct('2.25.601'));
      return run.finish();
    };
    writeFileSync(path.join(output, 'DICOMDIR'), 'precious');
    expect(rebuild()).toMatchObject([{ status: 'failed', reason: expect.stringContaining('exists already') }]);
    expect(readFileSync(path.join(output, 'DICOMDIR'), 'latin1')).toBe('precious');
    expect(rebuild({ mayReplace: true })).toMatchObject([{ status: 'written' }]);
    expect(rebuild()).toMatchObject([{ status: 'written' }]);
    expect(rebuild({}, 'IM2')).toMatchObject([{ status: 'failed' }]);
  });

  it('is written once where two sources have the same place', () => {
    const run = dicomdirs();
    for (const each of ['DICOMDIR', 'dicomdir']) run.addSource(source(each));
    write(run, 'IM1', ct('2.25.601'));
    expect(run.finish().map(({ status }) => status)).toEqual(['written', 'failed']);
  });

  it('is not written in a dry run', () => {
    const run = dicomdirs({ dryRun: true });
    run.addSource(source('DICOMDIR'));
    write(run, 'IM1', ct('2.25.601'));
    expect(run.finish()).toMatchObject([{ status: 'written', output: 'DICOMDIR' }]);
    expect(existsSync(path.join(output, 'DICOMDIR'))).toBe(false);
  });

  it('is the same after a run that was resumed, from the files that lie there', () => {
    const [first, resumed] = [dicomdirs(), dicomdirs()];
    sampleStudy().forEach(({ bytes }, i) => {
      write(first, `S/IM${i}`, bytes);
      resumed.addResult(`S/IM${i}`);
    });
    for (const run of [first, resumed]) run.addSource(source('DICOMDIR'));
    expect(first.finish()).toMatchObject([{ status: 'written' }]);
    // The same bytes, or it would not be written over.
    expect(resumed.finish()).toMatchObject([{ status: 'written' }]);
  });

  it('that may come costs no memory for the files that it may list', () => {
    const run = dicomdirs({ dryRun: true, verify: false });
    const entry = directoryEntry(deidentify(ct('2.25.601')).plan, 'IM1', pseudonyms);
    const before = heapInUse();
    for (let i = 0; i < 100_000; i++) run.addEntry(structuredClone({ ...entry, file: `A/IM${i}`, sopInstance: `2.25.${i}` }));
    // Some pages of the last entries, however many there are; in memory they would take ten times as much and more.
    expect((heapInUse() - before) / 100_000).toBeLessThan(100);
    run.addSource(source('DICOMDIR'));
    expect(run.finish()).toMatchObject([{ status: 'written' }]);
  });
});

const tree = path.join(corpusFolder, 'pydicom+pydicom/src/pydicom/data/test_files/dicomdirtests');
const hasTree = existsSync(tree);
if (!hasTree) console.warn('skipped: the corpus has no dicomdirtests, DICOMDIRs of real media are not rebuilt');

/** As a run does: every file read once, DICOMDIRs told apart, results and entries of the others. */
function rebuildTree(): { reports: FileReport[]; sources: Uint8Array[] } {
  const run = dicomdirs();
  const sources: Uint8Array[] = [];
  for (const found of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const file = path.join(found.parentPath, found.name);
    if (!found.isFile()) continue;
    const bytes = new Uint8Array(readFileSync(file));
    const relative = path.relative(tree, file);
    try {
      if (isDicomdir(read(bytes))) run.addSource({ path: file, relative });
      else write(run, relative, bytes);
      sources.push(bytes);
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
    }
  }
  return { reports: run.finish(), sources };
}

/** Whether a program is there; said aloud where it is not. */
function has(command: string, ...args: string[]): boolean {
  const found = spawnSync(command, args).status === 0;
  if (hasTree && !found) console.warn(`skipped: ${[command, ...args].join(' ')} does not run here, rebuilt DICOMDIRs are not read by it`);
  return found;
}

function say(command: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'latin1', cwd: output });
  return `${stdout}${stderr}`;
}

const PYDICOM = `
import sys
from pydicom.fileset import FileSet
for name in sys.argv[1:]:
    files = FileSet(name)
    print(name, len(files), len({f.load().SOPInstanceUID for f in files}), sorted(files.find_values('PatientID')) != [])
`;

describe.skipIf(!hasTree)('the DICOMDIRs of real media', () => {
  const DICOMDIRS = ['DICOMDIR', 'TINY_ALPHA/DICOMDIR'];

  it('are rebuilt, and the others are left out', () => {
    const { reports } = rebuildTree();
    expect(reports.filter(({ status }) => status === 'written').map((report) => report.output).sort()).toEqual(DICOMDIRS);
    expect(reports.filter(({ status }) => status === 'skipped').map(({ input }) => path.basename(input)).sort()).toEqual(
      ['DICOMDIR-bigEnd', 'DICOMDIR-empty.dcm', 'DICOMDIR-implicit', 'DICOMDIR-nopatient', 'DICOMDIR-reordered'],
    );
    expect(reports.every(({ verified, status }) => verified === true || status === 'skipped')).toBe(true);
  });

  it('list every file that was written and no other', () => {
    rebuildTree();
    const listed = DICOMDIRS.flatMap((dicomdir) => fileIdsOf(dicomdir).map((id) => path.join(path.dirname(dicomdir), id)));
    const written = readdirSync(output, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile() && each.name !== 'DICOMDIR').map((each) => path.relative(output, path.join(each.parentPath, each.name)));
    expect(listed.sort()).toEqual(written.sort());
    expect(written.length).toBeGreaterThan(50);
  });

  it('hold no identifier of the source, neither of its files nor of its DICOMDIRs', () => {
    const { sources } = rebuildTree();
    const dataSets = sources.map(read);
    const matcher = createMatcher(dataSets.flatMap((dataSet) => collectIdentifiers(dataSet, () => true)));
    expect(matcher.identifiers.length).toBeGreaterThan(100);
    for (const dicomdir of DICOMDIRS) {
      const bytes = new Uint8Array(readFileSync(path.join(output, dicomdir)));
      // File IDs are the source's own with this layout: some of them are its numbers.
      const dataSet = read(bytes);
      const hits = dataSet.elements.flatMap((each) => (each.isItem || each.vr === 'SQ' || each.tag === 0x00041500 ? [] : matcher.find(bytes, each.valueStart, each.valueEnd)));
      expect(hits.map(({ identifier }) => identifier.kind)).toEqual([]);
    }
  });

  const hasDcmdump = has('dcmdump', '--version');
  it.skipIf(!hasDcmdump)('are read by dcmdump, which finds a record at every offset', () => {
    rebuildTree();
    for (const dicomdir of DICOMDIRS) {
      const told = say('dcmdump', '-q', dicomdir);
      expect(told).not.toMatch(/^[EW]:/m);
      const records = new Set([...told.matchAll(/# {2}offset=\$(\d+)/g)].map((match) => match[1]));
      const pointers = [...told.matchAll(/\(0004,(?:1200|1202|1400|1420)\) up (\d+)/g)].map((match) => match[1]).filter((each) => each !== '0');
      expect(pointers.filter((each) => !records.has(each))).toEqual([]);
      expect(pointers.length).toBeGreaterThan(30);
    }
  });

  const hasDciodvfy = spawnSync('dciodvfy', ['-version']).error === undefined;
  if (!hasDciodvfy) console.warn('skipped: dciodvfy (dicom3tools) is not installed, rebuilt DICOMDIRs are not validated');
  it.skipIf(!hasDciodvfy)('are valid in the eyes of dciodvfy, and so is one of the sample', () => {
    rebuildTree();
    const run = dicomdirs();
    for (const [i, { bytes }] of sampleStudy().entries()) write(run, `SAMPLE/IM${i}`, bytes);
    run.addSource(source('SAMPLE/DICOMDIR'));
    expect(run.finish()).toMatchObject([{ status: 'written' }]);
    for (const dicomdir of [...DICOMDIRS, 'SAMPLE/DICOMDIR']) {
      const told = say('dciodvfy', dicomdir);
      expect(told).toContain('BasicDirectory');
      expect(told.split('\n').filter((line) => /^(Error|Warning)/.test(line))).toEqual([]);
    }
  });

  const hasPydicom = has('/usr/bin/python3', '-c', 'from pydicom.fileset import FileSet');
  it.skipIf(!hasPydicom)('are read by pydicom, which loads every file of them', () => {
    rebuildTree();
    const counts = DICOMDIRS.map((dicomdir) => fileIdsOf(dicomdir).length);
    const told = say('/usr/bin/python3', '-c', PYDICOM, ...DICOMDIRS);
    expect(told.trim().split('\n').filter((line) => line.includes('DICOMDIR'))).toEqual(DICOMDIRS.map((dicomdir, i) => `${dicomdir} ${counts[i]} ${counts[i]} True`));
  });
});
