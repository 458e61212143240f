import { describe, expect, it } from 'vitest';
import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '../../src/anonymizer/dicom/transfer-syntax.ts';
import { buildDicomdir, fileIdOf, isDicomdir, verifyDicomdir } from '../../src/anonymizer/dicomdir.ts';
import { type DirectoryEntry, directoryEntry, directoryEntryOfResult } from '../../src/anonymizer/directory-entry.ts';
import { INSTANCE_KEYS, type Key, recordTypeOf } from '../../src/anonymizer/directory-records.ts';
import { metaText } from '../../src/anonymizer/draft.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { SOP_CLASS_IODS } from '../../src/anonymizer/rules/data/iod-types.ts';
import { code, element, reference } from '../../src/sample/part10.ts';
import { bytesOfIdentifier, SAMPLE_IDENTIFIERS } from '../../src/sample/people.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { SAMPLE_UIDS } from '../../src/sample/uids.ts';
import { CORPUS, corpusBytes } from '../fixtures/corpus.ts';
import { type FixtureElement, latin1, part10 } from '../fixtures/data-set.ts';
import { deidentify, plannerOf, plannerWith, read, testKey } from '../fixtures/deidentify.ts';
import { minimalCt, minimalReport } from '../fixtures/instances.ts';
import { type DirectoryRecord, recordsOf, flat } from '../fixtures/directory.ts';

const pseudonyms = createPseudonyms(testKey());

function entryOf(source: Uint8Array, file: string, planner = plannerWith()): DirectoryEntry {
  return directoryEntry(planner.plan(read(source)), file, pseudonyms);
}

function ctEntry(file: string, overrides: readonly FixtureElement[] = [], without: readonly number[] = []): DirectoryEntry {
  return entryOf(part10(minimalCt(overrides, without)), file);
}

function build(entries: readonly DirectoryEntry[], folder = ''): Uint8Array {
  const built = buildDicomdir(entries, { folder, pseudonyms });
  if ('reason' in built) throw new Error(built.reason);
  return built.bytes;
}

function reasonOf(entries: readonly DirectoryEntry[], folder = ''): string {
  const built = buildDicomdir(entries, { folder, pseudonyms });
  return 'reason' in built ? built.reason : '';
}

function only(bytes: Uint8Array, type: string): DirectoryRecord {
  const found = flat(recordsOf(bytes)).filter((each) => each.type === type);
  expect(found).toHaveLength(1);
  return found[0];
}

const sampleEntries = sampleStudy().map(({ bytes }, i) => entryOf(bytes, `SAMPLE/IM${String(i).padStart(4, '0')}`));

