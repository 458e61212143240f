import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dicomParser from 'dicom-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { Report } from '../../src/anonymizer/report.ts';
import { digestOfProfile, Manifest } from '../../src/batch/manifest.ts';
import { SAMPLE_IDENTIFIERS } from '../../src/sample/people.ts';
import { element } from '../../src/sample/part10.ts';
import { writeData } from '../bench/data.ts';
import { part10 } from '../fixtures/data-set.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';
import { filesBelow, writeSample } from './sample-folder.ts';

const isSmall = (path: string) => path.includes('/PR/') || path.includes('/CT/IM000') || path.includes('REFERTO');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pixelsAt = (bytes: Uint8Array) => dicomParser.parseDicom(bytes).elements.x7fe00010?.dataOffset ?? bytes.length;
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

async function anonymized(...more: string[]) {
  const folder = temporaryFolder();
  const source = writeSample(join(folder, 'source'), isSmall);
  const output = join(folder, 'output');
  const ran = await cli('anonymize', source, '--output', output, '--workers', '1', ...more.map((each) => each.replace('FOLDER', folder)));
  expect(ran.code).toBe(0);
  return { folder, source, output, manifest: join(folder, 'output.manifest.jsonl'), out: ran.out };
}

const check = (...args: string[]) => cli('verify', '--manifest', ...args);

