import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import dcmjs from 'dcmjs';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { BURNED_IN_LINES, SAMPLE_IDENTIFIERS, SAMPLE_IDENTIFIERS_BY_KIND, bytesOfIdentifier } from '../../src/sample/people.ts';
import { ULTRASOUND_HEIGHT, ULTRASOUND_TOP, ULTRASOUND_WIDTH, ultrasoundFrame } from '../../src/sample/phantom.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { SAMPLE_UIDS } from '../../src/sample/uids.ts';

const files = sampleStudy();
const modalities = files.map(({ bytes }) => dicomParser.parseDicom(bytes).string('x00080060'));

function isPlanted(identifier: string): boolean {
  return bytesOfIdentifier(identifier).some((form) => files.some(({ bytes }) => Buffer.from(bytes).includes(Buffer.from(form))));
}

describe('the sample study', () => {
  it('is the same each time', () => {
    const hash = (all: typeof files) => all.map((file) => [file.path, createHash('sha256').update(file.bytes).digest('hex')]);
    expect(hash(sampleStudy())).toEqual(hash(files));
  });

  it('is the same on every machine', () => {
    const hash = createHash('sha256');
    for (const { path: name, bytes } of files) hash.update(name).update(bytes);
    expect(hash.digest('hex')).toMatchInlineSnapshot(`"9b7c1fe959eb81218011674ac024e2d267014850176d735a96057fb46337e0bb"`);
  });

  it('holds CT, ultrasound, report, presentation state and radiograph under paths of their own', () => {
    expect(modalities).toEqual([...Array<string>(8).fill('CT'), 'US', 'US', 'US', 'SR', 'PR', 'CR']);
    expect(new Set(files.map((file) => file.path)).size).toBe(files.length);
    expect(files.some((file) => file.path.endsWith('.dcm'))).toBe(true);
    expect(files.some((file) => !file.path.includes('.'))).toBe(true);
  });

  it.each(Object.entries(SAMPLE_IDENTIFIERS_BY_KIND).flatMap(([kind, all]) => all.map((_, i) => [kind, i] as const)))(
    'really holds the planted identifier %s %i',
    (kind, i) => {
      expect(isPlanted(SAMPLE_IDENTIFIERS_BY_KIND[kind as keyof typeof SAMPLE_IDENTIFIERS_BY_KIND][i])).toBe(true);
    },
  );

  it('really holds each of its UIDs, none of them twice under two names', () => {
    expect(SAMPLE_UIDS.map(isPlanted)).not.toContain(false);
    expect(new Set(SAMPLE_UIDS).size).toBe(SAMPLE_UIDS.length);
  });

  it('plants identifiers that are too long to turn up by chance', () => {
    expect(SAMPLE_IDENTIFIERS.filter((each) => Math.min(...bytesOfIdentifier(each).map((form) => form.length)) < 4)).toEqual([]);
  });

  it('references instances of its own only, but for what is named as outside', () => {
    const known = new Set(SAMPLE_UIDS);
    const referenced = files.flatMap(({ bytes }) => uidsUnder(dicomParser.parseDicom(bytes), 'x00081155'));
    expect(referenced.length).toBeGreaterThan(40);
    expect(referenced.filter((each) => !known.has(each))).toEqual([]);
  });
});

describe('each file of the sample', () => {
  it.each(files.map((_, i) => i))('%i is read by dicom-parser to its last byte', (i) => {
    const { bytes } = files[i];
    const dataSet = dicomParser.parseDicom(bytes);
    const end = Math.max(...Object.values(dataSet.elements).map((each) => each.dataOffset + each.length));
    expect(end).toBe(bytes.length);
    expect(dataSet.warnings).toEqual([]);
  });

  it.each(files.map((_, i) => i))('%i is read by dcmjs with the same SOP Instance UID in meta and Data Set', (i) => {
    const { bytes } = files[i];
    // dcmjs takes the Japanese file, with its two values of Specific Character Set, only when told to ignore errors.
    const file = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer, { ignoreErrors: modalities[i] === 'CR' });
    expect(file.meta['00020003'].Value?.[0]).toBe(file.dict['00080018'].Value?.[0]);
    expect(file.dict['00100010'].Value).toBeDefined();
  });

  const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;
  if (!hasValidator) console.warn('skipped: dciodvfy (dicom3tools) is not installed, the sample is not validated against its IODs');
  it.skipIf(!hasValidator)('is valid in the eyes of dciodvfy', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sample-'));
    try {
      const errors = files.flatMap(({ bytes }, i) => {
        const name = path.join(folder, String(i));
        writeFileSync(name, bytes);
        const { stdout, stderr } = spawnSync('dciodvfy', [name], { encoding: 'latin1' });
        return `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'));
      });
      expect(errors).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an ultrasound frame', () => {
  const rowOfByte = (at: number) => Math.floor(at / 3 / ULTRASOUND_WIDTH);

  it('has its text in the band above the fan and nowhere else', () => {
    const [plain, withText] = [ultrasoundFrame(1), ultrasoundFrame(1, BURNED_IN_LINES)];
    const changed = [...withText.keys()].filter((at) => withText[at] !== plain[at]).map(rowOfByte);
    expect(changed.length).toBeGreaterThan(1000);
    expect(Math.max(...new Set(changed))).toBeLessThan(ULTRASOUND_TOP);
    expect(plain.length).toBe(ULTRASOUND_WIDTH * ULTRASOUND_HEIGHT * 3);
  });

  it('refuses text that is wider than the image', () => {
    expect(() => ultrasoundFrame(0, ['A'.repeat(30)])).toThrow(RangeError);
  });
});

function uidsUnder(dataSet: dicomParser.DataSet, tag: string): string[] {
  return Object.values(dataSet.elements).flatMap((each) => {
    if (each.tag === tag) return [dataSet.string(tag) ?? ''];
    return (each.items ?? []).flatMap((item) => (item.dataSet === undefined ? [] : uidsUnder(item.dataSet, tag)));
  });
}