describe('a rebuilt DICOMDIR', () => {
  it('lists patients, studies, series and instances of the sample', () => {
    const records = recordsOf(build(sampleEntries));
    expect(records.map(({ type }) => type)).toEqual(['PATIENT', 'PATIENT']);
    const types = flat(records).map(({ type }) => type);
    const count = (type: string) => types.filter((each) => each === type).length;
    expect([count('IMAGE'), count('SR DOCUMENT'), count('PRESENTATION'), count('STUDY'), count('SERIES')]).toEqual([12, 1, 1, 2, 5]);
  });

  it('names each file with what the file says of itself', () => {
    const leaves = flat(recordsOf(build(sampleEntries))).filter(({ text }) => text(0x00041500) !== '');
    const told = leaves.map(({ text }) => [text(0x00041500), text(0x00041510), text(0x00041511), text(0x00041512)]);
    const expected = sampleEntries.map(({ file, sopClass, sopInstance, transferSyntax }) => [file.replaceAll('/', '\\'), sopClass, sopInstance, transferSyntax]);
    expect(told.sort()).toEqual(expected.sort());
  });

  it('holds no identifier and no UID of the sample', () => {
    const bytes = Buffer.from(build(sampleEntries));
    const left = [...SAMPLE_IDENTIFIERS, ...SAMPLE_UIDS].filter((each) => bytesOfIdentifier(each).some((form) => bytes.includes(Buffer.from(form))));
    expect(left).toEqual([]);
  });

  it('is the same whatever the order of work, and another one for other files', () => {
    const bytes = build(sampleEntries);
    expect(build([...sampleEntries].reverse())).toEqual(bytes);
    const uid = (each: Uint8Array) => metaText(read(each), TAG.MediaStorageSOPInstanceUID);
    expect(uid(build(sampleEntries.slice(1)))).not.toBe(uid(bytes));
  });

  it('survives the way from thread to thread', () => {
    expect(structuredClone(sampleEntries)).toEqual(sampleEntries);
    expect(sampleEntries.every((entry) => JSON.stringify(entry).length < 4096)).toBe(true);
  });

  it('sorts series and instances by their numbers', () => {
    const entries = [10, 9, 2, 1].map((number) => ctEntry(`IM${number}`, [
      element(TAG.SOPInstanceUID, 'UI', `2.25.${9000 + number}`), element(0x00200013, 'IS', String(number)),
    ]));
    const images = flat(recordsOf(build(entries))).filter(({ type }) => type === 'IMAGE');
    expect(images.map(({ text }) => text(0x00200013))).toEqual(['1', '2', '9', '10']);
  });

  it('tells of a study what its fullest file tells, whichever comes first', () => {
    const planner = plannerOf({ options: ['clean-descriptors'] });
    const full = entryOf(part10(minimalCt([element(0x00081030, 'LO', 'Thorax')])), 'A', planner);
    const bare = entryOf(part10(minimalCt([element(TAG.SOPInstanceUID, 'UI', '2.25.77')])), 'B', planner);
    expect(only(build([bare, full]), 'STUDY').text(0x00081030)).toBe('Thorax');
    expect(build([full, bare])).toEqual(build([bare, full]));
  });

  it('lists below a folder only what is below it, with File IDs that begin there', () => {
    const entries = [ctEntry('CD1/CT/IM1'), ctEntry('CD2/CT/IM1', [element(TAG.SOPInstanceUID, 'UI', '2.25.78')])];
    const built = buildDicomdir(entries, { folder: 'CD2', pseudonyms });
    expect(built).toMatchObject({ listed: 1, unlisted: 1 });
    expect(only('bytes' in built ? built.bytes : new Uint8Array(), 'IMAGE').text(0x00041500)).toBe('CT\\IM1');
  });

  it('is known as a DICOMDIR, and an image is not', () => {
    expect(isDicomdir(read(build(sampleEntries)))).toBe(true);
    expect(isDicomdir(read(sampleStudy()[0].bytes))).toBe(false);
  });
});

