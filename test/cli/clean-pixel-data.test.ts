import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greyOf } from '../../src/anonymizer/pixels/display.ts';
import { openPixels, type Pixels } from '../../src/anonymizer/pixels/pixels.ts';
import { RLE } from '../../src/anonymizer/pixels/rle.ts';
import { detectText } from '../../src/anonymizer/pixels/text/detect.ts';
import type { Report } from '../../src/anonymizer/report.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { encapsulated } from '../fixtures/data-set.ts';
import { imageFile, type Look, nativePixels, open } from '../fixtures/pixels.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';
import { filesBelow, writeSample } from './sample-folder.ts';

const readReport = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Report;
const PROFILE = 'options: [clean-pixel-data]\npixels: regions\nregions:\n  - when: {Modality: OT}\n    boxes: [{x: 5, y: 4, width: 30, height: 8}]\n';
const codecs = loadFrameCodecs();

function pixelsOf(file: Uint8Array): Pixels {
  const pixels = openPixels(open(file), codecs);
  if (pixels === undefined) throw new Error('no pixels');
  return pixels;
}

/** A folder with these files, a profile of one region beside it, and what becomes of them. */
async function cleaned(files: Readonly<Record<string, Uint8Array>>, ...more: string[]) {
  const folder = temporaryFolder();
  const [source, output, profile, report] = ['source', 'output', 'profile.yaml', 'report.json'].map((name) => join(folder, name));
  mkdirSync(source);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(source, name), bytes);
  writeFileSync(profile, PROFILE);
  const { code } = await cli('anonymize', source, '--output', output, '--workers', '1', '--layout', 'mirror', '--profile', profile, '--report', report, ...more);
  return { code, files: more.includes('--dry-run') ? new Map<string, Buffer>() : filesBelow(output), report: readReport(report) };
}

describe('anonymize --option clean-pixel-data', () => {
  it('blacks out the text of an ultrasound image, and the report counts it', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), (path) => path.includes('/ECO_'));
    const [output, report] = [join(folder, 'output'), join(folder, 'report.json')];
    const { code } = await cli('anonymize', source, '--output', output, '--workers', '1', '--layout', 'mirror', '--option', 'clean-pixel-data', '--report', report);
    expect(code).toBe(0);
    const after = filesBelow(output);
    let boxes = 0;
    for (const [path, bytes] of filesBelow(source)) {
      const [before, result] = [pixelsOf(bytes), pixelsOf(after.get(path) ?? Buffer.alloc(0))];
      const [was, is] = [before, result].map((pixels) => greyOf(pixels.native(0), pixels.palette));
      for (const { x, y, width, height } of detectText(was)) {
        boxes += 1;
        for (let row = y; row < y + height; row++) expect(is.pixels.subarray(row * is.width + x, row * is.width + x + width).every((value) => value === 0)).toBe(true);
      }
    }
    expect(boxes).toBeGreaterThan(2);
    expect(readReport(report).actions.find(({ tag }) => tag === '7FE00010')).toMatchObject({ action: 'C', count: after.size });
  });

  it('cleans a film that is too large to be held, frame by frame', async () => {
    const look: Look = { rows: 512, columns: 512, bitsAllocated: 8, frames: 36 };
    const { code, files, report } = await cleaned({ 'film.dcm': imageFile(look) });
    expect(code).toBe(0);
    expect(report.files[0].verified).toBe(true);
    const pixels = pixelsOf(files.get('film.dcm') ?? Buffer.alloc(0));
    const before = nativePixels(look);
    for (const frame of [0, 17, 35]) {
      const expected = before.slice(frame * 512 * 512, (frame + 1) * 512 * 512);
      for (let y = 4; y < 12; y++) expected.fill(0, y * 512 + 5, y * 512 + 35);
      expect(Buffer.compare(pixels.native(frame).bytes, expected)).toBe(0);
    }
  });

  it('refuses what cannot be cleaned with the reason, in a dry run too, and goes on with the rest', async () => {
    const look: Look = { rows: 40, columns: 50, bitsAllocated: 8, frames: 3 };
    const native = pixelsOf(imageFile(look));
    const frames = [0, 1, 2].map((frame) => RLE.encodeLossless?.({ bytes: native.native(frame).bytes, samples: 1, bitsAllocated: 8, precision: 8, signed: false }, native.image) ?? new Uint8Array(0));
    frames[1] = frames[1].subarray(0, 100);
    const sources = {
      'damaged.dcm': imageFile({ ...look, syntax: '1.2.840.10008.1.2.5' }, encapsulated(frames)),
      'video.dcm': imageFile({ ...look, syntax: '1.2.840.10008.1.2.4.102' }, encapsulated([new Uint8Array(200)])),
      'whole.dcm': imageFile(look),
    };
    for (const more of [[], ['--dry-run']]) {
      const { code, report } = await cleaned(sources, ...more);
      expect(code).toBe(1);
      expect(report.files.map(({ status, reason = '' }) => `${status} ${reason.slice(0, 25)}`.trim()).sort()).toEqual(['failed damaged: frame 2: an RLE', 'failed unsafe: video cannot be c', 'written']);
    }
  });

  it('takes the mode from the command line over the profile', async () => {
    const { report } = await cleaned({ 'a.dcm': imageFile({ rows: 40, columns: 50, bitsAllocated: 8 }) }, '--pixels', 'refuse');
    expect(report.files[0]).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^unsafe: text may be burned into the pixels/) });
  });

  it.each([
    [['--option', 'clean-pixel-data', '--pixels', 'some'], '--pixels is one of all-text, matching-text, regions, refuse.'],
    [['--pixels', 'regions'], 'give --option clean-pixel-data too'],
  ])('%j is wrong usage', async (args, sentence) => {
    const folder = temporaryFolder();
    const { code, err } = await cli('anonymize', writeSample(join(folder, 'source'), (path) => path.includes('/PR/')), '--output', join(folder, 'output'), ...args);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});

