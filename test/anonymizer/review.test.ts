import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { element } from '../../src/sample/part10.ts';
import { bare, type FixtureElement, IMPLICIT, latin1, part10 } from '../fixtures/data-set.ts';
import { deidentify, plannerWith } from '../fixtures/deidentify.ts';
import { INSTANCE_UID, minimalCt } from '../fixtures/instances.ts';

const run = (changes: readonly FixtureElement[], ...options: OptionName[]) =>
  dicomParser.parseDicom(deidentify(part10(minimalCt(changes)), plannerWith(...options)).bytes);
const text = (data: dicomParser.DataSet, tag: string) => data.string(tag);
const holds = (data: dicomParser.DataSet, words: string) => Buffer.from(data.byteArray).includes(words);

describe('what an option retains stays', () => {
  it('a UID that also stood in a private element', () => {
    const data = run([element(0x00290010, 'LO', 'SOMEBODY'), element(0x00291010, 'UI', INSTANCE_UID.study)], 'retain-uids');
    expect(text(data, 'x0020000d')).toBe(INSTANCE_UID.study);
  });

  it('an institution that shares its name with a person and a place that goes', () => {
    const data = run([
      element(0x00080080, 'LO', 'Ospedale Santa Lucia'), element(0x00080090, 'PN', 'LUCIA^SANTA'), element(0x00101040, 'LO', 'Ospedale Santa Lucia'),
    ], 'retain-institution-identity');
    expect(text(data, 'x00080080')).toBe('Ospedale Santa Lucia');
  });

  it('a station name that also stood in a sequence that goes', () => {
    const data = run([
      element(0x00081010, 'SH', 'STATION77'), element(0x04000561, 'SQ', [[element(0x00081010, 'SH', 'STATION77')]]),
    ], 'retain-device-identity');
    expect(text(data, 'x00081010')).toBe('STATION77');
  });
});

describe('what an option retains does not hide what it does not', () => {
  it.each([
    ['a station with the number of a patient', [element(0x00081010, 'SH', 'ROSSI1955'), element(0x00100020, 'LO', 'ROSSI1955')], 'x00081010', /rossi/i],
    ['a station called like a hospital that is called like a patient', [element(0x00081010, 'SH', 'STUDIO ROSSI'), element(0x00080080, 'LO', 'Studio Rossi'), element(0x00100010, 'PN', 'ROSSI^UGO')], 'x00081010', /rossi/i],
    ['a serial number that is the number of a patient', [element(0x00181000, 'LO', 'X1234567'), element(0x00100020, 'LO', 'X1234567')], 'x00181000', /1234567/],
  ] as const)('%s goes', (_what, elements, tag, secret) => {
    expect(text(run(elements, 'retain-device-identity'), tag)).not.toMatch(secret);
  });

  it.each([
    ['the number of a patient', 'Ward X1234567', [element(0x00100020, 'LO', 'X1234567')], 'X1234567'],
    ['a UID', `Ward ${INSTANCE_UID.study}`, [], INSTANCE_UID.study],
  ] as const)('a department with %s loses that', (_what, department, elements, secret) => {
    expect(text(run([element(0x00081040, 'LO', department), ...elements], 'retain-institution-identity'), 'x00081040')).not.toContain(secret);
  });
});

describe('a name that follows another word without a space', () => {
  it('goes where that ends in a letter with an accent and is known of an address', () => {
    const data = run([
      element(0x00080005, 'CS', 'ISO_IR 100'), element(0x00080080, 'LO', latin1('Ospedale Cittass\xe0 Alta')), element(0x00100010, 'PN', 'Rossi^Mario'),
      element(0x00080070, 'LO', latin1('Cittass\xe0Rossi')),
    ]);
    expect(text(data, 'x00080070')).not.toContain('Rossi');
  });

  it('goes where that is in characters of two bytes', () => {
    const wang = Uint8Array.from([0xb1, 0xb1, 0xbe, 0xa9, 0xb7, 0xc5, 0xc9, 0xe4, 0xbf, 0xc6, ...latin1('Wang')]);
    const data = run([element(0x00080005, 'CS', 'GB18030'), element(0x00100010, 'PN', 'Wang^Xiaodong'), element(0x00080070, 'LO', wang)]);
    expect(text(data, 'x00080070')).not.toContain('Wang');
  });
});