describe('the keys of a Directory Record', () => {
  it('are dummies where Type 1 has no value in the file, and empty where Type 2 has none', () => {
    const bytes = build([ctEntry('IM1', [element(0x00200013, 'IS', ''), element(TAG.StudyDate, 'DA', '')], [0x00200011, 0x00200010, TAG.Modality])]);
    const study = only(bytes, 'STUDY');
    expect([study.text(TAG.StudyDate), study.text(TAG.StudyTime), study.text(0x00200010)]).toEqual(['19000101', '000000', 'ANONYMIZED']);
    expect(study.has(0x00081030) && study.text(0x00081030) === '').toBe(true);
    const series = only(bytes, 'SERIES');
    expect([series.text(TAG.Modality), series.text(0x00200011)]).toEqual(['OT', '0']);
    expect(only(bytes, 'IMAGE').text(0x00200013)).toBe('0');
  });

  it('are those of the written file and not of the source', () => {
    const { text } = only(build([ctEntry('IM1')]), 'PATIENT');
    expect(text(TAG.PatientID)).toMatch(/^ANON[0-9A-Z]{12}$/);
    expect(text(TAG.PatientName)).not.toContain('Test');
  });

  it('keep patients apart that have no Patient ID', () => {
    const anonymous = (study: string, file: string) => ctEntry(file, [
      element(TAG.StudyInstanceUID, 'UI', study), element(TAG.SeriesInstanceUID, 'UI', `${study}.1`), element(TAG.SOPInstanceUID, 'UI', `${study}.2`),
    ], [TAG.PatientID, TAG.PatientName]);
    const patients = recordsOf(build([anonymous('2.25.501', 'A'), anonymous('2.25.502', 'B')]));
    expect(new Set(patients.map(({ text }) => text(TAG.PatientID))).size).toBe(2);
  });

  it('repeat the title of a report, and what modifies it where it is kept', () => {
    const modifier = [
      element(0x0040a010, 'CS', 'HAS CONCEPT MOD'), element(TAG.ValueType, 'CS', 'CODE'),
      element(TAG.ConceptNameCodeSequence, 'SQ', [code('121049', 'DCM', 'Language of Content Item and Descendants')]),
      element(0x0040a168, 'SQ', [code('it', 'RFC5646', 'Italian')]),
    ];
    const finding = [
      element(0x0040a010, 'CS', 'CONTAINS'), element(TAG.ValueType, 'CS', 'TEXT'),
      element(TAG.ConceptNameCodeSequence, 'SQ', [code('121071', 'DCM', 'Finding')]), element(0x0040a160, 'UT', 'nothing'),
    ];
    const report = part10(minimalReport('nothing', [element(TAG.ContentSequence, 'SQ', [modifier, finding])]));
    const kept = only(build([entryOf(report, 'SR1', plannerOf({ options: ['clean-structured-content'] }))]), 'SR DOCUMENT');
    expect(kept.items(TAG.ConceptNameCodeSequence).map(({ text }) => text(TAG.CodeValue))).toEqual(['18748-4']);
    expect(kept.items(TAG.ContentSequence).map(({ text }) => text(0x0040a010))).toEqual(['HAS CONCEPT MOD']);
    const basic = only(build([entryOf(report, 'SR1')]), 'SR DOCUMENT');
    expect(basic.has(TAG.ContentSequence)).toBe(false);
    expect([basic.text(0x0040a491), basic.text(0x0040a493)]).toEqual(['COMPLETE', 'UNVERIFIED']);
  });

  it('repeat when a report was verified last', () => {
    const observer = (when: string) => [element(0x0040a030, 'DT', when), element(0x0040a075, 'PN', 'Verifying^Person')];
    const report = part10(minimalReport('nothing', [element(0x0040a493, 'CS', 'VERIFIED'), element(0x0040a073, 'SQ', ['20200103', '20210504', '20200101'].map(observer))]));
    const full = plannerOf({ options: ['retain-longitudinal-full-dates'], rules: [{ match: { tag: 0x0040a073 }, action: 'keep' }] });
    expect(only(build([entryOf(report, 'SR1', full)]), 'SR DOCUMENT').text(0x0040a030)).toBe('20210504');
    expect(only(build([entryOf(report, 'SR1')]), 'SR DOCUMENT').text(0x0040a030)).toBe('19000101000000');
  });

  it('reference the remapped images of a presentation state', () => {
    const state = part10([
      element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.11.1'), element(TAG.SOPInstanceUID, 'UI', '2.25.90'),
      element(0x00081115, 'SQ', [[
        element(0x00081140, 'SQ', [reference('1.2.840.10008.5.1.4.1.1.2', '2.25.91')]), element(TAG.SeriesInstanceUID, 'UI', '2.25.92'),
      ]]),
      element(TAG.PatientID, 'LO', 'P1'), element(TAG.StudyInstanceUID, 'UI', '2.25.93'), element(TAG.SeriesInstanceUID, 'UI', '2.25.94'),
    ]);
    const record = only(build([entryOf(state, 'PR1')]), 'PRESENTATION');
    const [series] = record.items(0x00081115);
    expect(series.text(TAG.SeriesInstanceUID)).toBe(pseudonyms.uid('2.25.92'));
    expect(series.items(0x00081140)[0].text(TAG.ReferencedSOPInstanceUID)).toBe(pseudonyms.uid('2.25.91'));
    expect(record.text(0x00700080)).toBe('ANONYMIZED');
  });

  it.each([EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN])('tell numbers in little endian, whatever the file is in (%s)', (syntax) => {
    const spectroscopy = part10([
      element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.4.2'), element(TAG.SOPInstanceUID, 'UI', '2.25.95'), element(TAG.PatientID, 'LO', 'P1'),
      element(TAG.StudyInstanceUID, 'UI', '2.25.96'), element(TAG.SeriesInstanceUID, 'UI', '2.25.97'),
      element(0x00280010, 'US', [258]), element(0x00280011, 'US', [3]), element(0x00289001, 'UL', [66051]), element(0x00289002, 'UL', [1]),
    ], { syntax });
    const record = only(build([entryOf(spectroscopy, 'MRS1')]), 'SPECTROSCOPY');
    expect([record.numbers(0x00280010), record.numbers(0x00289001)]).toEqual([[258], [66051]]);
  });

  it('name the character set where a text needs one, and only there', () => {
    const planner = plannerOf({ rules: [{ match: { tag: 0x00081030 }, action: 'keep' }] });
    const ct = part10(minimalCt([element(TAG.SpecificCharacterSet, 'CS', 'ISO_IR 100'), element(0x00081030, 'LO', latin1('Testa à vuoto'))]));
    const bytes = build([entryOf(ct, 'IM1', planner)]);
    expect(only(bytes, 'STUDY').text(TAG.SpecificCharacterSet)).toBe('ISO_IR 100');
    expect(only(bytes, 'PATIENT').has(TAG.SpecificCharacterSet)).toBe(false);
  });

  it('stand beside the patients for what belongs to none', () => {
    const palette = part10([element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.39.1'), element(TAG.SOPInstanceUID, 'UI', '2.25.98'), element(0x00700080, 'CS', 'HOT')]);
    const records = recordsOf(build([entryOf(palette, 'PAL1'), ctEntry('IM1')]));
    expect(records.map(({ type }) => type).sort()).toEqual(['PALETTE', 'PATIENT']);
  });
});

describe('no DICOMDIR is built', () => {
  it.each(['2.25.1/2.25.2/2.25.3-ABCDEFGH.dcm', 'ct/im1', 'IM1.DCM', 'LONGERNAME', 'A/B/C/D/E/F/G/H/I', 'À'])('of files with names such as %s, and it is said how to get one', (file) => {
    expect(reasonOf([ctEntry(file)])).toMatch(/8 characters A-Z.*--layout mirror/);
  });

  it('of nothing', () => {
    expect(reasonOf([])).toMatch(/nothing to list/);
  });

  it('where the standard has no record for a SOP Class', () => {
    expect(reasonOf([ctEntry('IM1'), { ...ctEntry('IM2'), sopClass: '1.2.840.10008.5.1.4.1.1.200.2' }])).toContain('1.2.840.10008.5.1.4.1.1.200.2');
  });

  it('where a study belongs to two patients', () => {
    const other = ctEntry('IM2', [element(TAG.PatientID, 'LO', 'TEST-2'), element(TAG.SOPInstanceUID, 'UI', '2.25.79')]);
    expect(reasonOf([ctEntry('IM1'), other])).toMatch(/two patients/);
  });
});

describe('a File ID', () => {
  it('has at most eight components of eight capitals, digits or underscores', () => {
    expect(fileIdOf('98892001/CT2N/6293')).toEqual(['98892001', 'CT2N', '6293']);
    expect(fileIdOf('A/B/C/D/E/F/G/H_1')).toHaveLength(8);
    expect([fileIdOf(''), fileIdOf('A//B'), fileIdOf('../A')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the check of a DICOMDIR', () => {
  const bytes = build(sampleEntries);

  it('passes for what was built', () => {
    expect(() => verifyDicomdir(bytes, sampleEntries.length)).not.toThrow();
  });

  it('fails where a file is missing, an offset leads nowhere or to a record that was met', () => {
    expect(() => verifyDicomdir(bytes, sampleEntries.length + 1)).toThrow(DicomError);
    const { elements } = read(bytes);
    for (const element of elements.filter(({ tag }) => tag === 0x00041400 || tag === 0x00041420 || tag === 0x00041200)) {
      for (const wrong of [7, elements.find(({ isItem }) => isItem)?.start ?? 0]) {
        const damaged = bytes.slice();
        const view = new DataView(damaged.buffer);
        if (view.getUint32(element.valueStart, true) === wrong) continue;
        view.setUint32(element.valueStart, wrong, true);
        expect(() => verifyDicomdir(damaged, sampleEntries.length)).toThrow(DicomError);
      }
    }
  });
});

describe('the types of records', () => {
  /** Protocols and inventories are on no media (PS3.3 Table F.4-1), or their keys are not told here. */
  const WITHOUT = /^(basic-directory|.*-procedure-protocol|protocol-approval|inventory)$/;

  it('are known for every storage SOP Class of the standard but protocols and inventories', () => {
    const classes = SOP_CLASS_IODS.trim().split('\n').map((line) => line.split(' '));
    expect(classes.length).toBeGreaterThan(150);
    expect(classes.filter(([uid, iod]) => (recordTypeOf(uid) === undefined) !== WITHOUT.test(iod))).toEqual([]);
  });

  it.each([
    ['image', 'IMAGE'], ['segmentation', 'IMAGE'], ['12-lead-ecg', 'WAVEFORM'], ['comprehensive-sr', 'SR DOCUMENT'], ['mr-spectroscopy', 'SPECTROSCOPY'],
    ['key-object-selection-document', 'KEY OBJECT DOC'], ['encapsulated-pdf', 'ENCAP DOC'], ['rt-ion-plan', 'RT PLAN'], ['raw-data', 'RAW DATA'],
    ['waveform-presentation-state', 'PRESENTATION'], ['stereometric-relationship', 'STEREOMETRIC'], ['surface-segmentation', 'SURFACE'],
    ['deformable-spatial-registration', 'REGISTRATION'], ['lensometry-measurements', 'MEASUREMENT'], ['hanging-protocol', 'HANGING PROTOCOL'],
  ])('are right for %s', (name, type) => {
    const classes = SOP_CLASS_IODS.trim().split('\n').map((line) => line.split(' ')).filter(([, iod]) => iod === name || (name === 'image' && iod.endsWith('-image')));
    expect(classes.map(([uid]) => recordTypeOf(uid))).toEqual(classes.map(() => type));
    expect(classes.length).toBeGreaterThan(0);
  });

  it('have keys of the dictionary, Sequences exactly where Items are told', () => {
    const check = (keys: readonly Key[]): void => {
      for (const { tag, items } of keys) {
        expect(vrOfTag(tag) === 'SQ').toBe(items !== undefined);
        if (items !== undefined) check(items);
      }
    };
    Object.values(INSTANCE_KEYS).forEach(check);
  });
});

describe.skipIf(CORPUS.length === 0)('over the corpus', () => {
  it('the directory tells of each file what the written file tells', () => {
    const planner = plannerWith('clean-descriptors', 'clean-structured-content');
    let compared = 0;
    for (const source of CORPUS) {
      const result = deidentifyOrRefuse(corpusBytes(source), planner);
      if (result === undefined) continue;
      const entry = directoryEntry(result.plan, 'IM1', pseudonyms);
      expect(directoryEntryOfResult(read(result.bytes), 'IM1', pseudonyms), source.path).toEqual(entry);
      const { matcher } = result.plan;
      const bytes = build([entry]);
      const { elements, source: all } = read(bytes);
      const left = elements.flatMap((each) => (each.isItem || each.vr === 'SQ' ? [] : matcher.find(all.read(each.valueStart, each.valueEnd), 0, each.length)));
      expect(left.map(({ identifier }) => identifier.kind), source.path).toEqual([]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(200);
  });
});

function deidentifyOrRefuse(bytes: Uint8Array, planner: ReturnType<typeof plannerWith>): ReturnType<typeof deidentify> | undefined {
  try {
    const dataSet = read(bytes);
    if (isDicomdir(dataSet) || recordTypeOf(planner.plan(dataSet).instance.sopClass) === undefined) return undefined;
    return deidentify(bytes, planner, false);
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}
