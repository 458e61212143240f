import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { DICOMDIR_SOP_CLASS } from '../../src/anonymizer/planner.ts';
import { code, element, wrapPart10 } from '../../src/sample/part10.ts';
import { bare, EXPLICIT, type FixtureElement, IMPLICIT, item, latin1, part10, raw, sequence } from '../fixtures/data-set.ts';
import { minimalCt, minimalReport } from '../fixtures/instances.ts';
import { temporaryFolder } from './captured-terminal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist/cli.js');

// `npm test` builds first.
const isBuilt = existsSync(program);
if (!isBuilt) console.warn('Skipped: the built program is not there. Run npm run build first.');

/** Of the whole process, node's own 60 MB included, and seconds of processor time of all its threads. */
const MEGABYTES = 512;
const SECONDS = 30;
/** Of a file that holds nearly as many elements as one may, each with a new value: a kilobyte each. */
const MEGABYTES_AT_LIMIT = 1024;
const NAME = 'Hostile^Ildebrando';
const DEFLATED = '1.2.840.10008.1.2.1.99';

interface Ended {
  readonly status: string;
  readonly reason: string;
}

/** One file through `anonymize`, `inspect` and `verify` of the built program, each within its bounds. */
function outcomeOf(bytes: Uint8Array, { name = 'hostile.dcm', megabytes = MEGABYTES } = {}): Ended {
  const folder = temporaryFolder();
  const source = join(folder, name);
  writeFileSync(source, bytes);
  const output = join(folder, 'output');
  const report = join(folder, 'report.json');
  const options = ['clean-descriptors', 'clean-structured-content', 'retain-safe-private'].flatMap((option) => ['--option', option]);
  expect(within(megabytes, 'anonymize', source, '--output', output, '--report', report, ...options)).not.toMatch(/Ildebrando/i);
  within(megabytes, 'inspect', source, '--json');
  within(megabytes, 'verify', source);
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as { files: { status: string; reason?: string; output?: string }[] };
  expect(files).toHaveLength(1);
  const results = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(results).toHaveLength(files[0].status === 'written' ? 1 : 0);
  for (const { parentPath, name: result } of results) expect(readFileSync(join(parentPath, result)).includes('Ildebrando')).toBe(false);
  return { status: files[0].status, reason: files[0].reason ?? '' };
}

/** What it said; ends with 0 or 1, and never by a fault of its own. */
function within(megabytes: number, ...args: string[]): string {
  const folder = temporaryFolder();
  const peak = join(folder, 'peak');
  const out = openSync(join(folder, 'out'), 'w+');
  const { status, signal, stderr } = spawnSync(process.execPath, ['--require', join(root, 'test/bench/peak.cjs'), program, ...args], {
    encoding: 'latin1', env: { ...process.env, PEAK_FILE: peak }, timeout: 60_000, stdio: ['ignore', out, 'pipe'],
  });
  closeSync(out);
  expect([0, 1], `${args[0]} ended with ${status} ${signal}: ${stderr.slice(-300)}`).toContain(status);
  expect(stderr).not.toMatch(/Internal error|internal error/);
  const [kibibytes, seconds] = readFileSync(peak, 'utf8').split(' ').map(Number);
  expect(kibibytes / 1024, `${args[0]}: megabytes`).toBeLessThan(megabytes);
  expect(seconds, `${args[0]}: seconds`).toBeLessThan(SECONDS);
  return (args[0] === 'anonymize' ? readFileSync(join(folder, 'out'), 'latin1') : '') + stderr;
}

const named = (...elements: FixtureElement[]) => part10(minimalCt([element(TAG.PatientName, 'PN', NAME), ...elements]));
const repeated = (bytes: Uint8Array, count: number) => new Uint8Array(Buffer.alloc(bytes.length * count, bytes));
const deflatedPart10 = (deflated: Uint8Array) => wrapPart10(deflated, { transferSyntax: DEFLATED });

