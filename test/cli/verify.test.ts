import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLE_IDENTIFIERS } from '../../src/sample/people.ts';
import { element } from '../../src/sample/part10.ts';
import { deidentify, plannerWith } from '../fixtures/deidentify.ts';
import { part10 } from '../fixtures/data-set.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';
import { writeSample } from './sample-folder.ts';

const isSmall = (path: string) => path.includes('/PR/') || path.includes('/CT/IM0001') || path.includes('REFERTO');

describe('verify', () => {
  it('finds nothing in what this program wrote, with and without the originals', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), isSmall);
    await cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', '--option', 'clean-descriptors', '--option', 'retain-safe-private');
    expect(await cli('verify', join(folder, 'output'))).toMatchObject({ code: 0 });
    expect(await cli('verify', join(folder, 'output'), '--source', source)).toMatchObject({ code: 0, out: expect.stringContaining('3 of 3 files') });
  });

  it('finds the originals themselves, and names their attributes but no value', async () => {
    const source = writeSample(temporaryFolder(), isSmall);
    const { code, out } = await cli('verify', source, '--source', source);
    expect(code).toBe(1);
    expect(out).toMatch(/^\(0010,0010\) +Patient's Name +3$/m);
    const withoutPaths = out.replaceAll(/^\/.*$/gm, '');
    expect(SAMPLE_IDENTIFIERS.filter((identifier) => identifier.length > 3 && withoutPaths.includes(identifier))).toEqual([]);
  });

  it('finds a number of the patient that looks like their day of birth', async () => {
    const folder = temporaryFolder();
    const numbers = [element(0x00100020, 'LO', '19800101'), element(0x00100030, 'DA', '19800101')];
    const { bytes } = deidentify(part10(minimalCt([element(0x00080070, 'LO', 'rec nr.19800101')])), plannerWith(), false);
    for (const [name, content] of [['source', part10(minimalCt(numbers))], ['result', bytes]] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.dcm'), content);
    }
    expect(await cli('verify', join(folder, 'result'), '--source', join(folder, 'source'))).toMatchObject({ code: 1 });
  });

  it('finds with the originals what no attribute gives away', async () => {
    const folder = temporaryFolder();
    const original = part10(minimalCt([element(0x00100010, 'PN', 'Quirinale^Ildebrando')]));
    const { bytes } = deidentify(part10(minimalCt([element(0x00080070, 'LO', 'Maker of Ildebrando')])), plannerWith(), false);
    mkdirSync(join(folder, 'source'));
    mkdirSync(join(folder, 'result'));
    writeFileSync(join(folder, 'source', 'a.dcm'), original);
    writeFileSync(join(folder, 'result', 'a.dcm'), bytes);
    expect(await cli('verify', join(folder, 'result'))).toMatchObject({ code: 0 });
    const { code, out } = await cli('verify', join(folder, 'result'), '--source', join(folder, 'source'));
    expect(code).toBe(1);
    expect(out).toMatch(/\(0008,0070\).*\(0010,0010\)/);
    expect(out).not.toContain('Ildebrando');
  });

  it('does not call clean what it could not read', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.txt'), 'Some notes that are no image.');
    const { code, out } = await cli('verify', folder);
    expect(code).toBe(1);
    expect(out).toContain('could not be checked');
  });

  it('changes nothing', async () => {
    const folder = temporaryFolder();
    const source = writeSample(join(folder, 'source'), isSmall);
    cpSync(source, join(folder, 'before'), { recursive: true });
    await cli('verify', source);
    const { filesBelow } = await import('./sample-folder.ts');
    expect(filesBelow(source)).toEqual(filesBelow(join(folder, 'before')));
  });
});