describe('a manifest', () => {
  it('lies beside the output folder after every run and lists each result once, with its size and its SHA-256', async () => {
    const { output, manifest, out } = await anonymized();
    expect(out).toContain('Manifest: ');
    const [head, ...rest] = linesOf(manifest);
    const end = rest.pop();
    const results = filesBelow(output);
    expect(new Map(rest.map(({ output: path, size, sha256: digest, hashed }) => [path, [size, digest, hashed]]))).toEqual(new Map([...results].map(
      ([path, bytes]) => [path, [bytes.length, sha256(bytes), bytes.length]],
    )));
    expect(rest).toHaveLength(results.size);
    expect(head).toMatchObject({ kind: 'manifest', program: 'DICOM Anonymizer', edition: '2026d', options: [], digests: 'whole', verify: true });
    expect(end).toMatchObject({ kind: 'end', files: results.size, summary: { written: results.size, failed: 0, verified: results.size } });
  });

  it('digests the head alone where that is asked for, or where results are not verified and nothing is signed', async () => {
    const { output, manifest } = await anonymized('--digests', 'head');
    const results = filesBelow(output);
    for (const { output: path, hashed, sha256: digest } of linesOf(manifest).slice(1, -1)) {
      const bytes = results.get(String(path)) ?? Buffer.of();
      expect(hashed).toBe(Math.min(16384, pixelsAt(bytes)));
      expect(digest).toBe(sha256(bytes.subarray(0, Number(hashed))));
    }
    // Images, and objects that have none.
    expect([...results.values()].some((bytes) => pixelsAt(bytes) < bytes.length)).toBe(true);
    expect([...results.values()].some((bytes) => pixelsAt(bytes) === bytes.length)).toBe(true);
    expect(linesOf((await anonymized('--no-verify')).manifest)[0].digests).toBe('head');
    expect(linesOf((await anonymized('--no-verify', '--sign-key', 'FOLDER/sign.pem')).manifest)[0].digests).toBe('whole');
  });

  it('digests heads that can be checked later where pixels are removed, or zeros follow them, in small files and large ones', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 5, rows: 64, columns: 64 });
    writeData(join(source, 'large'), { files: 2, rows: 2100, columns: 2100 });
    const files = [...filesBelow(source).keys()].map((path) => join(source, path));
    [0, 10, 500, 5000].forEach((zeros, i) => { appendFileSync(files[i], Buffer.alloc(zeros)); });
    appendFileSync(files[files.length - 1], Buffer.alloc(5000));
    writeFileSync(join(folder, 'removing.yaml'), 'rules:\n  - keyword: PixelData\n    action: remove\n');
    for (const [name, ...more] of [['kept'], ['removed', '--profile', join(folder, 'removing.yaml')]]) {
      const output = join(folder, name);
      expect((await cli('anonymize', source, '--output', output, '--workers', '1', '--digests', 'head', ...more)).code).toBe(0);
      const results = filesBelow(output);
      for (const { output: path, size, hashed } of linesOf(`${output}.manifest.jsonl`).slice(1, -1)) {
        expect(hashed).toBe(Math.min(16384, pixelsAt(results.get(String(path)) ?? Buffer.of())));
        expect(Number(hashed)).toBeLessThanOrEqual(Number(size));
      }
      expect((await check(`${output}.manifest.jsonl`)).code).toBe(0);
    }
  });

  it('has the same digests after a run that went on as after one that was not disturbed', async () => {
    const { source, output, manifest } = await anonymized('--key-file', 'FOLDER/key', '--digests', 'head');
    const key = join(output, '..', 'key');
    const again = await cli('anonymize', source, '--output', output, '--workers', '1', '--key-file', key, '--digests', 'head', '--resume');
    expect(again.code).toBe(0);
    expect(linesOf(manifest.replace('.jsonl', '-2.jsonl')).slice(1, -1)).toEqual(linesOf(manifest).slice(1, -1));
    expect((await cli('anonymize', source, '--output', output, '--workers', '1', '--key-file', key, '--resume')).code).toBe(0);
    for (const { size, hashed } of linesOf(manifest.replace('.jsonl', '-3.jsonl')).slice(1, -1)) expect(hashed).toBe(size);
  });

  it('names no source and holds no value of one', async () => {
    const { source, folder, manifest } = await anonymized('--option', 'retain-longitudinal-modified-dates');
    const text = readFileSync(manifest, 'utf8').toLowerCase();
    expect(text).not.toContain(folder.toLowerCase());
    for (const path of filesBelow(source).keys()) expect(text).not.toContain(path.toLowerCase());
    for (const identifier of SAMPLE_IDENTIFIERS) expect(text).not.toContain(identifier.toLowerCase());
  });

  it('is named by the report, and by the merged report of shards', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), isSmall);
    const shard = (i: number) => cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', '--shard', `${i}/2`, '--key-file', join(folder, 'key'));
    for (const i of [1, 2]) expect((await shard(i)).code).toBe(0);
    await cli('report', 'merge', ...[1, 2].map((i) => join(folder, `output.shard-${i}-of-2.report.json`)), '--output', join(folder, 'all.json'));
    const { manifests = [] } = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8')) as Report;
    expect(manifests).toEqual(['output.shard-1-of-2.manifest.jsonl', 'output.shard-2-of-2.manifest.jsonl']);
    expect((await check(join(folder, manifests[0]), '--manifest', join(folder, manifests[1]))).code).toBe(0);
    expect((await check(join(folder, manifests[0]))).out).toMatch(/additional: /);
  });

  it('of every task of a job array is signed where the job is, by a key that is made beforehand', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), isSmall);
    const job = ['slurm', source, '--output', join(folder, 'job'), '--key-file', join(folder, 'key'), '--tasks', '2', '--digests', 'whole', '--sign-key', join(folder, 'sign')];
    expect((await cli(...job)).code).toBe(0);
    expect(readFileSync(join(folder, 'job.slurm', 'task.sh'), 'utf8')).toContain(`--digests whole --sign-key ${join(folder, 'sign')}`);
    expect(readdirSync(folder)).toContain('sign.pub');
  });

  it('of a run that went on covers what an earlier run had done', async () => {
    const { folder, source, output, manifest } = await anonymized('--key-file', 'FOLDER/key');
    rmSync(join(output, [...filesBelow(output).keys()][0]));
    expect((await cli('anonymize', source, '--output', output, '--workers', '1', '--key-file', join(folder, 'key'), '--resume')).code).toBe(0);
    const second = join(folder, 'output.manifest-2.jsonl');
    expect(linesOf(second).filter(({ kind }) => kind === 'file').map((line) => JSON.stringify(line)).sort()).toEqual(linesOf(manifest).filter(({ kind }) => kind === 'file').map((line) => JSON.stringify(line)).sort());
    expect((await check(second)).code).toBe(0);
  });

  it('lists a DICOMDIR that was rebuilt when all else was done', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'cd', 'CT'), { recursive: true });
    writeFileSync(join(folder, 'cd', 'CT', 'IM1'), part10(minimalCt()));
    writeFileSync(join(folder, 'cd', 'DICOMDIR'), part10([element(0x00041130, 'CS', ''), element(0x00041220, 'SQ', []), element(TAG.SOPClassUID, 'UI', '1.2.840.10008.1.3.10'), element(TAG.SOPInstanceUID, 'UI', '2.25.7')]));
    expect((await cli('anonymize', join(folder, 'cd'), '--output', join(folder, 'output'), '--layout', 'mirror', '--workers', '1')).code).toBe(0);
    const manifest = join(folder, 'output.manifest.jsonl');
    expect(linesOf(manifest).flatMap(({ output }) => (output === undefined ? [] : [output])).sort()).toEqual(['CT/IM1', 'DICOMDIR']);
    expect((await check(manifest)).code).toBe(0);
  });

  it('is not written by a dry run or where it is not wanted, and is never left half written', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), isSmall);
    for (const flag of ['--dry-run', '--no-manifest']) await cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', flag);
    await cli('anonymize', source, '--output', join(folder, 'source', 'inside'), '--workers', '1');
    expect(readdirSync(folder).filter((name) => name.includes('manifest'))).toEqual([]);
  });

  it('that cannot be written does not stop the run, is told and ends it with exit code 1', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), isSmall);
    mkdirSync(join(folder, 'output.manifest.jsonl.partial'));
    writeFileSync(join(folder, 'output.manifest.jsonl.partial', 'x'), '');
    const { code, err } = await cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', '--report', join(folder, 'report.json'));
    expect(code).toBe(1);
    expect(err).toContain('The manifest could not be written');
    expect((JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report).summary.failed).toBe(0);
    expect(filesBelow(join(folder, 'output')).size).toBeGreaterThan(0);
  });

  it('has the digest of the profile, which is the same for the same choices and another for others', () => {
    const rules = [{ match: { tag: 0x00100040 }, action: 'keep' }] as const;
    const of = (...options: string[]) => digestOfProfile(createProfile({ options }));
    expect(of('retain-uids', 'clean-descriptors')).toBe(of('clean-descriptors', 'retain-uids'));
    const all = [of(), of('retain-uids'), digestOfProfile(createProfile({ rules })), digestOfProfile(createProfile({ descriptors: 'remove' })), digestOfProfile(createProfile({ name: 'Mine' }))];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('an output folder', () => {
  it('that is as its manifest says is confirmed, wherever it has been moved', async () => {
    const { folder, output, manifest } = await anonymized();
    expect(await check(manifest)).toMatchObject({ code: 0, out: expect.stringMatching(/(\d+) of \1 files are as the manifest says; 0 changed, 0 missing, 0 additional/) });
    renameSync(output, join(folder, 'elsewhere'));
    expect((await check(manifest)).code).toBe(2);
    expect((await check(manifest, join(folder, 'elsewhere'))).code).toBe(0);
  });

  it('with a file that is changed, missing or added is told, file by file', async () => {
    const { output, manifest } = await anonymized();
    const [first, second, third] = [...filesBelow(output).keys()];
    const bytes = readFileSync(join(output, first));
    bytes[300] ^= 1;
    writeFileSync(join(output, first), bytes);
    rmSync(join(output, second));
    appendFileSync(join(output, third), 'x');
    writeFileSync(join(output, 'new.dcm'), 'x');
    symlinkSync(join(output, first), join(output, 'link.dcm'));
    const { code, out } = await check(manifest);
    expect(code).toBe(1);
    for (const line of [`changed: ${first}: its bytes differ`, `missing: ${second}`, `changed: ${third}: it has another size`, 'additional: new.dcm', 'additional: link.dcm']) expect(out).toContain(`${line}\n`);
  });

  it('with other pixels is told where all bytes are digested', async () => {
    const { output, manifest } = await anonymized('--digests', 'whole');
    const [path, bytes] = [...filesBelow(output)].sort(([, a], [, b]) => b.length - a.length)[0];
    bytes[bytes.length - 2] ^= 1;
    writeFileSync(join(output, path), bytes);
    expect(await check(manifest)).toMatchObject({ code: 1, out: expect.stringContaining(`changed: ${path}`) });
  });
});

describe('a signed manifest', () => {
  it('has a signature that other programs confirm, by a key that only its owner reads', async () => {
    const { folder, manifest } = await anonymized('--sign-key', 'FOLDER/sign.pem');
    if (process.platform !== 'win32') expect(statSync(join(folder, 'sign.pem')).mode & 0o777).toBe(0o600);
    const text = readFileSync(manifest, 'utf8');
    const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
    const { publicKey, signature } = linesOf(manifest).at(-1) as { publicKey: string; signature: string };
    const key = createPublicKey(readFileSync(join(folder, 'sign.pem.pub')));
    expect(key.export({ type: 'spki', format: 'der' }).toString('base64')).toBe(publicKey);
    expect(verify(null, Buffer.from(`DICOM Anonymizer manifest, SHA-256 ${sha256(Buffer.from(before))}`), key, Buffer.from(signature, 'base64'))).toBe(true);
    expect(readFileSync(manifest, 'utf8')).not.toContain('PRIVATE');
    expect(await check(manifest, '--public-key', join(folder, 'sign.pem.pub'))).toMatchObject({ code: 0, out: expect.stringContaining('signed, key SHA256:') });
  });

  it('that was changed, cut off, or signed by somebody else is refused', async () => {
    const { folder, manifest } = await anonymized('--sign-key', 'FOLDER/sign.pem');
    const other = await anonymized('--sign-key', 'FOLDER/sign.pem');
    const text = readFileSync(manifest, 'utf8');
    const lines = text.split('\n');
    const changed = (name: string, now: string) => {
      writeFileSync(join(folder, `${name}.jsonl`), now);
      return check(join(folder, `${name}.jsonl`), join(folder, 'output'), '--public-key', join(folder, 'sign.pem.pub'));
    };
    expect((await changed('same', text)).code).toBe(0);
    expect(await changed('changed', text.replace('"verified":true', '"verified":false'))).toMatchObject({ code: 1, err: expect.stringContaining('it was changed') });
    expect(await changed('shorter', [...lines.slice(0, 1), ...lines.slice(2)].join('\n'))).toMatchObject({ code: 1 });
    expect(await changed('unsigned', `${lines.slice(0, -2).join('\n')}\n`)).toMatchObject({ code: 1, err: expect.stringContaining('it is not signed') });
    expect(await changed('longer', `${text}{"kind":"file","output":"x","size":1,"hashed":1,"sha256":"${'0'.repeat(64)}"}\n`)).toMatchObject({ code: 2 });
    expect(await check(manifest, '--public-key', join(other.folder, 'sign.pem.pub'))).toMatchObject({ code: 1, err: expect.stringContaining('another key') });
  });

  it('cannot be made by signing something else with the key', async () => {
    const { folder, manifest } = await anonymized('--sign-key', 'FOLDER/sign.pem');
    const lines = readFileSync(manifest, 'utf8').split('\n');
    const before = `${lines.slice(0, -2).join('\n')}\n`;
    const signature = sign(null, Buffer.from(before), createPrivateKey(readFileSync(join(folder, 'sign.pem')))).toString('base64');
    writeFileSync(manifest, `${before}${JSON.stringify({ ...(JSON.parse(lines.at(-2) ?? '') as object), signature })}\n`);
    expect((await check(manifest)).code).toBe(1);
  });
});

describe('what comes from strangers as a manifest', () => {
  const written = async (change: (lines: string[]) => string[]) => {
    const { folder, manifest, output } = await anonymized();
    cpSync(manifest, join(folder, 'copy'));
    writeFileSync(manifest, `${change(readFileSync(manifest, 'utf8').trimEnd().split('\n')).join('\n')}\n`);
    return check(manifest, output);
  };

  it.each(['../output.report.json', '/etc/passwd', 'a/../../x', 'C:\\x', ''])('leads to no file outside of the folder: %j', async (path) => {
    expect((await written((lines) => lines.map((line, i) => (i === 1 ? JSON.stringify({ ...(JSON.parse(line) as object), output: path }) : line)))).code).toBe(2);
  });

  it('is refused where it is cut off', async () => {
    expect(await written((lines) => lines.slice(0, -1))).toMatchObject({ code: 1, err: expect.stringContaining('cut off') });
  });

  it('is refused where its signature is cut off, by a byte or more', async () => {
    const { manifest, output } = await anonymized('--sign-key', 'FOLDER/sign.pem');
    const bytes = readFileSync(manifest);
    for (const left of [1, 2, 40]) {
      writeFileSync(manifest, bytes.subarray(0, -left));
      expect(await check(manifest, output)).toMatchObject({ code: 1, err: expect.stringContaining('cut off') });
    }
  });

  it.each([['no JSON', 'hello'], ['another JSON', '{}'], ['a number', '7'], ['a very long line', `"${'x'.repeat(1 << 17)}"`]])('is refused where it is %s', async (_, text) => {
    expect((await written(() => [text])).code).toBe(2);
  });

  it('never makes the program fail, however it is changed', async () => {
    const { manifest, output } = await anonymized('--sign-key', 'FOLDER/sign.pem');
    const bytes = readFileSync(manifest);
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ at: fc.nat(bytes.length - 1), byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[],:"\\n0-'))) }), { minLength: 1, maxLength: 8 }), async (changes) => {
      const changed = Uint8Array.from(bytes);
      for (const { at, byte } of changes) changed[at] = byte;
      writeFileSync(manifest, changed);
      const { code, err } = await check(manifest, output);
      expect(err).not.toContain('Internal');
      expect(Buffer.compare(changed, bytes) === 0 ? [0] : [1, 2]).toContain(code);
    }), { numRuns: 300 });
  });

  it('cannot take over the terminal', async () => {
    const { out } = await written((lines) => lines.map((line, i) => (i === 0 ? line.replace('"version":"', '"version":"\\u001b[2J') : i === 1 ? line.replace('"output":"', '"output":"\\u001b]0;x\\u0007') : line)));
    expect(out).not.toMatch(/[\x1b\x07]/);
    expect(out).toContain('missing: ␛]0;x␇');
  });
});

describe('a million lines of a manifest', () => {
  it('take no memory', () => {
    const folder = temporaryFolder();
    const manifest = new Manifest(join(folder, 'output'), { version: '1', profile: createProfile(), layout: 'uid', verify: true, digests: 'head' });
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 200_000; i++) manifest.add(`study/series/${i}.dcm`, true, { size: i, hashed: i, sha256: '0'.repeat(64) });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 << 20);
    expect(manifest.finish({ written: 200_000, skipped: 0, failed: 0, verified: 0, notVerified: 0 }, new Date(0), undefined)).toEqual({ path: join(folder, 'output.manifest.jsonl') });
  });
});
