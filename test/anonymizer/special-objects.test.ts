import { describe, expect, it } from 'vitest';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { code, element, reference } from '../../src/sample/part10.ts';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { encapsulated, item, latin1, part10, sequence, withChanges, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify, plannerWith, read } from '../fixtures/deidentify.ts';
import { minimalCt, minimalReport, SOP_CLASS_UID } from '../fixtures/instances.ts';
import { holds, see } from '../fixtures/second-reader.ts';

/** Reports, documents, graphics and the insides of compressed frames (points 11, 12 and 15 of the facts' list). */

const UID = '1.2.3.4711.815';
const NEW_UID = /^2\.25\.\d{30,39}$/;

function reportBytes(changes: readonly FixtureElement[], ...options: OptionName[]): Uint8Array {
  return deidentify(part10(minimalReport('Nodule seen by Test Person', changes)), plannerWith(...options)).bytes;
}

function contentItem(type: string, concept: readonly [string, string, string], value: FixtureElement) {
  return item([element(0x0040a010, 'CS', 'CONTAINS'), element(0x0040a040, 'CS', type), element(0x0040a043, 'SQ', [code(...concept)]), value]);
}

const texts = (bytes: Uint8Array) => {
  const seen = see(bytes);
  return Array.from({ length: seen.items('0040A730') ?? 0 }, (_, i) => seen.text(`0040A730/${i}/0040A160`));
};

describe('a structured report', () => {
  it('without its option holds one dummy content item, and its content is gone', () => {
    const bytes = reportBytes([]);
    expect(holds(bytes, 'Nodule')).toBe(false);
    expect(texts(bytes)).toHaveLength(1);
    expect(see(bytes).text('0040A043/0/00080100')).toBe('18748-4');
  });

  it('with its option and Clean Descriptors keeps the finding and loses the person', () => {
    const [finding] = texts(reportBytes([], 'clean-structured-content', 'clean-descriptors'));
    expect(finding).toMatch(/^Nodule seen by/);
    expect(finding).not.toMatch(/Person/);
  });

  it('with its option loses content items that Table E.3.4-1 lists', () => {
    const list = sequence(0x0040a730, [
      contentItem('TEXT', ['121022', 'DCM', 'Accession Number'], element(0x0040a160, 'UT', 'LISTED-1')),
      contentItem('TEXT', ['121071', 'DCM', 'Finding'], element(0x0040a160, 'UT', 'a finding')),
    ]);
    const bytes = reportBytes([list], 'clean-structured-content', 'clean-descriptors');
    expect(holds(bytes, 'LISTED')).toBe(false);
    expect(texts(bytes)).toContain('a finding');
  });

  it('with its option names no person, in whichever concept', () => {
    const list = sequence(0x0040a730, [contentItem('PNAME', ['121008', 'DCM', 'Person Observer Name'], element(0x0040a123, 'PN', 'Watcher^Somebody'))]);
    expect(holds(reportBytes([list], 'clean-structured-content'), 'Watcher')).toBe(false);
  });

  it('with its option remaps what it references, and keeps it under Retain UIDs', () => {
    const image = element(0x00081199, 'SQ', [reference(SOP_CLASS_UID.ct, UID)]);
    const list = sequence(0x0040a730, [
      contentItem('IMAGE', ['121112', 'DCM', 'Source of Measurement'], image), contentItem('IMAGE', ['121080', 'DCM', 'Best illustration of finding'], image),
    ]);
    const uidOf = (bytes: Uint8Array) => see(bytes).text('0040A730/0/00081199/0/00081155');
    // The table keeps the one concept with another UID, and removes the other.
    expect(see(reportBytes([list], 'clean-structured-content')).items('0040A730')).toBe(1);
    expect(see(reportBytes([list], 'clean-structured-content', 'retain-uids')).items('0040A730')).toBe(2);
    expect(uidOf(reportBytes([list], 'clean-structured-content'))).toMatch(NEW_UID);
    expect(uidOf(reportBytes([list], 'clean-structured-content', 'retain-uids'))).toBe(UID);
  });

  it('whose items all go does not keep an empty Content Sequence', () => {
    const list = sequence(0x0040a730, [contentItem('TEXT', ['121022', 'DCM', 'Accession Number'], element(0x0040a160, 'UT', 'LISTED-1'))]);
    expect(see(reportBytes([list], 'clean-structured-content')).items('0040A730')).not.toBe(0);
  });
});

