import { describe, expect, it } from 'vitest';
import { inspect, type InspectRow } from '../../src/anonymizer/inspect.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { ProfileChoices } from '../../src/anonymizer/profile.ts';
import { element } from '../../src/sample/part10.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { type FixtureElement, item, latin1, part10, sequence } from '../fixtures/data-set.ts';
import { deidentify, plannerOf, read } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';

const REFERENCED_IMAGES = 0x00081140;

function rowsOf(elements: readonly FixtureElement[], choices: ProfileChoices = {}): InspectRow[] {
  return inspect(plannerOf(choices).plan(read(part10(minimalCt(elements)))));
}

function rowAt(path: string, elements: readonly FixtureElement[] = [], choices: ProfileChoices = {}): InspectRow {
  const row = rowsOf(elements, choices).find((each) => each.path === path);
  if (row === undefined) throw new Error('no such row');
  return row;
}

describe('the rows of a preview', () => {
  it.each<[string, string, Partial<InspectRow>, FixtureElement[], ProfileChoices]>([
    ['what is removed', '(0008,1030)', { action: 'Removed', code: 'X', before: 'Chest', after: '' }, [element(0x00081030, 'LO', 'Chest')], {}],
    ['what is emptied', '(0010,0030)', { action: 'Emptied', code: 'Z', before: '19700304', after: '' }, [], {}],
    ['what is replaced', '(0010,0010)', { action: 'Replaced', code: 'Z', before: 'Test^Person', after: expect.stringMatching(/^ANON/) as string }, [], {}],
    ['what is remapped', '(0020,000D)', { action: 'Remapped', code: 'U', before: '2.25.1001', after: expect.stringMatching(/^2\.25\.\d{20,}$/) as string }, [], {}],
    ['what is cleaned', '(0008,1030)', { action: 'Cleaned', code: 'C', before: 'Chest of Person', after: 'Chest of ***' }, [element(0x00081030, 'LO', 'Chest of Person')], { options: ['clean-descriptors'] }],
    ['what is kept', '(0008,0060)', { action: 'Kept', code: 'K', before: 'CT', after: 'CT' }, [], {}],
    ['what is added', '(0012,0062)', { action: 'Added', code: '', before: '', after: 'YES' }, [], {}],
  ])('tell %s in a word, with the values before and after', (_, path, expected, elements, choices) => {
    expect(rowAt(path, elements, choices)).toMatchObject(expected);
  });

  it('call what an action left as it was kept', () => {
    expect(rowAt('(0008,1030)', [element(0x00081030, 'LO', 'Chest')], { options: ['clean-descriptors'] })).toMatchObject({ action: 'Kept', before: 'Chest', after: 'Chest' });
    expect(rowAt('(0008,0050)', [element(TAG.AccessionNumber, 'SH', '')])).toMatchObject({ action: 'Kept', before: '', after: '' });
  });

  it('say why in the words of the standard', () => {
    expect(rowAt('(0010,0030)').why).toBe('Basic Profile (PS3.15 Table E.1-1) → Z');
  });

  it('say why in another language where one is handed in', () => {
    const plan = plannerOf().plan(read(part10(minimalCt())));
    const rows = inspect(plan, (text, args) => `[${text}|${args.join()}]`);
    expect(rows.every(({ why }) => why.startsWith('['))).toBe(true);
  });

  it('have names for standard elements, for private ones by their creator, and for creators', () => {
    const privates = [element(0x00190010, 'LO', 'GEMS_ACQU_01'), element(0x00191002, 'SL', [912])];
    expect(rowAt('(0010,0010)').name).toBe("Patient's Name");
    expect(rowAt('(0019,0010)', privates)).toMatchObject({ name: 'Private Creator', isPrivate: true });
    expect(rowAt('(0019,1002)', privates)).toMatchObject({ name: 'NumberOfCellsInDetector', isPrivate: true, creator: 'GEMS_ACQU_01', before: '912' });
  });

  it('tell where an element stands', () => {
    const images = sequence(REFERENCED_IMAGES, [1, 2].map((i) => item([element(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'), element(0x00081155, 'UI', `2.25.99${i}`)])));
    const rows = rowsOf([images]).filter(({ path }) => path.startsWith('(0008,1140)'));
    expect(rows.map(({ path, depth }) => [path, depth])).toEqual([
      ['(0008,1140)', 0], ['(0008,1140)[1]', 1], ['(0008,1140)[1].(0008,1150)', 2], ['(0008,1140)[1].(0008,1155)', 2],
      ['(0008,1140)[2]', 1], ['(0008,1140)[2].(0008,1150)', 2], ['(0008,1140)[2].(0008,1155)', 2],
    ]);
    expect(rows[1].name).toBe('Item 1');
    expect(rows[0].before).toBe('2 items');
  });

  it('show what goes with the Sequence around it as removed, and by which', () => {
    const rows = rowsOf([sequence(0x00081110, [item([element(0x00081155, 'UI', '2.25.99')])])]);
    expect(rows.find(({ path }) => path === '(0008,1110)[1].(0008,1155)')).toMatchObject({ action: 'Removed', after: '', why: expect.stringContaining('Inside (0008,1110)') });
  });

  it('put what is added where it will stand', () => {
    const tags = rowsOf([]).filter(({ depth }) => depth === 0).map(({ tag }) => tag);
    expect(tags).toEqual([...tags].sort());
  });

  it('show a record that is there already in one row, before and after', () => {
    const rows = rowsOf([element(TAG.DeidentificationMethod, 'LO', 'By hand')]).filter(({ tag }) => tag === '(0012,0063)');
    expect(rows).toEqual([expect.objectContaining({ action: 'Replaced', before: 'By hand', after: expect.stringMatching(/^By hand\\/) })]);
  });

  it('show what stands in a Sequence that is added', () => {
    expect(rowAt('(0012,0064)')).toMatchObject({ action: 'Added', after: '1 item' });
    expect(rowAt('(0012,0064)[1].(0008,0100)')).toMatchObject({ action: 'Added', depth: 2, after: '113100' });
  });

  it('show the dummy that stands in for a Sequence', () => {
    const content = sequence(TAG.ContentSequence, [item([element(0x0040a160, 'UT', 'Finding of Person')])]);
    const rows = rowsOf([content]).filter(({ path }) => path.startsWith('(0040,A730)'));
    expect(rows[0]).toMatchObject({ action: 'Replaced', before: '1 item', after: '1 item' });
    expect(rows.filter(({ action }) => action === 'Added').map(({ after }) => after)).toContain('ANONYMIZED');
    expect(rows.find(({ before }) => before === 'Finding of Person')).toMatchObject({ action: 'Removed', after: '' });
  });

  it('show the File Meta Information as it will be written', () => {
    const plan = plannerOf().plan(read(part10(minimalCt(), { meta: [element(0x00020016, 'AE', 'HERE')] })));
    const rows = inspect(plan);
    expect(rows.find(({ tag }) => tag === '(0002,0016)')).toMatchObject({ action: 'Removed', before: 'HERE', after: '' });
    expect(rows.find(({ tag }) => tag === '(0002,0003)')).toMatchObject({ action: 'Remapped', after: plan.instance.sopInstance });
  });

  it('flag a rule of the user that is weaker than the standard', () => {
    const rules = [{ match: { tag: 0x00100030 }, action: 'keep' as const }];
    expect(rowAt('(0010,0030)', [], { rules })).toMatchObject({ action: 'Kept', needsAttention: true });
    expect(rowAt('(0010,0030)').needsAttention).toBe(false);
  });

  it('flag a value that was to be kept and holds an identifier', () => {
    expect(rowAt('(0008,0070)', [element(0x00080070, 'LO', 'Maker of Referring')])).toMatchObject({ action: 'Cleaned', needsAttention: true });
  });
});

describe('values in a preview', () => {
  it('are decoded by the character set in force', () => {
    const elements = [element(TAG.SpecificCharacterSet, 'CS', 'ISO_IR 100'), element(0x00081030, 'LO', latin1('Nicolò'))];
    expect(rowAt('(0008,1030)', elements).before).toBe('Nicolò');
  });

  it('are numbers in either byte order', () => {
    const big = plannerOf().plan(read(part10(minimalCt(), { syntax: '1.2.840.10008.1.2.2' })));
    for (const plan of [big, plannerOf().plan(read(part10(minimalCt())))]) {
      expect(inspect(plan).find(({ tag }) => tag === '(0028,0010)')).toMatchObject({ before: '4', after: '4' });
    }
  });

  it('are length and digest where they are bytes, and equal bytes have equal digests', () => {
    const of = (bytes: number[]) => rowAt('(0028,3006)', [element(0x00283006, 'OW', Uint8Array.from(bytes))]).before;
    expect(of([1, 2, 3, 4])).toMatch(/^4 bytes, SHA-256 [0-9a-f]{8}$/);
    expect(of([1, 2, 3, 4])).toBe(of([1, 2, 3, 4]));
    expect(of([1, 2, 3, 4])).not.toBe(of([1, 2, 3, 5]));
  });

  it('are length alone for pixels, which are not read', () => {
    expect(rowAt('(7FE0,0010)')).toMatchObject({ before: '32 bytes', after: '32 bytes', action: 'Kept' });
  });

  it('are cut where they are very long', () => {
    const { before } = rowAt('(0008,1030)', [element(0x00081030, 'UT', 'x'.repeat(100_000))]);
    expect(before.length).toBeLessThan(10_000);
    expect(before.endsWith('…')).toBe(true);
  });
});

describe('a preview of the sample study', () => {
  it.each(sampleStudy().filter(({ path }) => !/IM000[2-8]$/.test(path)).map(({ path, bytes }, i) => [i, path.split('/').at(-2), bytes] as const))(
    'agrees with what is written, element by element: file %i, %s',
    (_, __, bytes) => {
      const choices: ProfileChoices = { options: ['clean-descriptors', 'clean-structured-content', 'retain-safe-private'] };
      const planner = plannerOf(choices);
      const promised = inspect(planner.plan(read(bytes))).filter(({ action, tag }) => action !== 'Removed' && tag !== '(0002,0000)');
      // The result read again, its own values in the column of what was before.
      const result = inspect(planner.plan(read(deidentify(bytes, planner).bytes))).filter(({ before, action, tag }) => (action !== 'Added' || before !== '') && tag !== '(0002,0000)');
      expect(result.map(({ tag, before }) => [tag, before])).toEqual(promised.map(({ tag, after }) => [tag, after]));
    },
  );
});
