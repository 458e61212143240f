import { describe, expect, it } from 'vitest';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { createProfile, OPTION_NAMES, OPTIONS, ProfileError, type OptionName } from '../../src/anonymizer/profile.ts';
import { element } from '../../src/sample/part10.ts';
import { bare, EXPLICIT, part10, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify, plannerOf, plannerWith } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { holds, see } from '../fixtures/second-reader.ts';

/** What the result must carry (PS3.15 E.1.1, E.2, E.3.6). */

const WORKING = OPTION_NAMES.filter((name) => name !== 'clean-pixel-data' && name !== 'clean-recognizable-visual-features');

function result(changes: readonly FixtureElement[] = [], ...options: OptionName[]) {
  return see(deidentify(part10(minimalCt(changes)), plannerWith(...options)).bytes);
}

const codesOf = (seen: ReturnType<typeof see>) => Array.from({ length: seen.items('00120064') ?? 0 }, (_, i) => seen.text(`00120064/${i}/00080100`));

describe('the record of the de-identification', () => {
  it('says that the identity is removed, whatever was said before', () => {
    expect(result().text('00120062')).toBe('YES');
    expect(result([element(0x00120062, 'CS', 'NO')]).text('00120062')).toBe('YES');
  });

  it('names profile and edition in values of at most 64 characters', () => {
    const text = result([], ...WORKING.filter((name) => name !== 'retain-longitudinal-full-dates')).text('00120063') ?? '';
    expect(text).toMatch(/2026d/);
    expect(text.split('\\').every((value) => value.length > 0 && value.length <= 64)).toBe(true);
  });

  it('keeps what an earlier de-identification said of itself', () => {
    const seen = result([element(0x00120063, 'LO', 'Earlier method, 2019\\Second step')]);
    expect(seen.text('00120063')?.split('\\').slice(0, 2)).toEqual(['Earlier method, 2019', 'Second step']);
  });

  it('does not repeat an identifier that stood in the earlier method', () => {
    const { bytes } = deidentify(part10(minimalCt([element(0x00120063, 'LO', 'By Referring on request')])));
    expect(see(bytes).text('00120063')).toMatch(/on request/);
    expect(holds(bytes, 'Referring')).toBe(false);
  });

  it('holds one code of CID 7050 for the profile alone', () => {
    expect(codesOf(result())).toEqual(['113100']);
  });

  it.each(WORKING)('holds the code of CID 7050 of %s beside that of the profile', (option) => {
    const seen = result([], option);
    expect(codesOf(seen)).toEqual(['113100', OPTIONS[option].code]);
    expect(seen.text('00120064/1/00080102')).toBe('DCM');
    expect(seen.text('00120064/1/00080104')?.toLowerCase()).toContain(OPTIONS[option].title.toLowerCase().split(' with ')[0]);
  });

  it('says REMOVED, UNMODIFIED or MODIFIED of the dates', () => {
    expect(result().text('00280303')).toBe('REMOVED');
    expect(result([], 'retain-longitudinal-full-dates').text('00280303')).toBe('UNMODIFIED');
    expect(result([], 'retain-longitudinal-modified-dates').text('00280303')).toBe('MODIFIED');
  });

  it('does not call dates unmodified that were modified before', () => {
    expect(result([element(0x00280303, 'CS', 'MODIFIED')], 'retain-longitudinal-full-dates').text('00280303')).toBe('MODIFIED');
  });

  it('says nothing new of burned-in text and faces, which were not treated', () => {
    expect(result().has('00280301')).toBe(false);
    expect(result().has('00280302')).toBe(false);
    expect(result([element(0x00280301, 'CS', 'YES')]).text('00280301')).toBe('YES');
  });

  it('stands in the order of tags', () => {
    const tags = result([], ...['clean-descriptors', 'retain-uids'] as const).tags();
    expect(tags).toEqual([...tags].sort());
  });
});

