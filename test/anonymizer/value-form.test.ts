import { describe, expect, it } from 'vitest';
import { DICTIONARY_VR } from '../../src/anonymizer/dicom/data/dictionary-vr.ts';
import { DICTIONARY_NAMES } from '../../src/anonymizer/dicom/data/dictionary-names.ts';
import type { Tag } from '../../src/anonymizer/dicom/tag.ts';
import { MANY_NUMBERS } from '../../src/anonymizer/value-form.ts';
import { element } from '../../src/sample/part10.ts';
import { bare, EXPLICIT, type FixtureElement, item, latin1, part10, raw, sequence } from '../fixtures/data-set.ts';
import { deidentify, plannerWith } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { see } from '../fixtures/second-reader.ts';

const holds = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text, 0, 'latin1');

/** A value whose length covers the element behind it, which holds the patient's name, so that no reader sees that one. */
function swallowing(tag: Tag, vr: 'CS' | 'LO' | 'DS' | 'US' | 'SH' | 'FD', value: string): FixtureElement {
  const swallowed = bare([element(0x00100010, 'PN', 'Swallowed^Person'), element(0x00100020, 'LO', 'X'.repeat(48))], EXPLICIT);
  return raw(tag, vr, value.length + swallowed.length, new Uint8Array(Buffer.concat([latin1(value), swallowed])));
}

describe('a length that covers the elements behind it', () => {
  it.each([
    ['a Specific Character Set', swallowing(0x00080005, 'CS', 'ISO_IR 100')],
    ['the number of rows', swallowing(0x00280010, 'US', '\x04\0')],
    ['a number of group 0018', swallowing(0x00189073, 'FD', '\0'.repeat(8))],
    ['the photometric interpretation', swallowing(0x00280004, 'CS', 'MONOCHROME2 ')],
  ])('of %s is damage', (_name, lying) => {
    const source = part10(minimalCt([lying], [0x00100010, 0x00100020]));
    expect(holds(source, 'Swallowed')).toBe(true);
    expect(() => deidentify(source)).toThrow(expect.objectContaining({ code: 'damaged' }) as Error);
  });

  it.each([
    ['a manufacturer', swallowing(0x00080070, 'LO', 'Maker ')],
    ['a modality', swallowing(0x00080060, 'CS', 'CT')],
    ['a software version', swallowing(0x00181020, 'LO', 'v1')],
    ['a number in text', swallowing(0x00180050, 'DS', '5 ')],
  ])('of %s leaves nothing of them', (_name, lying) => {
    for (const planner of [plannerWith(), plannerWith('retain-safe-private', 'retain-device-identity', 'clean-descriptors', 'clean-structured-content')]) {
      const { bytes } = deidentify(part10(minimalCt([lying], [0x00100010, 0x00100020])), planner);
      expect(holds(bytes, 'Swallowed')).toBe(false);
    }
  });

  it('is not what padding with zeros is', () => {
    const { bytes } = deidentify(part10(minimalCt([element(0x00080070, 'LO', latin1('Maker\0\0\0')), element(0x00080005, 'CS', latin1('ISO_IR 100\0\0'))])));
    expect(see(bytes).text('00080070')).toBe('Maker');
  });
});

describe('a UID in the place of a coded string, as where a bit of its tag was turned', () => {
  it.each(['1.2.826.0.1.9973551.775653189v37566684519', 'ORIGINAL\\1.2.826.0.1.9973551.77'])('is not kept: %s', (value) => {
    const { bytes } = deidentify(part10(minimalCt([element(0x00080008, 'CS', value)])));
    expect(holds(bytes, '9973551')).toBe(false);
    expect(see(bytes).text('00080008')).not.toBe('');
  });

  it('is damage where it stands for what describes the pixels', () => {
    expect(() => deidentify(part10(minimalCt([element(0x00280004, 'CS', '1.2.826.0.1.9973551.77')])))).toThrow(expect.objectContaining({ code: 'damaged' }) as Error);
  });

  it.each(['ORIGINAL\\PRIMARY\\AXIAL', 'V1.2.3', 'FFS_1.5'])('is not what versions and numbers are: %s', (value) => {
    expect(see(deidentify(part10(minimalCt([element(0x00080008, 'CS', value)]))).bytes).text('00080008')).toContain(value.slice(0, 3));
  });
});

