import { describe, expect, it } from 'vitest';
import { element } from '../../../src/sample/part10.ts';
import { encapsulated, part10 } from '../../fixtures/data-set.ts';
import { deidentify, plannerWith } from '../../fixtures/deidentify.ts';
import { minimalCt } from '../../fixtures/instances.ts';
import { see } from '../../fixtures/second-reader.ts';
import { jpeg, pixelsOf } from './codestreams.ts';

const PIXELS = 0x7fe00010;
const overlay = (position: number, allocated = 16) => [
  element(0x60000010, 'US', [4]), element(0x60000011, 'US', [4]), element(0x60000040, 'CS', 'G'), element(0x60000050, 'SS', [1, 1]),
  element(0x60000100, 'US', [allocated]), element(0x60000102, 'US', [position]),
];
const twelveBits = (samples: readonly number[], signed = 0) => [
  element(0x00280101, 'US', [12]), element(0x00280102, 'US', [11]), element(0x00280103, 'US', [signed]), element(PIXELS, 'OW', samples),
];
const samplesOf = (file: Uint8Array, littleEndian = true) => {
  const value = pixelsOf(file);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: value.length / 2 }, (_, i) => view.getUint16(i * 2, littleEndian));
};

describe('an overlay in unused bits of the pixels', () => {
  const samples = Array.from({ length: 16 }, (_, i) => (i % 3 === 0 ? 0x8000 : 0) | i);

  it.each([[[]], [['clean-graphics']]] as const)('is cleared from native pixels, and nothing describes it any more, with the options %j', (options) => {
    const file = part10(minimalCt([...twelveBits(samples), ...overlay(15)]));
    const { bytes } = deidentify(file, plannerWith(...options));
    expect(samplesOf(bytes)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    for (const key of ['60000010', '60000040', '60000100', '60000102']) expect(see(bytes).text(key) ?? see(bytes).bytes(key), key).toBeUndefined();
  });

  it('is cleared in big endian too', () => {
    const { bytes } = deidentify(part10(minimalCt([...twelveBits(samples), ...overlay(15)]), { syntax: '1.2.840.10008.1.2.2' }));
    expect(samplesOf(bytes, false)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it('is cleared together with what stands behind the last frame', () => {
    const { bytes } = deidentify(part10(minimalCt([...twelveBits([...samples, 0x4142, 0x4344]), ...overlay(15)])));
    expect(samplesOf(bytes)).toEqual([...Array.from({ length: 16 }, (_, i) => i), 0, 0]);
  });

  it('is not taken for the sign of a sample', () => {
    const signed = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? i : 0x10000 - i));
    expect(samplesOf(deidentify(part10(minimalCt([...twelveBits(signed, 1), ...overlay(15)]))).bytes)).toEqual(signed);
  });

  it('whose bits hold samples is no overlay, and loses its description alone', () => {
    const file = part10(minimalCt([element(PIXELS, 'OW', samples), ...overlay(15)]));
    expect(samplesOf(deidentify(file).bytes)).toEqual(samples);
    expect(see(deidentify(file).bytes).bytes('60000010')).toBeUndefined();
  });

  it('is told of where the pixels are compressed', () => {
    const { plan } = deidentify(part10(minimalCt([encapsulated([jpeg()]), element(0x00280101, 'US', [12]), element(0x00280102, 'US', [11]), ...overlay(15)]), { syntax: '1.2.840.10008.1.2.4.70' }));
    expect(plan.warnings.map(({ code }) => code)).toEqual(['overlay-in-pixels']);
  });
});