describe('file meta and preamble', () => {
  const preamble = Uint8Array.from(Buffer.from('Preamble of Person'));
  const meta = [
    element(0x00020016, 'AE', 'SOURCE_AE'), element(0x00020017, 'AE', 'SENDING_AE'), element(0x00020018, 'AE', 'RECEIVING_AE'),
    element(0x00020026, 'UR', 'dicom://source.example'), element(0x00020027, 'UR', 'dicom://sending.example'), element(0x00020028, 'UR', 'dicom://receiving.example'),
    element(0x00020100, 'UI', '1.2.3.99'), element(0x00020102, 'OB', Uint8Array.from(Buffer.from('private information'))),
  ];
  const source = part10(minimalCt(), { preamble, meta });
  const { bytes } = deidentify(source);

  it('are new: nothing of the source is left in them', () => {
    for (const telling of ['Preamble', 'SOURCE_AE', 'SENDING_AE', 'RECEIVING_AE', '.example', '1.2.3.99', 'private information']) {
      expect(holds(source, telling), telling).toBe(true);
      expect(holds(bytes, telling), telling).toBe(false);
    }
    expect(bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
  });

  it('name the new instance, the class, and an implementation of their own', () => {
    const seen = see(bytes);
    expect(seen.text('00020003')).toBe(seen.text('00080018'));
    expect(seen.text('00020002')).toBe(seen.text('00080016'));
    expect(seen.text('00020012')).toMatch(/^2\.25\.\d+$/);
    expect(seen.text('00020012')).not.toBe(see(source).text('00020012'));
    expect(seen.text('00020013')?.length).toBeLessThanOrEqual(16);
  });

  it('count their own length', () => {
    const length = Buffer.from(see(bytes).bytes('00020000') ?? []).readUInt32LE();
    expect(Buffer.from(bytes).readUInt16LE(132 + 12 + length)).toBe(8);
  });

  it('are made for a data set that had none', () => {
    const { bytes: made } = deidentify(bare(minimalCt(), EXPLICIT));
    expect(Buffer.from(made).toString('latin1', 128, 132)).toBe('DICM');
    expect(see(made).text('00020010')).toBe('1.2.840.10008.1.2.1');
  });

  it('name an instance even where the source named none', () => {
    const { bytes: made } = deidentify(part10(minimalCt([], [0x00080018])));
    expect(see(made).text('00020003')).toMatch(/^2\.25\.\d+$/);
    expect(see(made).text('00080018')).toBe(see(made).text('00020003'));
  });
});

describe('what has no place in the result', () => {
  it('group lengths go, and only that of the meta is counted anew', () => {
    const seen = result([element(0x00080000, 'UL', [100]), element(0x00280000, 'UL', [100])]);
    expect(seen.has('00080000') || seen.has('00280000')).toBe(false);
    expect(seen.has('00020000')).toBe(true);
  });

  it('trailing padding and bytes after the last element go', () => {
    const padded = part10([...minimalCt(), element(0xfffcfffc, 'OB', Uint8Array.from(Buffer.from('padding with a name!')))]);
    expect(holds(deidentify(padded).bytes, 'padding with')).toBe(false);
    const after = new Uint8Array(Buffer.concat([part10(minimalCt()), new Uint8Array(64)]));
    expect(deidentify(after).bytes.length).toBe(deidentify(part10(minimalCt())).bytes.length);
  });

  it('signatures and their parameters go at every level', () => {
    const signed = result([element(0x4ffe0001, 'SQ', [[element(0x04000005, 'US', [1])]]), element(0xfffafffa, 'SQ', [[element(0x04000005, 'US', [1])]])]);
    expect(signed.has('4FFE0001') || signed.has('FFFAFFFA')).toBe(false);
    const nested = result([element(0x00082218, 'SQ', [[element(0x4ffe0001, 'SQ', [[]]), element(0xfffafffa, 'SQ', [[]])]])]);
    expect(nested.tags('00082218/0')).toEqual([]);
  });

  it('directory elements go', () => {
    expect(result([element(0x00041500, 'CS', 'PATIENT1\\IM1')]).has('00041500')).toBe(false);
  });
});

describe('what is refused', () => {
  const refusalOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof DicomError) return error.code;
      throw error;
    }
    return 'not refused';
  };

  it('private SOP Classes, for which de-identification is not defined', () => {
    expect(refusalOf(() => deidentify(part10(minimalCt([element(0x00080016, 'UI', '1.2.826.0.1.3680043.2.1')]))))).toBe('private-sop-class');
  });

  it('private Transfer Syntaxes', () => {
    const encoding = { implicit: false, littleEndian: true };
    expect(refusalOf(() => deidentify(part10(minimalCt(), { syntax: '1.2.3.4', encoding })))).toBe('unsupported-transfer-syntax');
  });

  it('a DICOMDIR, which is rebuilt and not copied', () => {
    expect(refusalOf(() => deidentify(part10([element(0x00080016, 'UI', '1.2.840.10008.1.3.10'), element(0x00041130, 'CS', 'SET')])))).toBe('unsafe');
  });

  it('full and modified dates at once', () => {
    expect(() => createProfile({ options: ['retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates'] })).toThrow(ProfileError);
  });

  it('an option that does not exist, with the list of those that do', () => {
    expect(() => createProfile({ options: ['retain-everything'] })).toThrow(/retain-everything.*clean-descriptors/);
  });

  it('cleaning of recognizable features, as long as it does nothing', () => {
    expect(() => createProfile({ options: ['clean-recognizable-visual-features'] })).toThrow(/does not work yet/);
  });

  it('a key of the wrong length', () => {
    expect(() => plannerOf({}, new Uint8Array(16))).toThrow(RangeError);
  });
});
