import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { OPTION_NAMES, type OptionName } from '../../src/anonymizer/profile.ts';
import { bytesOfIdentifier, SAMPLE_IDENTIFIERS_BY_KIND } from '../../src/sample/people.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { deidentify, plannerWith } from '../fixtures/deidentify.ts';
import { holds } from '../fixtures/second-reader.ts';

/** Nothing that was planted in the sample study is left, but for what an option lawfully retains. */

type Kind = keyof typeof SAMPLE_IDENTIFIERS_BY_KIND;
const KINDS = Object.keys(SAMPLE_IDENTIFIERS_BY_KIND) as Kind[];

/** Kinds that an option may leave in the result, by its very purpose (PS3.15 E.3). */
const RETAINED: Partial<Record<OptionName, readonly Kind[]>> = {
  'retain-device-identity': ['device', 'date'],
  'retain-institution-identity': ['institution'],
  'retain-longitudinal-full-dates': ['date'],
  'retain-patient-characteristics': ['text'],
  'clean-descriptors': ['text'],
  'clean-structured-content': ['text'],
};

const files = sampleStudy();
const WORKING = OPTION_NAMES.filter((name) => name !== 'clean-recognizable-visual-features');

/** Identifiers left, as kind and number, so that no message repeats one; and the numbers of the files. */
function left(options: readonly OptionName[]): string[] {
  const lawful = new Set(options.flatMap((option) => RETAINED[option] ?? []));
  const results = files.map(({ bytes }) => deidentify(bytes, plannerWith(...options)).bytes);
  return KINDS.filter((kind) => !lawful.has(kind)).flatMap((kind) => SAMPLE_IDENTIFIERS_BY_KIND[kind].flatMap((identifier, i) => {
    const found = results.flatMap((bytes, file) => (bytesOfIdentifier(identifier).some((form) => holds(headOf(bytes), form)) ? [file] : []));
    return found.length === 0 ? [] : [`${kind} ${i} in files ${found.join()}`];
  }));
}

/** Everything but pixels, where short strings turn up by chance. */
function headOf(bytes: Uint8Array): Uint8Array {
  const pixels = dicomParser.parseDicom(bytes).elements.x7fe00010;
  return pixels === undefined ? bytes : new Uint8Array(Buffer.concat([bytes.subarray(0, pixels.dataOffset), bytes.subarray(pixels.dataOffset + pixels.length)]));
}

describe('of the identifiers of the sample study', () => {
  it('none is left under the Basic Profile', () => expect(left([])).toEqual([]));

  it.each(WORKING)('none is left under %s, but what the option is there to retain', (option) => {
    expect(left([option])).toEqual([]);
  });

  it.each([
    ['retain-safe-private', 'clean-descriptors', 'clean-structured-content', 'clean-graphics', 'retain-longitudinal-modified-dates'],
    ['retain-uids', 'retain-device-identity', 'retain-institution-identity', 'retain-patient-characteristics', 'retain-longitudinal-full-dates', 'clean-descriptors'],
  ] as OptionName[][])('none is left under many options at once, %s and others', (...options) => {
    expect(left(options)).toEqual([]);
  });

  it('those of the patient are left under no option at all', () => {
    const all = WORKING.filter((name) => name !== 'retain-longitudinal-modified-dates');
    expect(left(all).filter((each) => each.startsWith('patient') || each.startsWith('staff') || each.startsWith('order'))).toEqual([]);
  });

  it('each source holds some, so that the search can find them', () => {
    const found = files.map(({ bytes }) => SAMPLE_IDENTIFIERS_BY_KIND.patient.filter((identifier) => bytesOfIdentifier(identifier).some((form) => holds(headOf(bytes), form))).length);
    expect(Math.min(...found)).toBeGreaterThan(4);
  });
});
