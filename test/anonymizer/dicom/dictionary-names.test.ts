import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeTag, tagOfKeyword } from '../../../src/anonymizer/dicom/dictionary-names.ts';

const SOURCE = new URL('../../../../shared/standard/dicom-dictionary-ps3.6-2026c.json', import.meta.url);
const hasSource = existsSync(SOURCE);
if (!hasSource) console.warn('skipped: ../shared/standard is not there, the names are not compared with PS3.6');

describe('the description of a tag', () => {
  it('has keyword, name and Value Multiplicity as PS3.6 writes them', () => {
    expect(describeTag(0x00100010)).toEqual({ keyword: 'PatientName', name: "Patient's Name", vm: '1', retired: false });
    expect(describeTag(0x00280030)).toEqual({ keyword: 'PixelSpacing', name: 'Pixel Spacing', vm: '2', retired: false });
    expect(describeTag(0x00080008)?.vm).toBe('2-n');
  });

  it('says what is retired', () => {
    expect(describeTag(0x00184000)).toEqual({ keyword: 'AcquisitionComments', name: 'Acquisition Comments', vm: '1', retired: true });
  });

  it('keeps spaces in the Value Multiplicity and letters beyond ASCII in the name', () => {
    expect(describeTag(0x00283006)?.vm).toBe('1-n or 1');
    expect(describeTag(0x00181153)?.name).toBe('Exposure in µAs');
  });

  it('is the same for each repeating group, and absent beyond them', () => {
    const overlayData = { keyword: 'OverlayData', name: 'Overlay Data', vm: '1', retired: false };
    expect(describeTag(0x60003000)).toEqual(overlayData);
    expect(describeTag(0x601e3000)).toEqual(overlayData);
    expect(describeTag(0x60203000)).toBeUndefined();
    expect(describeTag(0x60013000)).toBeUndefined();
  });

  it('covers what Table E.1-1 of a later edition adds, with its Value Multiplicity unknown', () => {
    expect(describeTag(0x3004007f)).toMatchObject({ keyword: 'DoseCalculationModelName', vm: '' });
  });

  it('is absent for private elements and unregistered tags', () => {
    expect(describeTag(0x00091001)).toBeUndefined();
    expect(describeTag(0x0008fffe)).toBeUndefined();
  });
});

describe('the tag of a keyword', () => {
  it('is found by the exact keyword alone', () => {
    expect(tagOfKeyword('PatientID')).toBe(0x00100020);
    expect(tagOfKeyword('patientid')).toBeUndefined();
    expect(tagOfKeyword('Patient ID')).toBeUndefined();
    expect(tagOfKeyword('')).toBeUndefined();
  });

  it('is that of the first group for a repeating group', () => {
    expect(tagOfKeyword('OverlayData')).toBe(0x60003000);
    expect(tagOfKeyword('CurveLabel')).toBe(0x50002500);
  });

  it('is absent for a family that repeats in the element number', () => {
    expect(tagOfKeyword('EscapeTriplet')).toBeUndefined();
  });

  it('does not fall for names that every object has', () => {
    expect(tagOfKeyword('constructor')).toBeUndefined();
  });

  it.skipIf(!hasSource)('leads there and back for every entry of PS3.6', () => {
    const { entries } = JSON.parse(readFileSync(SOURCE, 'utf8')) as {
      entries: Record<string, [string, string, string, string, number]>;
    };
    for (const [digits, [keyword, , vm, name, retired]] of Object.entries(entries)) {
      if (keyword === '' || digits.includes('x')) continue;
      const tag = Number.parseInt(digits, 16);
      expect(tagOfKeyword(keyword), digits).toBe(tag);
      expect(describeTag(tag), digits).toEqual({ keyword, name, vm, retired: retired === 1 });
    }
  });
});
