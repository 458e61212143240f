import { deflateRawSync } from 'node:zlib';
import { concat, encodeHeader } from '../../src/anonymizer/dicom/encode.ts';
import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '../../src/anonymizer/dicom/transfer-syntax.ts';
import { element, encodingOf, wrapPart10 } from '../../src/sample/part10.ts';
import { bare, item, sequence } from '../fixtures/data-set.ts';
import { JPEG_2000, JPEG_BASELINE, JPEG_LS, makeFloatPixels, makePixels, type Pixels } from './bulk.ts';
import { CHARACTER_SETS, type CharacterSet, hasIdeographs, utf8 } from './charsets.ts';
import { type Kind, KINDS, referenceTo } from './instances.ts';
import { LOCALES, makeLabel, makePatient, makeWord, nameValue, type Patient } from './people.ts';
import { distinct, GAPS, NESTABLE, type Plant, plantChain, planted, plantRow, plantUnlisted } from './plant.ts';
import type { LeakFile, Place, StudyUids } from './planted.ts';
import { plantPrivates } from './private-plants.ts';
import { Random } from './random.ts';
import { type Attribute, ROWS, type TableRow, unlistedAttributes } from './standard.ts';
import { makeUid } from './values.ts';

const DEFLATED = '1.2.840.10008.1.2.1.99';
const NATIVE = [IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN, DEFLATED] as const;
const SYNTAXES = [...NATIVE, EXPLICIT_LITTLE_ENDIAN, JPEG_BASELINE, JPEG_2000, JPEG_LS] as const;
const FILES_OF_A_STUDY = 6;
/** Elements of group 5000 to 60FF that would contradict the overlay that is planted whole. */
const TOP_ROWS: readonly TableRow[] = ROWS.filter(({ key }) => key !== 'private' && key !== '0040A730' && key !== '00020003' && !key.startsWith('60xx'));

/** Patients, studies and files from a seed: the same for the same numbers, on any machine. */
export function generate(seed: number, count: number): LeakFile[] {
  const random = new Random(seed);
  const files: LeakFile[] = [];
  const gaps = unlistedAttributes();
  let nestedRows: TableRow[] = [];
  let chosen: Attribute[] = [];
  for (let i = 0; files.length < count; i++) {
    random.forget();
    const patient = makePatient(random, LOCALES[i % LOCALES.length]);
    const uids = studyUids(random);
    // A street of the patient's city that bears the name of somebody in another element would look like a leak of that.
    random.hold();
    for (let n = 0; n < FILES_OF_A_STUDY && files.length < count; n++) {
      random.forget();
      if (nestedRows.length < 80) nestedRows = [...nestedRows, ...random.shuffled(NESTABLE)];
      if (chosen.length < 250) chosen = [...chosen, ...random.shuffled(gaps)];
      const at = files.length;
      files.push(new Writer(random, patient, uids, n, KINDS[at % KINDS.length], SYNTAXES[(at * 3 + i) % SYNTAXES.length], at % 3 !== 2).file(
        at, nestedRows.splice(0, 80), chosen.splice(0, 250),
      ));
    }
  }
  return files;
}

function studyUids(random: Random): StudyUids {
  const uid = () => makeUid({ random });
  return { study: uid(), series: [uid(), uid()], frameOfReference: uid(), instances: Array.from({ length: FILES_OF_A_STUDY }, uid) };
}

class Writer {
  private readonly place: Place;
  private readonly loose: string[] = [];
  private readonly set: CharacterSet;
  private readonly syntax: string;

  constructor(
    private readonly random: Random, private readonly patient: Patient, private readonly uids: StudyUids, private readonly n: number,
    private readonly kind: Kind, syntax: string, private readonly isDense: boolean,
  ) {
    const sets = CHARACTER_SETS.filter((set) => (patient.locale === 'ja' ? set !== 'ISO_IR 100' : set !== '\\ISO 2022 IR 87' && (set !== 'GB18030' || random.chance(0.3))));
    this.set = random.pick(sets);
    this.syntax = kind.bulk === 'grey' ? syntax : random.pick(NATIVE);
    this.place = { random, patient, set: this.set, uids, fixed: this.fixedValues(), explicit: this.syntax !== IMPLICIT_LITTLE_ENDIAN, unknownSequences: this.syntax !== IMPLICIT_LITTLE_ENDIAN && this.syntax !== EXPLICIT_BIG_ENDIAN };
  }