describe('what a reader needs in order to read stays, whatever somebody is called', () => {
  it.each([
    ['ISO^HIROSHI', 'x00080005', 'ISO_IR 100'], ['MONOCHROME2^JOHN', 'x00280004', 'MONOCHROME2'], ['AXIAL^ANN', 'x00080008', 'ORIGINAL\\PRIMARY\\AXIAL'],
  ])('for a patient whose name is a term', (name, tag, value) => {
    expect(text(run([element(0x00080005, 'CS', 'ISO_IR 100'), element(0x00100010, 'PN', name)]), tag)).toBe(value);
  });

  it('the code of a scheme of the standard that equals an accession number', () => {
    const code = [element(0x00080100, 'SH', '121071'), element(0x00080102, 'SH', 'DCM'), element(0x00080104, 'LO', 'Finding')];
    const data = run([element(0x00080050, 'SH', '121071'), element(0x00082218, 'SQ', [code])]);
    expect(data.elements.x00082218.items?.[0].dataSet?.string('x00080100')).toBe('121071');
  });
});

describe('a value of another kind than its tag promises', () => {
  it('goes, when bytes stand in the place of Items', () => {
    expect(run([element(0x00081115, 'OB', latin1('Bianchi Laura, Via Roma 1 '))]).elements.x00081115).toBeUndefined();
  });

  it('goes, when a text stands in the place of a term that an option retains', () => {
    const data = run([element(0x00100040, 'UT', 'Bianchi Laura')], 'retain-patient-characteristics');
    expect(holds(data, 'Bianchi')).toBe(false);
  });

  it('is refused where it describes the pixels', () => {
    expect(() => run([element(0x00280010, 'OB', latin1('Bianchi '))])).toThrow(DicomError);
  });
});

describe('a UID of the standard by its first characters alone', () => {
  it('is remapped like any other', () => {
    const data = run([element(0x0020000d, 'UI', '1.2.840.10008.BIANCHI')]);
    expect(text(data, 'x0020000d')).toMatch(/^2\.25\.\d+$/);
  });
});

describe('a private block with two creators', () => {
  it('belongs to neither and goes as a whole', () => {
    const block = [element(0x00190010, 'LO', 'Bianchi Laura'), element(0x00190010, 'LO', 'SIEMENS MR HEADER'), element(0x0019100c, 'IS', '1000')];
    const data = dicomParser.parseDicom(deidentify(part10([...minimalCt(), ...block]), plannerWith('retain-safe-private')).bytes);
    expect(holds(data, 'Bianchi')).toBe(false);
    expect(data.elements.x0019100c).toBeUndefined();
  });
});

describe('a cleaned text', () => {
  const cleaned = (name: string, words: string) => text(run([element(0x00100010, 'PN', name), element(0x0008103e, 'LO', words)], 'clean-descriptors'), 'x0008103e');

  it.each([
    ['LI^WU', 'CT Li Wu thorax'], ['LI^WU', 'CT LI^WU thorax'], ['ROSSI-BIANCHI^ANNA', 'CT Bianchi thorax'], ["O'BRIEN^PAT", 'CT OBrien thorax'],
  ])('holds neither short nor hyphenated names', (name, words) => {
    expect(cleaned(name, words)).toBe('CT *** thorax');
  });

  it('loses a name before a curly apostrophe', () => {
    const data = run([
      element(0x00080005, 'CS', 'ISO_IR 192'), element(0x00100010, 'PN', 'ROSSI^MARIO'),
      element(0x0008103e, 'LO', latin1('Rossi\xe2\x80\x99s thorax')),
    ], 'clean-descriptors');
    expect(holds(data, 'Rossi')).toBe(false);
  });

  it('loses a Patient ID of letters alone', () => {
    const data = run([element(0x00100020, 'LO', 'JSMITHX'), element(0x0008103e, 'LO', 'CT jsmithx thorax')], 'clean-descriptors');
    expect(text(data, 'x0008103e')).toBe('CT *** thorax');
  });

  it('loses the name of a patient that stands before a thousand spaces', () => {
    const data = run([element(0x00100010, 'PN', `ZACCARIA^UGO${' '.repeat(1100)}`), element(0x0008103e, 'LO', 'CT Zaccaria')], 'clean-descriptors');
    expect(holds(data, 'Zaccaria')).toBe(false);
  });
});

