import { describe, expect, it } from 'vitest';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { element, reference } from '../../src/sample/part10.ts';
import { item, part10, sequence, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify, plannerWith } from '../fixtures/deidentify.ts';
import { minimalCt, SOP_CLASS_UID } from '../fixtures/instances.ts';
import { see } from '../fixtures/second-reader.ts';

/** Where Table E.1-1 and the IODs of PS3.3 disagree, nothing of the source is left and the instance stays valid. */

const SOP_CLASS = {
  presentationState: '1.2.840.10008.5.1.4.1.1.11.1', hangingProtocol: '1.2.840.10008.5.1.4.38.1', enhancedMr: '1.2.840.10008.5.1.4.1.1.4.1',
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4', report: '1.2.840.10008.5.1.4.1.1.88.11',
};

function result(sopClass: string, changes: readonly FixtureElement[], ...options: OptionName[]) {
  return see(deidentify(part10(minimalCt([element(0x00080016, 'UI', sopClass), ...changes])), plannerWith(...options)).bytes);
}

describe('what an IOD requires', () => {
  it('Content Date and Time of multi-frame functional groups get a dummy', () => {
    const seen = result(SOP_CLASS.enhancedMr, [element(0x00080023, 'DA', '20010203'), element(0x00080033, 'TM', '112233')]);
    expect(seen.text('00080023')).toMatch(/^\d{8}$/);
    expect(seen.text('00080023')).not.toBe('20010203');
    expect(seen.text('00080033')).toMatch(/^\d{6}/);
    expect(seen.text('00080033')).not.toBe('112233');
  });

  it('the creation of a presentation state gets a dummy, and goes from an image', () => {
    const created = [element(0x00700082, 'DA', '20010203'), element(0x00700083, 'TM', '112233')];
    const seen = result(SOP_CLASS.presentationState, created);
    expect(seen.text('00700082')).toMatch(/^\d{8}$/);
    expect(seen.text('00700082')).not.toBe('20010203');
    expect(seen.text('00700083')).not.toBe('112233');
    expect(result(SOP_CLASS_UID.ct, created).has('00700082')).toBe(false);
  });

  it('the reason of a hanging protocol is emptied, and goes from an image', () => {
    const reason = [sequence(0x0040100a, [item([element(0x00080104, 'LO', 'Accident at home')])])];
    expect(result(SOP_CLASS.hangingProtocol, reason).items('0040100A')).toBe(0);
    expect(result(SOP_CLASS_UID.ct, reason).has('0040100A')).toBe(false);
  });

  it('the Requested Procedure ID of a report stays in its request, empty', () => {
    const request = [sequence(0x0040a370, [item([element(0x00401001, 'SH', 'RP-55013'), element(0x00080050, 'SH', 'ACC-1')])])];
    expect(result(SOP_CLASS.report, request).text('0040A370/0/00401001')).toBe('');
  });

  it('a Source Image Sequence stays where the series that it references are listed', () => {
    const images = () => sequence(0x00082112, [item(reference(SOP_CLASS_UID.ct, '1.2.3.4711'))]);
    const listed = sequence(0x00081115, [item([sequence(0x0008114a, [item(reference(SOP_CLASS_UID.ct, '1.2.3.4711'))]), element(0x0020000e, 'UI', '1.2.3.47')])]);
    const seen = result(SOP_CLASS.segmentation, [images(), listed]);
    expect(seen.text('00082112/0/00081155')).toMatch(/^2\.25\.\d+$/);
    expect(seen.text('00082112/0/00081155')).toBe(seen.text('00081115/0/0008114A/0/00081155'));
    expect(result(SOP_CLASS_UID.ct, [images()]).has('00082112')).toBe(false);
  });

  it('performed steps that a dummy stands for are a reference and not a code', () => {
    const unknown = '1.2.840.10008.5.1.4.1.1.99999';
    const seen = result(unknown, [sequence(0x00081111, [item(reference('1.2.840.10008.3.1.2.3.3', '1.2.3.4711'))])]);
    expect(seen.text('00081111/0/00081150')).toMatch(/^1\.2\.840\.10008\./);
    expect(seen.text('00081111/0/00081155')).toMatch(/^2\.25\.\d+$/);
  });
});