  file(number: number, nestedRows: readonly TableRow[], unlisted: readonly Attribute[]): LeakFile {
    const { random, patient, kind, syntax } = this;
    const pixels = kind.bulk === 'none' ? undefined : kind.bulk === 'float' ? makeFloatPixels(random) : makePixels(random, syntax, patient.name.family);
    const plants = distinct([...this.plants(nestedRows, unlisted), ...kind.own(this.place)]);
    const bytes = this.write(plants, pixels);
    const name = `${patient.name.family}_${patient.name.given}/${patient.studyDate} ${patient.institution}/${patient.id.replace('/', '_')} ${String(number).padStart(3, '0')}.dcm`;
    this.loose.push(...(pixels?.secrets ?? []));
    return { name, bytes, sopClass: kind.sopClass, syntax, patient, planted: plants.flatMap((each) => each.planted), loose: this.loose };
  }

  /** Values that make the file an instance of its patient, study and series. */
  private fixedValues(): Map<number, string> {
    const { patient, uids, n } = this;
    const person = (name: Patient['name']) => nameValue(name, hasIdeographs(this.set));
    return new Map<number, string>([
      [TAG.SOPInstanceUID, uids.instances[n]], [TAG.StudyInstanceUID, uids.study], [TAG.SeriesInstanceUID, uids.series[n % 2]], [0x00200052, uids.frameOfReference],
      [TAG.PatientName, person(patient.name)], [TAG.PatientID, patient.id], [TAG.IssuerOfPatientID, patient.issuer], [TAG.PatientBirthDate, patient.birthDate],
      [TAG.StudyDate, patient.studyDate], [TAG.AccessionNumber, patient.accession], [0x00200010, patient.studyId],
      [0x00080090, person(patient.referring)], [0x00081050, person(patient.performing)], [0x00080080, patient.institution], [0x00080081, patient.institutionAddress],
      [0x00101040, `${patient.street}, ${patient.city}`], [0x00102154, patient.telephone], [0x00181000, patient.serial],
      [0x00081010, `${patient.serial.slice(0, 3)}STATION`], [0x00100040, 'F'],
    ]);
  }

  private plants(nestedRows: readonly TableRow[], unlisted: readonly Attribute[]): Plant[] {
    const { place, random, isDense } = this;
    const fixed = new Set(place.fixed.keys());
    const isWanted = (row: TableRow) => isDense || fixed.has(Number.parseInt(row.key, 16)) || random.chance(0.08);
    const top = TOP_ROWS.filter(isWanted).flatMap((row) => (this.isStructure(row) && this.syntax !== EXPLICIT_LITTLE_ENDIAN ? [] : [plantRow(place, row, [])]));
    const depth = random.between(1, 4);
    const quarter = Math.ceil(nestedRows.length / 4);
    const chains = [0x00082218, 0x00089215, 0x00400260, 0x00189326].map((tag, i) => plantChain(place, tag, nestedRows.slice(i * quarter, (i + 1) * quarter), ((depth + i) % 4) + 1));
    const others = (isDense ? unlisted : unlisted.slice(0, 60)).flatMap((each) => plantUnlisted(place, each, []) ?? []);
    const gaps = unlistedAttributes().filter(({ tag }) => GAPS.has(tag)).flatMap((each) => plantUnlisted(place, each, []) ?? []);
    const privates = plantPrivates(place, isDense ? 12 : 3);
    return [...others, ...gaps, ...privates, ...this.structure(), ...this.overlay(), ...this.references(), ...top, ...chains];
  }

  /** Group 0000 and 0004, where dicom-parser can tell them from the File Meta Information. */
  private isStructure({ key }: TableRow): boolean {
    return key < '0008';
  }

  /** Retired group lengths of several groups, at the top level (PS3.5 7.2). */
  private structure(): Plant[] {
    return [0x00080000, 0x00100000, 0x00200000, 0x00290000].map((tag) => planted(this.place, {
      tag, vr: 'UL', prefix: [], origin: 'structure', content: 'secret', label: 'group length', value: { value: [this.random.between(100, 9000)], secrets: [], benign: [] },
    }));
  }

