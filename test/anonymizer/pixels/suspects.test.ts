import { describe, expect, test } from 'vitest';
import { deviceFindings } from '../../../src/anonymizer/pixels/device-rules.ts';
import { burnedInRisk } from '../../../src/anonymizer/pixels/risk.ts';
import { outsideUltrasoundRegions } from '../../../src/anonymizer/pixels/ultrasound.ts';
import { burnedInUltrasoundFile, ultrasoundFile } from '../../../src/sample/ultrasound.ts';
import { element } from '../../../src/sample/part10.ts';
import { part10 } from '../../fixtures/data-set.ts';
import { minimalCt, minimalSecondaryCapture } from '../../fixtures/instances.ts';
import { open } from '../../fixtures/pixels.ts';

describe('rules of devices', () => {
  test('a dose report of a GE scanner is known by maker, modality and description, and its band is given', () => {
    const dataSet = open(part10(minimalCt([element(0x00080070, 'LO', 'GE MEDICAL SYSTEMS'), element(0x0008103e, 'LO', 'Dose Report')])));
    expect(deviceFindings(dataSet, 512, 512).regions).toContainEqual({ x: 0, y: 0, width: 512, height: 110, reason: 'device-rule', note: 'Dose Report' });
  });

  test('a region is cut to the image that it is for', () => {
    const dataSet = open(part10(minimalCt([element(0x00080070, 'LO', 'GE MEDICAL SYSTEMS'), element(0x0008103e, 'LO', 'Dose Report')])));
    for (const { width, height } of deviceFindings(dataSet, 64, 32).regions) expect([width, height]).toEqual([64, 32]);
  });

  test('an ordinary slice of another maker meets no rule', () => {
    expect(deviceFindings(open(part10(minimalCt())), 512, 512)).toEqual({ regions: [], flags: [] });
  });
});

describe('ultrasound', () => {
  test('the band above the calibrated region is suspect, and nothing inside it', () => {
    const outside = outsideUltrasoundRegions(open(ultrasoundFile()), 320, 240);
    expect(outside).toEqual([{ x: 0, y: 0, width: 320, height: 44, reason: 'outside-ultrasound-regions', note: 'Outside the calibrated ultrasound regions' }]);
  });

  test('without calibrated regions nothing is said of the rest', () => {
    expect(outsideUltrasoundRegions(open(part10(minimalSecondaryCapture())), 4, 4)).toEqual([]);
  });
});

describe('risk of burned-in text', () => {
  const risk = (file: Uint8Array) => burnedInRisk(open(file)).level;

  test('Burned In Annotation YES is a high risk wherever it stands', () => {
    expect(risk(burnedInUltrasoundFile())).toBe('high');
    expect(risk(part10(minimalCt([element(0x00280301, 'CS', 'YES')])))).toBe('high');
  });

  test('a capture of a screen is a high risk, one that is declared to be clean a low one', () => {
    expect(risk(part10(minimalSecondaryCapture()))).toBe('high');
    expect(risk(part10(minimalSecondaryCapture([element(0x00280301, 'CS', 'NO')])))).toBe('low');
  });

  test('a slice is none, and one that says SCREEN SAVE is high', () => {
    expect(risk(part10(minimalCt()))).toBe('none');
    expect(risk(part10(minimalCt([element(0x00080008, 'CS', 'DERIVED\\SECONDARY\\SCREEN SAVE')])))).toBe('high');
  });

  test('what it says holds no value of the file', () => {
    for (const reason of burnedInRisk(open(burnedInUltrasoundFile())).reasons) expect(reason).not.toMatch(/SONDA|ECO IMM/);
  });
});