/** Zeros, or copies of something, that inflate to `count` times its bytes: blocks that can be put behind each other. */
function bomb(head: Uint8Array, block: Uint8Array, count: number): Uint8Array {
  const flushed = (bytes: Uint8Array) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  return deflatedPart10(concat([flushed(head), repeated(flushed(block), count), Uint8Array.of(3, 0)]));
}

describe.skipIf(!isBuilt)('within 512 MB and seconds ends', () => {
  it.each([
    ['a value of 4 GB in a file of 1 kB', raw(0x00204000, 'UT', 0xfffffffe, new Uint8Array(8))],
    ['a binary of 4 GB in a file of 1 kB', raw(0x00282000, 'OB', 0xfffffff0, new Uint8Array(8))],
    ['a Sequence of 4 GB in a file of 1 kB', raw(0x00081140, 'SQ', 0xfffffffe, Uint8Array.of(0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0))],
    ['an Item of 4 GB in a file of 1 kB', raw(0x00081140, 'SQ', 0xffffffff, Uint8Array.of(0xfe, 0xff, 0, 0xe0, 0xfe, 0xff, 0xff, 0xff))],
    ['pixels of 4 GB in a file of 1 kB', raw(TAG.PixelData, 'OW', 0xfffffffe, new Uint8Array(32))],
    ['a fragment of 4 GB in a file of 1 kB', raw(TAG.PixelData, 'OB', 0xffffffff, Uint8Array.of(0xfe, 0xff, 0, 0xe0, 0xfe, 0xff, 0xff, 0xff))],
    ['a private block of 4 GB in a file of 1 kB', raw(0x00091001, 'UN', 0xfffffffe, new Uint8Array(8))],
  ])('%s, as damage', (_name, lying) => {
    const bytes = named(lying);
    expect(bytes.length).toBeLessThan(2048);
    expect(outcomeOf(bytes)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^damaged: /) as string });
  });

  it('an image that says it has 65,535 × 65,535 pixels and 2,147,483,647 frames', () => {
    const bytes = named(element(0x00280008, 'IS', '2147483647'), element(0x00280010, 'US', [65535]), element(0x00280011, 'US', [65535]));
    expect(outcomeOf(bytes).status).toMatch(/written|failed/);
  });

  it.each([['of undefined', 0xffffffff], ['of defined', 0]])('nesting a million deep, with Sequences %s length, at the limit of elements', (_name, length) => {
    const levels = 600_000;
    const parts: Uint8Array[] = [bare([element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.2')], IMPLICIT)];
    const header = Buffer.from('08001822ffffffff', 'hex');
    const itemHeader = Buffer.from('feff00e0ffffffff', 'hex');
    const all = Buffer.alloc(levels * 16);
    for (let level = 0; level < levels; level++) {
      header.copy(all, level * 16);
      itemHeader.copy(all, level * 16 + 8);
      if (length !== 0) continue;
      all.writeUInt32LE((levels - level) * 16 - 8, level * 16 + 4);
      all.writeUInt32LE((levels - level) * 16 - 16, level * 16 + 12);
    }
    const bytes = wrapPart10(concat([...parts, all]), { transferSyntax: '1.2.840.10008.1.2' });
    expect(outcomeOf(bytes)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^limit: more than 1000000 elements/) as string });
  });

  it('a deflated file of 4 MB that inflates to 4 GB, at the limit of inflated bytes', () => {
    const bytes = bomb(bare(minimalCt([element(TAG.PatientName, 'PN', NAME)]), EXPLICIT), new Uint8Array(16 << 20), 256);
    expect(bytes.length).toBeLessThan(5 << 20);
    expect(outcomeOf(bytes)).toMatchObject({ status: 'failed', reason: expect.stringContaining('inflates to more than') as string });
  });

  it('a deflated file of kilobytes that inflates to ten million elements, at the limit of elements', () => {
    const block = repeated(bare([element(0x00204000, 'LT', '')], EXPLICIT), 10_000);
    const bytes = bomb(bare(minimalCt([], [TAG.PixelData]), EXPLICIT), block, 1000);
    expect(bytes.length).toBeLessThan(1 << 19);
    expect(outcomeOf(bytes)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^limit: /) as string });
  });

  it('an element that is repeated a million times', () => {
    const names = repeated(bare([element(TAG.PatientName, 'PN', NAME)], EXPLICIT), 1_000_000);
    const bytes = wrapPart10(concat([bare(minimalCt(), EXPLICIT), names]), { transferSyntax: '1.2.840.10008.1.2.1' });
    expect(outcomeOf(bytes)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^limit: /) as string });
  });

  it('an element that is repeated just less than a million times', () => {
    const comments = repeated(bare([element(0x00104000, 'LT', 'Ildebrando')], EXPLICIT), 900_000);
    const bytes = wrapPart10(concat([bare(minimalCt([element(TAG.PatientName, 'PN', NAME)]), EXPLICIT), comments]), { transferSyntax: '1.2.840.10008.1.2.1' });
    expect(outcomeOf(bytes, { megabytes: MEGABYTES_AT_LIMIT }).status).toMatch(/written|failed/);
  });

  it('a Sequence of half a million empty Items', () => {
    const items = repeated(Uint8Array.of(0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0), 500_000);
    expect(outcomeOf(named(raw(0x00082112, 'SQ', items.length, items), raw(0x00081115, 'SQ', items.length / 2, items.subarray(items.length / 2)))).status).toMatch(/written|failed/);
  });

  it('Sequences nested 100,000 deep, whose paths would fill any memory if they were written out', () => {
    const levels = 100_000;
    const open = Buffer.alloc(levels * 16);
    for (let level = 0; level < levels; level++) open.write('08001822fffffffffeff00e0ffffffff', level * 16, 'hex');
    const close = repeated(Uint8Array.from(Buffer.from('feff0de000000000feffdde000000000', 'hex')), levels);
    const head = bare([element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.2')], IMPLICIT);
    const bytes = wrapPart10(concat([head, open, bare([element(TAG.PatientName, 'PN', NAME)], IMPLICIT), close]), { transferSyntax: '1.2.840.10008.1.2' });
    expect(outcomeOf(bytes).status).toBe('written');
  });

  it('a value of ten million backslashes, and a name of a million carets', () => {
    expect(outcomeOf(named(element(0x00204000, 'UT', '\\'.repeat(10_000_000)))).status).toMatch(/written|failed/);
    expect(outcomeOf(named(raw(0x00081050, 'PN', 65534, latin1(`${NAME}${'^'.repeat(65534 - NAME.length)}`)))).status).toMatch(/written|failed/);
    expect(outcomeOf(named(element(0x00081030, 'LO', '\\Ildebrando'.repeat(5000)))).status).toMatch(/written|failed/);
  });

  it('fifty thousand different names in one file', () => {
    const people = Array.from({ length: 50_000 }, (_, i) => item([element(TAG.PatientName, 'PN', `Ildebrando${i}^Q${i * 7919}`)], 'defined'));
    expect(outcomeOf(named(sequence(0x00101002, people, 'defined'))).status).toMatch(/written|failed/);
  });
});