describe('slurm', () => {
  it('hands on what is done with pixels to every task', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), (path) => path.includes('/PR/'));
    const output = join(folder, 'output');
    const { code } = await cli('slurm', source, '--output', output, '--key-file', join(folder, 'key'), '--option', 'clean-pixel-data', '--pixels', 'regions', '--refuse-suspects');
    expect(code).toBe(0);
    expect(readFileSync(`${output}.slurm/task.sh`, 'utf8').replaceAll("'", '')).toContain('--option clean-pixel-data --pixels regions --refuse-suspects');
  });
});

describe('--refuse-suspects', () => {
  it('refuses an image that is likely to show who the patient is, where a warning would do without it', async () => {
    const suspect = { 'a.dcm': imageFile({ rows: 40, columns: 50, bitsAllocated: 8 }) };
    const folder = temporaryFolder();
    const run = (name: string, ...more: string[]) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.dcm'), suspect['a.dcm']);
      return cli('anonymize', join(folder, name), '--output', join(folder, `${name}-out`), '--workers', '1', '--report', join(folder, `${name}.json`), ...more);
    };
    expect((await run('warned')).code).toBe(0);
    expect((await run('refused', '--refuse-suspects')).code).toBe(1);
    expect(readReport(join(folder, 'warned.json')).files[0].warnings?.join()).toContain('Text may be burned into the picture');
    expect(readReport(join(folder, 'refused.json')).files[0].reason).toMatch(/^unsafe: text may be burned into the picture: /);
  });
});

describe('inspect --option clean-pixel-data', () => {
  it('shows that the pixels are cleaned, and why', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), (path) => path.includes('/ECO_'));
    const [path] = filesBelow(source).keys();
    const { code, out } = await cli('inspect', join(source, path), '--option', 'clean-pixel-data', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as readonly { tag: string; action: string; why: string }[];
    expect(rows.find(({ tag }) => tag === '(7FE0,0010)')).toMatchObject({ action: 'Cleaned', why: 'Text in the picture is blacked out' });
  });
});
