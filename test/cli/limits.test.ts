import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIMIT_NAMES, LIMITS } from '../../src/anonymizer/dicom/limits.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { Report } from '../../src/anonymizer/report.ts';
import { USAGE } from '../../src/cli/usage.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { element, wrapPart10 } from '../../src/sample/part10.ts';
import { bare, IMPLICIT, part10 } from '../fixtures/data-set.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';

async function anonymized(bytes: Uint8Array, ...more: string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source', 'a.dcm'), bytes);
  const report = join(folder, 'report.json');
  const { code } = await cli('anonymize', join(folder, 'source'), '--output', join(folder, 'output'), '--report', report, '--workers', '1', ...more);
  return { code, file: (JSON.parse(readFileSync(report, 'utf8')) as Report).files[0] };
}

describe('the usage', () => {
  it('lists every limit with its usual number', () => {
    for (const name of LIMIT_NAMES) expect(USAGE).toMatch(new RegExp(`^  ${name} +.*\\(default ${LIMITS[name].usual}\\)$`, 'm'));
  });
});

describe('a limit', () => {
  const long = 1 + LIMITS.identifierBytes.usual;
  const longName = wrapPart10(bare([...minimalCt().filter(({ tag }) => tag !== TAG.PatientName), element(TAG.PatientName, 'PN', 'a'.repeat(long + (long & 1)))].sort((a, b) => a.tag - b.tag), IMPLICIT), { transferSyntax: '1.2.840.10008.1.2' });

  it('refuses a file beyond it, and lets it pass where it was raised', async () => {
    const refused = await anonymized(longName);
    expect([refused.code, refused.file.status, refused.file.reason]).toEqual([1, 'failed', expect.stringMatching(/^limit: an identifying value of more than 1048576 bytes/)]);
    const passed = await anonymized(longName, '--limit', `identifierBytes=${2 * long}`);
    expect([passed.code, passed.file.status]).toEqual([0, 'written']);
  });

  it('can be lowered, each by its name', async () => {
    const ct = part10(minimalCt());
    expect((await anonymized(ct)).file.status).toBe('written');
    for (const name of ['elements', 'valueBytes', 'identifierBytes', 'identifiers']) {
      expect((await anonymized(ct, '--limit', `${name}=1`)).file.reason).toMatch(/^limit: /);
    }
  });

  it('holds for frames that are cleaned', async () => {
    const image = sampleStudy().find(({ path }) => path.includes('/ECO_'))?.bytes ?? new Uint8Array(0);
    const { file } = await anonymized(image, '--option', 'clean-pixel-data', '--pixels', 'regions', '--limit', 'frameBytes=1000');
    expect(file.reason).toMatch(/^limit: frame 1: it is larger/);
  });

  it('has a reason, and stays below what the engine can hold', () => {
    for (const name of LIMIT_NAMES) {
      expect(LIMITS[name].reason).not.toBe('');
      expect(LIMITS[name].most).toBeGreaterThan(LIMITS[name].usual);
    }
  });

  it.each(['elements', 'elements=0', 'elements=-1', 'elements=1e9', 'elements=99999999999', 'patience=3'])('that is no limit is wrong usage: %s', async (limit) => {
    const { code, err } = await cli('anonymize', 'a', '--output', 'b', '--limit', limit);
    expect([code, err]).toEqual([2, expect.stringMatching(/limit/)]);
  });
});
