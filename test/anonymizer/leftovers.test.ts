import { describe, expect, it } from 'vitest';
import { buildDicomdir } from '../../src/anonymizer/dicomdir.ts';
import { type DirectoryEntry, directoryEntry, directoryEntryOfResult } from '../../src/anonymizer/directory-entry.ts';
import { LeftoverFinder, optionsInForce } from '../../src/anonymizer/leftovers.ts';
import { isOwnUid } from '../../src/anonymizer/own-values.ts';
import { OPTION_NAMES } from '../../src/anonymizer/profile.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { code, element } from '../../src/sample/part10.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { type FixtureElement, part10, type Part10Fixture } from '../fixtures/data-set.ts';
import { deidentify, plannerOf, plannerWith, read, testKey } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';

const finder = new LeftoverFinder();
const pathsIn = (bytes: Uint8Array) => new LeftoverFinder().find(read(bytes)).map(({ path }) => path);

/** A de-identified CT in which some elements are put back. */
function withLeft(elements: readonly FixtureElement[], fixture: Part10Fixture = {}): Uint8Array {
  const pseudonyms = createPseudonyms(testKey());
  const uid = (tag: number, name: string) => element(tag, 'UI', pseudonyms.uid(name));
  const clean = [
    uid(TAG.SOPInstanceUID, 'instance'), uid(TAG.StudyInstanceUID, 'study'), uid(TAG.SeriesInstanceUID, 'series'), uid(0x00200052, 'frame'),
    element(TAG.StudyDate, 'DA'), element(TAG.StudyTime, 'TM'), element(TAG.AccessionNumber, 'SH'), element(0x00080090, 'PN'), element(TAG.PatientName, 'PN'),
    element(TAG.PatientID, 'LO'), element(TAG.PatientBirthDate, 'DA'), element(0x00100040, 'CS'), element(0x00200010, 'SH'), element(TAG.PatientIdentityRemoved, 'CS', 'YES'),
  ];
  const changed = new Set(elements.map(({ tag }) => tag));
  return part10(minimalCt([...clean.filter(({ tag }) => !changed.has(tag)), ...elements]), fixture);
}

const WORKING = OPTION_NAMES.filter((name) => !/pixel|visual/.test(name));

describe('what still identifies', () => {
  it.each([[], ...WORKING.map((name) => [name])])('is nothing in the sample study once it is de-identified with %s', (...options) => {
    for (const { bytes } of sampleStudy()) expect(pathsIn(deidentify(bytes, plannerWith(...options)).bytes)).toEqual([]);
  });

  it('is no document of this program whose MIME type is gone, and any other one', () => {
    const source = part10(minimalCt([element(TAG.EncapsulatedDocument, 'OB', new TextEncoder().encode('%PDF-1.4 ')), element(TAG.MIMETypeOfEncapsulatedDocument, 'LO', 'application/pdf')]));
    const { elements, source: result } = read(deidentify(source).bytes);
    const document = elements.find(({ tag }) => tag === TAG.EncapsulatedDocument);
    const bytes = result.read(document?.valueStart ?? 0, document?.valueEnd ?? 0).slice();
    const withDocument = (value: Uint8Array) => pathsIn(withLeft([element(TAG.EncapsulatedDocument, 'OB', value)]));
    expect(withDocument(bytes)).toEqual([]);
    expect(withDocument(bytes.map((byte, i) => (i === 200 ? byte ^ 1 : byte)))).toEqual(['(0042,0011)']);
    expect(withDocument(concat([bytes, bytes]))).toEqual(['(0042,0011)']);
  });

  it('is a lot in the sample study before', () => {
    for (const { bytes } of sampleStudy()) {
      expect(pathsIn(bytes)).toEqual(expect.arrayContaining(['(0010,0010)', '(0010,0020)', '(0020,000D)', '(0012,0062)']));
    }
  });

  it('is nothing in a file that is clean', () => {
    expect(pathsIn(withLeft([]))).toEqual([]);
  });

  it.each<[string, string, FixtureElement[]]>([
    ['a name', '(0010,0010)', [element(TAG.PatientName, 'PN', 'Person^Some')]],
    ['a number of a patient', '(0010,0020)', [element(TAG.PatientID, 'LO', '123456')]],
    ['an accession number of the length of a pseudonym', '(0008,0050)', [element(TAG.AccessionNumber, 'SH', '1234567890123456')]],
    ['a date', '(0008,0020)', [element(TAG.StudyDate, 'DA', '20200102')]],
    ['a UID of a device', '(0020,000D)', [element(TAG.StudyInstanceUID, 'UI', '1.3.12.2.1107.5.1.4.1')]],
    ['a UID that a device made from a random UUID', '(0020,000D)', [element(TAG.StudyInstanceUID, 'UI', `2.25.${BigInt('0x550e8400e29b41d4a716446655440000')}`)]],
    ['a free text', '(0020,4000)', [element(0x00204000, 'LT', 'Seen on the ward')]],
    ['a name in a Sequence', '(0008,0096)', [element(0x00080096, 'SQ', [[element(0x00401101, 'SQ', [code('7', '99X', 'Somebody')])]])]],
    ['a private element', '(0019,1001)', [element(0x00190010, 'LO', 'ACME'), element(0x00191001, 'LO', 'x')]],
    ['a record that does not say YES', '(0012,0062)', [element(TAG.PatientIdentityRemoved, 'CS', 'NO')]],
    ['a reference in a Sequence that is kept', '(0008,1115)[1].(0020,000E)', [element(0x00081115, 'SQ', [[element(TAG.SeriesInstanceUID, 'UI', '1.2.3.4')]])]],
  ])('is told by its place: %s', (_, path, elements) => {
    expect(pathsIn(withLeft(elements))).toEqual([path]);
  });

  it('is told without its value', () => {
    const found = finder.find(read(withLeft([element(TAG.PatientName, 'PN', 'Quirinale^Ildebrando')])));
    expect(JSON.stringify(found)).not.toContain('Quirinale');
  });

  it('may stand in the File Meta Information, the preamble or behind the last element', () => {
    expect(pathsIn(withLeft([], { meta: [element(0x00020016, 'AE', 'HERE')] }))).toEqual(['(0002,0016)']);
    expect(finder.find(read(withLeft([], { preamble: Uint8Array.of(1) })))).toEqual([expect.objectContaining({ tag: undefined, text: expect.stringContaining('preamble') })]);
  });

  it.each<[string, FixtureElement[]]>([
    ['an empty value', [element(TAG.PatientName, 'PN', '')]],
    ['a dummy', [element(0x00080080, 'LO', 'ANONYMIZED'), element(TAG.StudyDate, 'DA', '19000101')]],
    ['a registered UID', [element(0x00081115, 'SQ', [[element(TAG.SeriesInstanceUID, 'UI', '1.2.840.10008.1.1')]])]],
  ])('is not %s', (_, elements) => {
    expect(pathsIn(withLeft(elements))).toEqual([]);
  });

  it('is what the options in the file do not allow', () => {
    const codes = (...values: string[]) => element(TAG.DeidentificationMethodCodeSequence, 'SQ', values.map((value) => code(value, 'DCM', 'An option')));
    const dated = [element(TAG.StudyDate, 'DA', '20200102')];
    expect(pathsIn(withLeft([...dated, codes('113100')]))).toEqual(['(0008,0020)']);
    expect(pathsIn(withLeft([...dated, codes('113100', '113106')]))).toEqual([]);
    expect(pathsIn(withLeft([...dated, element(TAG.LongitudinalTemporalInformationModified, 'CS', 'MODIFIED')]))).toEqual([]);
    expect(pathsIn(withLeft([...dated, element(TAG.LongitudinalTemporalInformationModified, 'CS', 'REMOVED')]))).toEqual(['(0008,0020)']);
  });

  it('includes what a rule of the user left', () => {
    const planner = plannerOf({ rules: [{ match: { tag: TAG.PatientBirthDate }, action: 'keep' }] });
    expect(pathsIn(deidentify(part10(minimalCt()), planner).bytes)).toContain('(0010,0030)');
  });
});

