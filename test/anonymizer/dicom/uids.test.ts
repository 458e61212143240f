import { describe, expect, it } from 'vitest';
import { isRegisteredUid, nameOfUid } from '../../../src/anonymizer/dicom/uids.ts';

describe('a UID of the standard', () => {
  it('has the name of PS3.6', () => {
    expect(nameOfUid('1.2.840.10008.5.1.4.1.1.2')).toBe('CT Image Storage');
    expect(nameOfUid('1.2.840.10008.1.2.1')).toBe('Explicit VR Little Endian');
    expect(nameOfUid('1.2.840.10008.1.20.1')).toBe('Storage Commitment Push Model SOP Class');
  });

  it('has no name where it is not registered', () => {
    expect(nameOfUid('1.2.840.10008.99')).toBeUndefined();
    expect(nameOfUid('2.25.1')).toBeUndefined();
    expect(nameOfUid('')).toBeUndefined();
  });

  it('is the root itself or anything below it, registered or not', () => {
    for (const uid of ['1.2.840.10008', '1.2.840.10008.1.2', '1.2.840.10008.99.1']) expect(isRegisteredUid(uid)).toBe(true);
  });

  it('is not one that merely begins with the same digits', () => {
    for (const uid of ['1.2.840.100080', '1.2.840.100081.5', '1.2.840.1000', '1.2.840', '2.25.1.2.840.10008', '']) {
      expect(isRegisteredUid(uid)).toBe(false);
    }
  });
});