/** A DICOMDIR of one record whose offsets lead wherever they are told to. */
function dicomdir(next: number, lower: number): Uint8Array {
  const record = item([
    element(0x00041400, 'UL', [next]), element(0x00041410, 'US', [0xffff]), element(0x00041420, 'UL', [lower]),
    element(0x00041430, 'CS', 'PATIENT'), element(TAG.PatientName, 'PN', NAME), element(TAG.PatientID, 'LO', 'ID'),
  ], 'defined');
  const elements = [element(0x00041130, 'CS', 'SET'), element(0x00041200, 'UL', [next]), element(0x00041202, 'UL', [next]), element(0x00041212, 'US', [0]), sequence(0x00041220, [record, record], 'defined')];
  return part10(elements, { meta: [element(TAG.MediaStorageSOPClassUID, 'UI', DICOMDIR_SOP_CLASS), element(TAG.MediaStorageSOPInstanceUID, 'UI', '1.2.3')], withoutMeta: [] });
}

describe.skipIf(!isBuilt)('references in a circle end', () => {
  it.each([['a record that comes after itself', 500, 0], ['a record that is below itself', 0, 500], ['both, anywhere', 500, 132], ['beyond the end', 0xffffffff, 0x7fffffff]])('in a DICOMDIR: %s', (_name, next, lower) => {
    const start = Buffer.from(dicomdir(0, 0)).indexOf(Buffer.from('feff00e0', 'hex'));
    const at = (offset: number) => (offset === 500 ? start : offset);
    expect(outcomeOf(dicomdir(at(next), at(lower)), { name: 'DICOMDIR' })).toMatchObject({ status: 'skipped' });
  });

  it('in a report: content items that refer to themselves and to each other, and a report that refers to itself', () => {
    const refers = (...path: number[]) => item([
      element(0x0040a010, 'CS', 'INFERRED FROM'), element(0x0040db73, 'UL', path),
    ]);
    const itself = sequence(0x0040a375, [item([
      element(0x0020000d, 'UI', '2.25.1001'),
      sequence(0x00081115, [item([element(0x0020000e, 'UI', '2.25.1002'), sequence(0x00081199, [item([element(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.88.11'), element(0x00081155, 'UI', '2.25.1003')])])])]),
    ])]);
    const content = sequence(TAG.ContentSequence, [
      item([
        element(0x0040a010, 'CS', 'CONTAINS'), element(TAG.ValueType, 'CS', 'CONTAINER'), element(TAG.ConceptNameCodeSequence, 'SQ', [code('121070', 'DCM', 'Findings')]),
        sequence(TAG.ContentSequence, [refers(1, 1), refers(1), refers(2), refers(0xffffffff, 0)]),
      ]),
      refers(1, 1, 1), refers(2), refers(...Array.from({ length: 10_000 }, () => 1)),
    ]);
    expect(outcomeOf(part10(minimalReport('nothing', [element(TAG.PatientName, 'PN', NAME), itself, content]))).status).toMatch(/written|failed/);
  });
});

const ESCAPES = ['\x1b$B', '\x1b(J', '\x1b$)C', '\x1b$(D', '\x1b-T', '\x1b', '\x1b$', '\x1b(B'];

describe.skipIf(!isBuilt)('a broken character set ends, and leaves nothing', () => {
  it.each([
    'ISO_IR 192', 'GB18030', 'GBK', 'ISO 2022 IR 6\\ISO 2022 IR 87', '\\ISO 2022 IR 87', '\\ISO 2022 IR 149', '\\ISO 2022 IR 58', 'ISO_IR 13', 'ISO_IR 166', 'ISO 2022 IR 999', 'no such', '\\\\\\', 'ISO_IR 192\\ISO 2022 IR 87',
  ])('%s', (characterSet) => {
    const garbage = latin1(`${NAME}=${ESCAPES.join('\xff')}${'\x81\x30\xff\xc3\xe3\x81'.repeat(20)}`);
    const many = latin1(`${ESCAPES.join('Ildebrando')}`.repeat(4000));
    const broken = named(
      element(0x00080005, 'CS', characterSet), raw(TAG.PatientName, 'PN', garbage.length, garbage), raw(0x00081050, 'PN', garbage.length, garbage), raw(0x00204000, 'UT', many.length, many),
      raw(0x00081030, 'LO', garbage.length, garbage), sequence(0x00082218, [item([element(0x00080005, 'CS', '\\ISO 2022 IR 149'), raw(0x00080104, 'LO', garbage.length, garbage)])]),
    );
    expect(outcomeOf(broken).status).toMatch(/written|failed/);
  });
});
