import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InspectRow } from '../../src/anonymizer/inspect.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { element } from '../../src/sample/part10.ts';
import { latin1, part10 } from '../fixtures/data-set.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';

function file(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'file.dcm');
  writeFileSync(path, bytes);
  return path;
}

describe('inspect', () => {
  it('shows each element before and after with the rule that asks for it', async () => {
    const { code, out } = await cli('inspect', file(part10(minimalCt())));
    expect(code).toBe(0);
    expect(out).toMatch(/^Tag +Name +VR +Before +→ +After +Why$/m);
    expect(out).toMatch(/^\(0010,0030\) +Patient's Birth Date +DA +19700304 +→ +Emptied: Basic Profile/m);
  });

  it('lets options change what comes after', async () => {
    const path = file(part10(minimalCt()));
    const { out } = await cli('inspect', path, '--option', 'retain-uids', '--json');
    const rows = JSON.parse(out) as InspectRow[];
    expect(rows.find(({ tag }) => tag === '(0020,000D)')).toMatchObject({ before: '2.25.1001', after: '2.25.1001', action: 'Kept' });
  });

  it('prints rows as JSON, one a line', async () => {
    const { out } = await cli('inspect', file(part10(minimalCt())), '--json');
    const rows = JSON.parse(out) as InspectRow[];
    expect(out.trimEnd().split('\n')).toHaveLength(rows.length + 2);
    expect(Object.keys(rows[0])).toEqual(expect.arrayContaining(['tag', 'depth', 'name', 'vr', 'before', 'after', 'action', 'why', 'needsAttention']));
  });

  it('lets no value take over the terminal', async () => {
    const takeover = '\x1b[2J\x1b]0;owned\x07';
    const path = file(part10(minimalCt([element(0x00080070, 'LO', latin1(`Maker${takeover}`))])));
    const { out } = await cli('inspect', path);
    expect(out).toContain('Maker');
    expect(out).not.toContain('\x1b');
    expect(out).not.toContain('\x07');
  });

  it('says of a file that would be refused why, with exit code 1', async () => {
    const path = file(part10(minimalCt([element(TAG.SOPClassUID, 'UI', '1.2.3.4')])));
    const { code, out, err } = await cli('inspect', path);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('private-sop-class');
  });
});
