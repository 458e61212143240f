import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawnBoxes, regionRule, seriesDigest } from '../../../src/anonymizer/pixels/drawn-regions.ts';
import { formatProfile, parseProfile } from '../../../src/anonymizer/profile-file.ts';
import { createProfile } from '../../../src/anonymizer/profile.ts';
import { element } from '../../../src/sample/part10.ts';
import { imageFile, type Look, open } from '../../fixtures/pixels.ts';

const LOOK: Look = { rows: 48, columns: 62, bitsAllocated: 8 };
const BOX = { x: 1, y: 2, width: 30, height: 4 };
const SERIES = '1.2.826.0.1.3680043.9.7.1';

function image(series = SERIES, look = LOOK, manufacturer = 'ACME ') {
  return open(imageFile(look, undefined, [element(0x00080070, 'LO', manufacturer), element(0x0020000e, 'UI', series)]));
}

describe('regions that were drawn', () => {
  it('hold for the images of the series, of the same device and layout, and for no others', () => {
    const rule = regionRule(image(), [BOX], 'Name', 'series');
    expect(drawnBoxes([rule], image())).toEqual([{ ...BOX, reason: 'Name' }]);
    expect(drawnBoxes([rule], image(`${SERIES}.2`))).toEqual([]);
    expect(drawnBoxes([rule], image(SERIES, { ...LOOK, rows: 50 }))).toEqual([]);
    expect(drawnBoxes([rule], image(SERIES, LOOK, 'OTHER'))).toEqual([]);
  });

  it('hold for every series of the device where that is asked for', () => {
    const rule = regionRule(image(), [BOX], '', 'device');
    expect(drawnBoxes([rule], image(`${SERIES}.2`))).toHaveLength(1);
    expect(drawnBoxes([rule], image(SERIES, LOOK, 'OTHER'))).toEqual([]);
  });

  it('stand in a profile without the UID of the series, and mean the same when it is read again', () => {
    const rule = regionRule(image(), [{ ...BOX, frames: [0, 2] }], 'Name', 'series');
    const text = formatProfile(createProfile({ regions: [rule] }));
    expect(text).not.toContain(SERIES);
    expect(parseProfile(text).regions).toEqual([rule]);
  });

  it('know a series by the beginning of SHA-256', () => {
    expect(seriesDigest(SERIES)).toBe(createHash('sha256').update(SERIES).digest('hex').slice(0, 12));
  });

  it('do not care for case and padding of values', () => {
    const rule = { when: [{ tag: 0x00080070, value: ' acme' }], boxes: [BOX], reason: '' };
    expect(drawnBoxes([rule], image())).toHaveLength(1);
  });
});
