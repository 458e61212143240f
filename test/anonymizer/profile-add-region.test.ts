import { describe, expect, it } from 'vitest';
import { addRegion } from '../../src/anonymizer/profile-add-region.ts';
import { parseProfile } from '../../src/anonymizer/profile-file.ts';
import type { RegionRule } from '../../src/anonymizer/profile.ts';

const rule = (x: number, series?: string): RegionRule => ({
  when: [{ tag: 0x00080060, value: 'US' }, { tag: 0x00280010, value: '480' }], ...(series === undefined ? {} : { series }), boxes: [{ x, y: 0, width: 30, height: 10 }], reason: 'Drawn by hand',
});

describe('a region that is added to a profile', () => {
  it('stands in it with the option that it needs', () => {
    for (const text of ['', '# nothing yet\n', 'name: Mine\n', 'options: []\nregions: []\n']) {
      const { regions, options } = parseProfile(addRegion(text, rule(1)));
      expect(regions).toEqual([rule(1)]);
      expect([...options]).toEqual(['clean-pixel-data']);
    }
  });

  it('leaves everything else as it was, remarks too', () => {
    const text = '# Ours\nname: Mine # for the trial\noptions:\n  - clean-descriptors # asked for\nrules:\n  # the coil\n  - keyword: ReceiveCoilName\n    action: keep\n';
    const added = addRegion(text, rule(1));
    for (const part of ['# Ours', '# for the trial', '# asked for', '# the coil']) expect(added).toContain(part);
    expect(parseProfile(added)).toMatchObject({ name: 'Mine', rules: parseProfile(text).rules, regions: [rule(1)] });
    expect([...parseProfile(added).options]).toEqual(['clean-descriptors', 'clean-pixel-data']);
  });

  it('replaces the one for the same images and no other', () => {
    const text = [rule(1), rule(2, '0123456789ab'), rule(3, 'ba9876543210')].reduce(addRegion, '');
    expect(parseProfile(addRegion(text, rule(9, '0123456789ab'))).regions).toEqual([rule(1), rule(9, '0123456789ab'), rule(3, 'ba9876543210')]);
  });

  it('is the same in a profile written as JSON', () => {
    const text = '{"name": "Mine", "options": ["clean-descriptors"], "rules": []}';
    expect(parseProfile(addRegion(text, rule(4))).regions).toEqual([rule(4)]);
  });

  it('is refused where the profile has mistakes', () => {
    expect(() => addRegion('optoins: []\n', rule(1))).toThrow('line 1');
  });
});