describe('two instances without a UID of their own', () => {
  it('get different ones where they differ anywhere', () => {
    const without = (value: number) => deidentify(part10(minimalCt([
      element(0x7fe00010, 'OW', Array.from({ length: 100_000 }, (_, i) => (i === 77_000 ? value : 0))),
    ], [0x00080018]), { withoutMeta: [0x00020003] })).plan.instance.sopInstance;
    expect(without(1)).not.toBe(without(2));
  });
});

describe('one patient', () => {
  it('keeps one pseudonym, whether a device writes the issuer or not', () => {
    const [a, b] = [[], [element(0x00100021, 'LO', 'SOMEWHERE')]].map((more) => text(run([element(0x00100020, 'LO', 'P-4711'), ...more]), 'x00100020'));
    expect(a).toBe(b);
  });
});

describe('what a hostile file costs stays in proportion to its size', () => {
  /** Seconds for a file; far below what the quadratic cases took, and far above noise. */
  const seconds = (bytes: Uint8Array, ...options: OptionName[]) => {
    const began = performance.now();
    try {
      deidentify(bytes, plannerWith(...options));
    } catch (error) {
      expect(error).toBeInstanceOf(DicomError);
    }
    return (performance.now() - began) / 1000;
  };

  it('for zeros that are no padding, since an element follows them', () => {
    const zeros = bare([element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2')], IMPLICIT);
    const bytes = concat([zeros, new Uint8Array(400_000), bare([element(0x7fe00010, 'OW', [1])], IMPLICIT)]);
    expect(seconds(bytes)).toBeLessThan(3);
  });

  it('for an attribute at every depth of eight thousand Items', () => {
    // (0040,1001), then the header of (0040,0275) and of its Item, both of undefined length.
    const inner = concat([
      bare([element(0x00401001, 'SH', 'REQUEST')], IMPLICIT),
      Uint8Array.of(0x40, 0x00, 0x75, 0x02, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff),
    ]);
    const opening = concat(Array.from({ length: 8000 }, () => inner));
    const closing = concat(Array.from({ length: 8000 }, () => Uint8Array.of(0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0)));
    const bytes = concat([bare([element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'), element(0x00080018, 'UI', '2.25.1')], IMPLICIT), opening, closing]);
    expect(seconds(bytes, 'clean-descriptors')).toBeLessThan(5);
  });

  it('for very many names that begin alike', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `AAA${String.fromCharCode(65 + (i % 26), 65 + ((i / 26) % 26), 65 + ((i / 676) % 26), 65 + ((i / 17_576) % 26))}`);
    const bytes = part10(minimalCt([element(0x00101001, 'PN', names.join('\\').slice(0, 60_000)), element(0x0040a160, 'UT', 'AAA '.repeat(100_000))]));
    expect(seconds(bytes, 'clean-descriptors')).toBeLessThan(5);
  });

  it('for a name of half a megabyte in letters with accents', () => {
    const name = latin1('\xe9\xe8 '.repeat(170_000));
    expect(seconds(part10(minimalCt([element(0x00080005, 'CS', 'ISO_IR 100'), element(0x00081110, 'SQ', [[element(0x00080300, 'UN', name), element(0x0040a123, 'PN', name.subarray(0, 60_000))]])])))).toBeLessThan(5);
  });

  it('for an overlay that is repeated forty thousand times', () => {
    const overlays = Array.from({ length: 40_000 }, () => element(0x60003000, 'OW', [0]));
    expect(seconds(part10([...minimalCt(), ...overlays]), 'clean-graphics')).toBeLessThan(5);
  });
});