describe('an encapsulated document', () => {
  const document = (mimeType: string, content: string) => withChanges(minimalCt([], [0x7fe00010, 0x00280010, 0x00280011]), [
    element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.104.1'), element(0x00420010, 'ST', 'Report on Test Person'),
    element(0x00420011, 'OB', latin1(content)), element(0x00420012, 'LO', mimeType),
  ]);
  const replaced = (mimeType: string) => {
    const { bytes } = deidentify(part10(document(mimeType, 'SECRET of Test Person ')));
    expect(holds(bytes, 'SECRET')).toBe(false);
    expect(see(bytes).text('00420012')).toBe(mimeType);
    expect(see(bytes).text('00420010') ?? '').not.toMatch(/Person/);
    return Buffer.from(see(bytes).bytes('00420011') ?? []).toString('latin1');
  };

  it('of PDF is replaced by a PDF whose cross-references are right', () => {
    const pdf = replaced('application/pdf');
    expect(pdf).toMatch(/^%PDF-1\.\d\n/);
    expect(pdf.trim().replace(/\0$/, '')).toMatch(/%%EOF$/);
    const start = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
    expect(pdf.slice(start, start + 4)).toBe('xref');
    const offsets = [...pdf.matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset));
    offsets.forEach((offset, i) => expect(pdf.slice(offset)).toMatch(new RegExp(`^${i + 1} 0 obj`)));
    const stream = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(pdf);
    expect(stream?.[2].length).toBe(Number(stream?.[1]));
  });

  it('of CDA is replaced by an XML document of that kind', () => {
    expect(replaced('text/XML')).toMatch(/^<\?xml[^>]*\?>\s*<ClinicalDocument xmlns="urn:hl7-org:v3">[\s\S]*<\/ClinicalDocument>\s*$/);
  });

  it('of STL is replaced by one with as many triangles as it says', () => {
    const stl = Buffer.from(replaced('model/stl'), 'latin1');
    expect(stl.length).toBe(84 + 50 * stl.readUInt32LE(80));
  });

  it('of a kind that nobody knows is replaced by bytes that say nothing', () => {
    expect(replaced('application/x-unknown')).toBe('\0\0');
  });
});

describe('graphics', () => {
  const plane = (type: string) => [
    element(0x60000010, 'US', [4]), element(0x60000011, 'US', [4]), element(0x60000040, 'CS', type), element(0x60000050, 'SS', [1, 1]),
    element(0x60000100, 'US', [1]), element(0x60000102, 'US', [0]), element(0x60003000, 'OW', [0xbeef]),
  ];
  const seen = (type: string) => see(deidentify(part10(minimalCt(plane(type))), plannerWith('clean-graphics')).bytes);

  it('of an overlay are blanked, and the plane keeps its size', () => {
    expect([...(seen('G').bytes('60003000') ?? [])]).toEqual([0, 0]);
    expect(seen('G').text('60000040')).toBe('G');
  });

  it('of a region of interest stay', () => {
    expect([...(seen('R').bytes('60003000') ?? [])]).toEqual([0xef, 0xbe]);
  });

  it('of a presentation state lose their text and keep their shapes', () => {
    const annotation = sequence(0x00700001, [item([
      element(0x00700002, 'CS', 'LAYER'),
      element(0x00700008, 'SQ', [[element(0x00700006, 'ST', 'Nodule of Test Person')]]),
      element(0x00700009, 'SQ', [[element(0x00700022, 'FL', [1, 2]), element(0x00700023, 'CS', 'POINT')]]),
    ])]);
    const result = deidentify(part10(minimalCt([annotation])), plannerWith('clean-graphics')).bytes;
    expect(see(result).text('00700001/0/00700009/0/00700023')).toBe('POINT');
    expect(holds(result, 'Person')).toBe(false);
  });
});