describe('a Specific Character Set', () => {
  it.each(['', 'ISO_IR 100', 'ISO 2022 IR 6\\ISO 2022 IR 87', '\\ISO 2022 IR 149', 'GB18030', 'iso-ir 100', 'UTF-8', 'ISO_IR_192'])('may be %j', (value) => {
    expect(() => deidentify(part10(minimalCt([element(0x00080005, 'CS', value)])))).not.toThrow();
  });

  it.each(['Swallowed^Person', 'a set that is longer than a CS', 'ISO_IR 100\\(a remark)'])('is none where it reads %j', (value) => {
    expect(() => deidentify(part10(minimalCt([element(0x00080005, 'CS', value)])))).toThrow('no Specific Character Set by its form');
  });
});

describe('an identifying attribute with the VR of something else', () => {
  it.each([
    ['a SOP Instance UID as a date', 0x00080018, 'DT'], ['a SOP Instance UID as text', 0x00080018, 'LT'], ['a Study Instance UID as text', 0x0020000d, 'LO'],
    ['a SOP Class UID as a date', 0x00080016, 'DA'], ['a reference as text', 0x00081155, 'SH'],
  ] as const)('%s is damage, since what stands in its place would be no UID', (_name, tag, vr) => {
    for (const planner of [plannerWith(), plannerWith('retain-uids', 'retain-longitudinal-modified-dates', 'clean-descriptors')]) {
      const source = part10(minimalCt([element(tag, vr, latin1('1.2.840.10008.5.1.4.1.1.2 '))]));
      expect(() => deidentify(source, planner)).toThrow(expect.objectContaining({ code: 'damaged', tag }) as Error);
    }
  });

  it.each([['a Patient ID as binary numbers', 0x00100020, 'SL'], ['a Study ID as a float', 0x00200010, 'FD'], ['an Accession Number as a UID', 0x00080050, 'UI']] as const)('%s goes', (_name, tag, vr) => {
    const { bytes } = deidentify(part10(minimalCt([raw(tag, vr, 8, latin1('JOHNSON1'))])));
    expect(see(bytes).has(tag.toString(16).padStart(8, '0').toUpperCase())).toBe(false);
    expect(holds(bytes, 'JOHNSON')).toBe(false);
  });
});

describe('a nested Patient ID as binary numbers', () => {
  it('goes as well', () => {
    const nested = sequence(0x00186011, [item([raw(0x00100020, 'UL', 8, latin1('JOHNSON1'))])]);
    const seen = see(deidentify(part10(minimalCt([nested]))).bytes);
    expect(seen.items('00186011')).toBe(1);
    expect(seen.has('00186011/0/00100020')).toBe(false);
  });
});

describe('the list of attributes with many numbers', () => {
  it('is what PS3.6 says: binary numbers whose Value Multiplicity lets them be longer than 64 bytes', () => {
    const sizes: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4, SV: 8, UV: 8 };
    const vrs = new Map<string, string>();
    for (const line of DICTIONARY_VR.trim().split('\n')) for (let at = 5; at < line.length; at += 7) vrs.set(line.slice(0, 4) + line.slice(at, at + 4), line.slice(at + 4, at + 6));
    const expected = DICTIONARY_NAMES.trim().split('\n').map((line) => line.split(' ')).filter(([tag, , multiplicity]) => {
      const size = sizes[vrs.get(tag) ?? ''];
      const most = /n|^-$/.test(multiplicity) ? Number.POSITIVE_INFINITY : Math.max(...multiplicity.split(/-|_or_/).map(Number));
      return size !== undefined && most * size > 64;
    });
    expect([...MANY_NUMBERS].sort((a, b) => a - b)).toEqual(expected.map(([tag]) => Number.parseInt(tag, 16)).sort((a, b) => a - b));
  });
});
