import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { privateElement } from '../../../src/anonymizer/dicom/private-dictionary.ts';

const SOURCE = new URL('../../../../shared/standard/ps3.15-table-e3.10-1.json', import.meta.url);
const hasSource = existsSync(SOURCE);
if (!hasSource) console.warn('skipped: ../shared/standard is not there, private elements are not compared with PS3.15');

describe('a private element', () => {
  it('is known by creator, group and low byte, whatever its block', () => {
    for (const tag of [0x70531000, 0x70534200, 0x7053ff00]) {
      expect(privateElement('Philips PET Private Group', tag)?.vr).toBe('DS');
    }
    expect(privateElement('Philips PET Private Group', 0x70511000)).toBeUndefined();
  });

  it('is known beyond the safe list: the CSA headers of Siemens', () => {
    expect(privateElement('SIEMENS CSA HEADER', 0x00291010)?.vr).toBe('OB');
    expect(privateElement('SIEMENS CSA HEADER', 0x00291008)?.vr).toBe('CS');
  });

  it('is found with spaces around the creator, and with those inside it', () => {
    expect(privateElement(' GEMS_ACQU_01 ', 0x00191023)?.vr).toBe('DS');
    expect(privateElement('SIEMENS CT VA0  COAD', 0x00191010)).toBeDefined();
    expect(privateElement('SIEMENS CT VA0 COAD', 0x00191010)).toBeUndefined();
  });

  it('is not known under another creator, or none', () => {
    expect(privateElement('SOMEBODY ELSE', 0x00191023)).toBeUndefined();
    expect(privateElement('', 0x00191023)).toBeUndefined();
    expect(privateElement('constructor', 0x00191023)).toBeUndefined();
  });

  it('is no Private Creator, no standard element and nothing outside a block', () => {
    expect(privateElement('GEMS_ACQU_01', 0x00190023)).toBeUndefined();
    expect(privateElement('GEMS_ACQU_01', 0x00180023)).toBeUndefined();
    expect(privateElement('GEMS_ACQU_01', 0x00190123)).toBeUndefined();
  });

  it('is known in the odd groups of a range', () => {
    expect(privateElement('PAPYRUS 3.0', 0x60011010)?.vr).toBe('US');
    expect(privateElement('PAPYRUS 3.0', 0x60ff10c0)?.vr).toBe('SQ');
    expect(privateElement('PAPYRUS 3.0', 0x61011010)).toBeUndefined();
  });

  it('is left unknown where one low byte has two VRs in two blocks of its creator', () => {
    expect(privateElement('PHILIPS MR/PART', 0x00191000)).toBeUndefined();
  });

  it.skipIf(!hasSource)('agrees with every row of Table E.3.10-1', () => {
    const { rows } = JSON.parse(readFileSync(SOURCE, 'utf8')) as {
      rows: { group: string; element: string; creator: string; vr: string | null; meaning: string }[];
    };
    expect(rows).toHaveLength(479);
    for (const { group, element, creator, vr, meaning } of rows) {
      const known = privateElement(creator, Number.parseInt(`${group}21${element}`, 16));
      expect(known, `${creator} ${group} ${element}`).toEqual({ vr: vr === 'OW/OB' ? 'OW' : (vr ?? 'UN'), name: meaning });
    }
  });
});
