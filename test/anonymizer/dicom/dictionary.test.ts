import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vrOfTag } from '../../../src/anonymizer/dicom/dictionary.ts';
import { VRS } from '../../../src/anonymizer/dicom/vr.ts';

const SOURCE = new URL('../../../../shared/standard/dicom-dictionary-ps3.6-2026c.json', import.meta.url);
const hasSource = existsSync(SOURCE);
if (!hasSource) console.warn('skipped: ../shared/standard is not there, the dictionary is not compared with PS3.6');

/** What implicit VR encoding takes where PS3.6 leaves a choice (PS3.5 A.1). */
const CHOICES: Record<string, string> = { 'US/SS': 'US', 'OB/OW': 'OW', 'US/SS/OW': 'OW', 'US/OW': 'OW' };

describe('the VR of a tag', () => {
  it.each([
    ['Patient’s Name', 0x00100010, 'PN'],
    ['SOP Instance UID', 0x00080018, 'UI'],
    ['Acquisition DateTime', 0x0008002a, 'DT'],
    ['Patient’s Age', 0x00101010, 'AS'],
    ['Referenced Image Sequence', 0x00081140, 'SQ'],
    ['Rows', 0x00280010, 'US'],
    ['File Meta Information Version', 0x00020001, 'OB'],
    ['Data Set Trailing Padding', 0xfffcfffc, 'OB'],
    ['Frame Increment Pointer', 0x00280009, 'AT'],
    ['Retrieve URL', 0x00081190, 'UR'],
    ['Gender Identity Sequence, younger than most dictionaries', 0x00100041, 'SQ'],
  ])('of %s is the one of PS3.6', (_, tag, vr) => {
    expect(vrOfTag(tag)).toBe(vr);
  });

  it('is that of implicit VR where PS3.6 leaves a choice', () => {
    expect(vrOfTag(0x7fe00010)).toBe('OW');
    expect(vrOfTag(0x00280106)).toBe('US');
    expect(vrOfTag(0x00283006)).toBe('OW');
  });

  it('is UL for a group length of any group but 0000', () => {
    for (const tag of [0x00020000, 0x00080000, 0x00090000, 0x10000000, 0x60020000]) expect(vrOfTag(tag)).toBe('UL');
  });

  it('is LO for a Private Creator and unknown for a private element', () => {
    expect(vrOfTag(0x00090010)).toBe('LO');
    expect(vrOfTag(0x60010010)).toBe('LO');
    expect(vrOfTag(0x002900ff)).toBe('LO');
    expect(vrOfTag(0x00091001)).toBeUndefined();
    expect(vrOfTag(0x0009000f)).toBeUndefined();
  });

  it('is the same in all 16 even groups of overlays and curves, and in no other group', () => {
    for (let i = 0; i < 0x100; i++) {
      const repeats = i <= 0x1e && i % 2 === 0;
      const creator = i % 2 === 1;
      expect(vrOfTag(0x60003000 + i * 0x10000), `group 60 ${i}`).toBe(repeats ? 'OW' : undefined);
      expect(vrOfTag(0x60000022 + i * 0x10000), `group 60 ${i}`).toBe(repeats || creator ? 'LO' : undefined);
      expect(vrOfTag(0x50000103 + i * 0x10000), `group 50 ${i}`).toBe(repeats ? 'US' : undefined);
    }
  });

  it('is known for the retired families whose element number repeats', () => {
    expect(vrOfTag(0x00203105)).toBe('CS');
    expect(vrOfTag(0x00280412)).toBe('LO');
    expect(vrOfTag(0x002804f3)).toBe('AT');
    expect(vrOfTag(0x10001231)).toBe('US');
    expect(vrOfTag(0x10100abc)).toBe('US');
    expect(vrOfTag(0x7f020010)).toBe('OW');
    expect(vrOfTag(0x7f030020)).toBe('LO');
    expect(vrOfTag(0x7f031020)).toBeUndefined();
  });

  it('is that of the plain tag where a family covers it as well', () => {
    expect(vrOfTag(0x00280400)).toBe('LO');
    expect(vrOfTag(0x00280402)).toBe('US');
    expect(vrOfTag(0x00280403)).toBe('LO');
  });

  it('is unknown for Items, for commands and for what is not registered', () => {
    for (const tag of [0xfffee000, 0xfffee00d, 0xfffee0dd, 0x00000000, 0x00001000, 0x0008fffe, 0x12340001]) {
      expect(vrOfTag(tag)).toBeUndefined();
    }
  });

  it.skipIf(!hasSource)('agrees with PS3.6 in every entry', () => {
    const { entries } = JSON.parse(readFileSync(SOURCE, 'utf8')) as { entries: Record<string, [string, string]> };
    expect(Object.keys(entries)).toHaveLength(5309);
    for (const [digits, [, vr]] of Object.entries(entries)) {
      // A digit that keeps the group even, the family within its 16 groups and the element off the plain tags.
      const tag = Number.parseInt(digits.replace(/^(..)xx/, '$102').replace(/x/g, '5'), 16);
      expect(vrOfTag(tag), digits).toBe(vr === '' ? undefined : (CHOICES[vr] ?? vr));
    }
  });

  it('is one that PS3.5 defines', () => {
    const known = new Set<string | undefined>([...VRS, undefined]);
    for (let element = 0; element < 0x10000; element++) {
      for (const group of [0x0008, 0x0010, 0x0018, 0x0028, 0x0040, 0x300a]) {
        const vr = vrOfTag(group * 0x10000 + element);
        if (!known.has(vr)) expect.fail(`${vr} in group ${group.toString(16)}`);
      }
    }
  });
});