/** A JPEG segment: marker, length, content. */
function segment(marker: number, content: string): Uint8Array {
  const bytes = latin1(content);
  return concat([Uint8Array.of(0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 0xff), bytes]);
}

function frameOf(bytes: Uint8Array): Uint8Array {
  const dataSet = read(bytes);
  const pixels = dataSet.elements.find(({ tag }) => tag === 0x7fe00010);
  if (pixels === undefined) throw new Error('no pixels');
  return dataSet.source.read(pixels.valueStart, pixels.valueEnd);
}

describe('a JPEG frame', () => {
  const kept = [segment(0xe0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0'), segment(0xe2, 'ICC_PROFILE\0\x01\x01profile'), segment(0xee, 'Adobe\0d\0\0\0\0\x01')];
  const told = [segment(0xfe, 'Comment on Test Person'), segment(0xe1, 'Exif\0\0Owner Test Person'), segment(0xec, 'Ducky Test Person')];
  const scan = concat([segment(0xda, '\x01\x01\0\0\x3f\0'), Uint8Array.of(0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56)]);
  const late = segment(0xfe, 'Between scans: Test Person');
  const frame = concat([Uint8Array.of(0xff, 0xd8), ...kept, ...told, scan, late, scan, Uint8Array.of(0xff, 0xd9)]);
  const source = part10(minimalCt([encapsulated([frame])]), { syntax: '1.2.840.10008.1.2.4.50' });
  const after = frameOf(deidentify(source).bytes);

  it('loses comments and what applications wrote, between its scans too, and not a byte moves', () => {
    expect(holds(after, 'Person')).toBe(false);
    expect(after.length).toBe(frameOf(source).length);
    const at = (marker: number) => Buffer.from(after).indexOf(Uint8Array.of(0xff, marker));
    expect([0xfe, 0xe1, 0xec, 0xda].map(at)).toEqual([0xfe, 0xe1, 0xec, 0xda].map((marker) => Buffer.from(frameOf(source)).indexOf(Uint8Array.of(0xff, marker))));
  });

  it('keeps what decoders need: JFIF, ICC and Adobe, and the scans', () => {
    for (const each of [...kept, scan]) expect(holds(after, each)).toBe(true);
  });

  it('is blanked in every fragment', () => {
    const two = part10(minimalCt([encapsulated([frame, frame])]), { syntax: '1.2.840.10008.1.2.4.70' });
    expect(holds(deidentify(two).bytes, 'Comment on')).toBe(false);
  });
});

describe('a JPEG 2000 frame', () => {
  const codestream = (...more: Uint8Array[]) => concat([
    Uint8Array.of(0xff, 0x4f), segment(0x51, '\0'.repeat(39)), segment(0x64, '\0\x01Comment on Test Person'), ...more,
    Uint8Array.of(0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 16, 0, 1, 0xff, 0x93, 1, 2), Uint8Array.of(0xff, 0xd9),
  ]);

  it('has its comments blanked in place', () => {
    const source = part10(minimalCt([encapsulated([codestream()])]), { syntax: '1.2.840.10008.1.2.4.90' });
    const after = frameOf(deidentify(source).bytes);
    expect(holds(after, 'Person')).toBe(false);
    expect(after.length).toBe(frameOf(source).length);
    expect(Buffer.from(after).indexOf(Uint8Array.of(0xff, 0x90))).toBe(Buffer.from(frameOf(source)).indexOf(Uint8Array.of(0xff, 0x90)));
  });
});