describe('what still identifies in a DICOMDIR', () => {
  const pseudonyms = createPseudonyms(testKey());
  const directory = (make: (bytes: Uint8Array, file: string) => DirectoryEntry) => {
    const built = buildDicomdir(sampleStudy().map(({ bytes }, i) => make(bytes, `SAMPLE/IM${String(i).padStart(4, '0')}`)), { folder: '', pseudonyms });
    if ('reason' in built) throw new Error(built.reason);
    return built.bytes;
  };

  it('is nothing once it is rebuilt', () => {
    expect(pathsIn(directory((bytes, file) => directoryEntry(plannerWith().plan(read(bytes)), file, pseudonyms)))).toEqual([]);
  });

  it('is not what an option kept in the files that it lists', () => {
    const [options, { bytes }] = ['retain-uids' as const, sampleStudy()[0]];
    const result = deidentify(bytes, plannerWith(options));
    const built = buildDicomdir([directoryEntry(result.plan, 'IM0001', pseudonyms)], { folder: '', pseudonyms });
    const own = new LeftoverFinder();
    expect(own.find(read(result.bytes))).toEqual([]);
    expect('bytes' in built && own.find(read(built.bytes))).toEqual([]);
    expect('bytes' in built && new LeftoverFinder().find(read(built.bytes))).not.toEqual([]);
  });

  it('is told record by record where it lists originals', () => {
    const found = pathsIn(directory((bytes, file) => directoryEntryOfResult(read(bytes), file, pseudonyms)));
    for (const tag of ['(0010,0010)', '(0010,0020)', '(0020,000D)', '(0004,1511)']) expect(found).toContainEqual(expect.stringMatching(`^\\(0004,1220\\)\\[\\d+\\]\\.\\${tag.slice(0, -1)}\\)$`));
  });
});

describe('the options in force', () => {
  it.each(WORKING)('are read from the file: %s', (name) => {
    expect(optionsInForce(read(deidentify(part10(minimalCt()), plannerWith(name)).bytes))).toEqual([name]);
  });

  it('are none where two exclude each other', () => {
    const both = element(TAG.DeidentificationMethodCodeSequence, 'SQ', ['113106', '113107'].map((value) => code(value, 'DCM', 'Dates')));
    expect(optionsInForce(read(part10(minimalCt([both]))))).toEqual([]);
  });
});

describe('a UID of this program', () => {
  const pseudonyms = createPseudonyms(testKey(3));

  it('is known by its form', () => {
    for (let i = 0; i < 200; i++) expect(isOwnUid(pseudonyms.uid(`1.2.3.${i}`))).toBe(true);
  });

  it.each(['2.25.1001', '1.2.3.4', '2.25', '2.25.', `2.25.${2n ** 128n}`, `2.25.${BigInt('0x550e8400e29b11d4a716446655440000')}`, '2.25.12a'])('is not %s', (uid) => {
    expect(isOwnUid(uid)).toBe(false);
  });
});

describe('bytes after the last element', () => {
  it('identify nobody where they are zero', () => {
    expect(pathsIn(concat([withLeft([]), new Uint8Array(4)]))).toEqual([]);
  });
});