  /** An overlay plane with its texts in one of the 16 groups (PS3.3 C.9.2). */
  private overlay(): Plant[] {
    const { place, random } = this;
    const group = 0x60000000 + 0x20000 * random.below(15);
    const plain = (tag: number, value: string | number[]): Plant => ({ element: element(tag, vrOfTag(tag) ?? 'US', value), planted: [] });
    const rows = ROWS.filter(({ key }) => key.startsWith('60xx')).map((row) => plantRow(place, row, [], group + Number.parseInt(row.key.slice(4), 16)));
    return [
      plain(group + 0x10, [4]), plain(group + 0x11, [32]), plain(group + 0x40, 'G'), plain(group + 0x50, [1, 1]), plain(group + 0x100, [1]), plain(group + 0x102, [0]),
      planted(place, { tag: group + 0x22, vr: 'LO', prefix: [], origin: 'gap', content: 'secret', value: this.word() }),
      planted(place, { tag: group + 0x1500, vr: 'LO', prefix: [], origin: 'gap', content: 'secret', value: this.word() }),
      ...rows,
    ];
  }

  private word(): { value: string; secrets: readonly string[]; benign: readonly string[] } {
    const text = makeLabel(this.random, 18);
    return { value: text, secrets: [text], benign: [] };
  }

  /** Referenced Series with instances of the same study: kept, with the UIDs that the other files get. */
  private references(): Plant[] {
    const { place, uids, random } = this;
    const series = random.pick(uids.series);
    const instance = random.pick(uids.instances);
    const items = item([element(TAG.SeriesInstanceUID, 'UI', series), element(0x0008114a, 'SQ', [[...referenceTo({ ...place, uids: { ...uids, instances: [instance] } })]])]);
    const key = (path: readonly number[], label: string, uid: string) => ({ path, vr: 'UI' as const, label, origin: 'table' as const, content: 'secret' as const, row: ROWS.find((row) => row.key === label), secrets: [uid], benign: [] });
    return [{
      element: sequence(0x00081115, [items]),
      planted: [key([0x00081115, 0, TAG.SeriesInstanceUID], '0020000E', series), key([0x00081115, 0, 0x0008114a, 0, TAG.ReferencedSOPInstanceUID], '00081155', instance)],
    }];
  }

  private write(plants: readonly Plant[], pixels: Pixels | undefined): Uint8Array {
    const { random, place, kind, syntax } = this;
    const head = [
      element(TAG.SpecificCharacterSet, 'CS', place.set), element(TAG.SOPClassUID, 'UI', kind.sopClass), element(TAG.Modality, 'CS', kind.modality),
      ...(kind.sopClass.includes('.104.') ? [element(TAG.MIMETypeOfEncapsulatedDocument, 'LO', kind.name === 'PDF' ? 'application/pdf' : 'text/xml')] : []),
    ];
    const byTag = new Map([...plants.map((each) => each.element), ...(pixels === undefined ? [] : [pixels.element]), ...head].map((each) => [each.tag, each]));
    const elements = [...byTag.values()].sort((a, b) => a.tag - b.tag);
    const words = Array.from({ length: 5 }, () => makeLabel(random, 14));
    this.loose.push(...words);
    const after = random.chance(0.5) ? concat([encodeHeader(0xfffcfffc, 'OB', 16, encodingOf({ transferSyntax: syntax })), utf8(words[3].padEnd(16))]) : new Uint8Array(0);
    const dataSet = concat([bare(elements, encodingOf({ transferSyntax: syntax })), byTag.has(0xfffcfffc) ? new Uint8Array(0) : after]);
    return wrapPart10(dataSet, {
      transferSyntax: syntax, preamble: utf8(`${words[0]} ${makeWord(random, 'en')}`),
      ...(syntax === DEFLATED ? { deflate: (bytes: Uint8Array) => deflateRawSync(bytes) } : {}),
      meta: [
        element(TAG.MediaStorageSOPClassUID, 'UI', kind.sopClass), element(TAG.MediaStorageSOPInstanceUID, 'UI', this.uids.instances[this.n]),
        element(0x00020016, 'AE', words[1]), element(0x00020017, 'AE', words[2]), element(0x00020100, 'UI', makeUid(place)), element(0x00020102, 'OB', utf8(words[4])),
      ],
    });
  }
}
