import { TAG, type Tag } from './dicom/tag.ts';

/**
 * An attribute that a Directory Record repeats from the file. Type 1 has a value, a dummy where the file has none;
 * Type 2 may be empty; Type 3 stands for 1C too and is there where the file has a value (PS3.3 F.5).
 */
export interface Key {
  readonly tag: Tag;
  readonly type: 1 | 2 | 3;
  /** Of a Sequence: what its Items repeat. */
  readonly items?: readonly Key[];
  /** Of a Content Sequence: the relationship of the Items that are repeated, the others are left out. */
  readonly only?: string;
  /** A Sequence of the file whose Items hold the value; the latest of them is repeated. */
  readonly within?: Tag;
}

const required = (tag: Tag, items?: readonly Key[]): Key => ({ tag, type: 1, ...(items === undefined ? {} : { items }) });
const orEmpty = (tag: Tag, items?: readonly Key[]): Key => ({ tag, type: 2, ...(items === undefined ? {} : { items }) });
const ifPresent = (tag: Tag, items?: readonly Key[]): Key => ({ tag, type: 3, ...(items === undefined ? {} : { items }) });

/** Code Sequence Macro (PS3.3 Table 8.8-1) without what enhances it. */
const CODE = [
  ifPresent(TAG.CodeValue), ifPresent(TAG.CodingSchemeDesignator), ifPresent(0x00080103), required(TAG.CodeMeaning),
  ifPresent(TAG.LongCodeValue), ifPresent(0x00080120),
];
/** SOP Instance Reference Macro and Image SOP Instance Reference Macro (PS3.3 Tables 10-11 and 10-3). */
const REFERENCE = [required(TAG.ReferencedSOPClassUID), required(TAG.ReferencedSOPInstanceUID), ifPresent(0x00081160), ifPresent(0x0062000b)];
const REFERENCED_SERIES = [required(TAG.SeriesInstanceUID), ifPresent(0x00081140, REFERENCE), ifPresent(0x0008114a, REFERENCE)];

const INSTANCE_NUMBER = required(0x00200013);
const CONTENT_DATE_AND_TIME = [required(0x00080023), required(0x00080033)];
/** Content Identification Macro (PS3.3 Table 10-12): number, label, description, creator. */
const CONTENT_IDENTIFICATION = [INSTANCE_NUMBER, required(0x00700080), orEmpty(0x00700081), orEmpty(0x00700084)];
const CONTENT = [...CONTENT_DATE_AND_TIME, ...CONTENT_IDENTIFICATION];
/** The Items that modify a document's title, and theirs in turn. */
const modifiers = (below: readonly Key[] = []): Key => ({
  ...ifPresent(TAG.ContentSequence, [
    required(0x0040a010), required(TAG.ValueType), required(TAG.ConceptNameCodeSequence, CODE), ifPresent(0x0040a160),
    ifPresent(0x0040a168, CODE), ...below,
  ]),
  only: 'HAS CONCEPT MOD',
});
/** In the Verifying Observer Sequence of the file, but not of the record (PS3.3 Table F.5-25). */
const VERIFICATION_DATE_TIME: Key = { ...ifPresent(0x0040a030), within: 0x0040a073 };
const TITLE = [required(TAG.ConceptNameCodeSequence, CODE), modifiers([modifiers()])];

/** Keys of the three levels above the instances (PS3.3 F.5.1 to F.5.3); the UIDs are added by who knows them. */
export const PATIENT_KEYS = [orEmpty(TAG.PatientName)];
export const STUDY_KEYS = [
  required(TAG.StudyDate), required(TAG.StudyTime), orEmpty(TAG.AccessionNumber), orEmpty(0x00081030), required(0x00200010),
];
export const SERIES_KEYS = [required(TAG.Modality), required(0x00200011)];

/** Keys of the records that reference a file, by Directory Record Type (PS3.3 F.5.4 to F.5.49). */
export const INSTANCE_KEYS = {
  IMAGE: [INSTANCE_NUMBER],
  'RT DOSE': [INSTANCE_NUMBER, required(0x3004000a)], // Dose Summation Type
  'RT STRUCTURE SET': [INSTANCE_NUMBER, required(0x30060002), orEmpty(0x30060008), orEmpty(0x30060009)], // label, date, time
  'RT PLAN': [INSTANCE_NUMBER, required(0x300a0002), orEmpty(0x300a0006), orEmpty(0x300a0007)], // label, date, time
  'RT TREAT RECORD': [INSTANCE_NUMBER, orEmpty(0x30080250), orEmpty(0x30080251)], // date, time
  PRESENTATION: [
    required(0x00700082), required(0x00700083), ...CONTENT_IDENTIFICATION, // creation date, creation time
    ifPresent(0x00081115, REFERENCED_SERIES),
    ifPresent(0x00700402, [required(TAG.StudyInstanceUID), required(0x00081115, REFERENCED_SERIES)]), // Blending Sequence
  ],
  WAVEFORM: [INSTANCE_NUMBER, ...CONTENT_DATE_AND_TIME],
  'SR DOCUMENT': [INSTANCE_NUMBER, required(0x0040a491), required(0x0040a493), ...CONTENT_DATE_AND_TIME, VERIFICATION_DATE_TIME, ...TITLE],
  'KEY OBJECT DOC': [INSTANCE_NUMBER, ...CONTENT_DATE_AND_TIME, ...TITLE],
  SPECTROSCOPY: [
    required(TAG.ImageType), ...CONTENT_DATE_AND_TIME, INSTANCE_NUMBER, ifPresent(0x00089092, REFERENCE),
    required(0x00280008), required(0x00280010), required(0x00280011), required(0x00289001), required(0x00289002), // frames, rows, columns
  ],
  'RAW DATA': [...CONTENT_DATE_AND_TIME, orEmpty(0x00200013)],
  REGISTRATION: CONTENT,
  FIDUCIAL: CONTENT,
  'VALUE MAP': CONTENT,
  MEASUREMENT: CONTENT,
  SURFACE: CONTENT,
  TRACT: CONTENT,
  ANNOTATION: CONTENT,
  'SURFACE SCAN': CONTENT_DATE_AND_TIME,
  ASSESSMENT: [INSTANCE_NUMBER, required(0x00080012), orEmpty(0x00080013)], // Instance Creation Date and Time
  RADIOTHERAPY: [INSTANCE_NUMBER, ifPresent(0x30100033), ifPresent(0x30100034), orEmpty(0x00700081), orEmpty(0x00700084)],
  // Document Title, HL7 Instance Identifier, MIME Type
  'ENCAP DOC': [
    orEmpty(0x00080023), orEmpty(0x00080033), INSTANCE_NUMBER, orEmpty(0x00420010), ifPresent(0x0040e001),
    orEmpty(TAG.ConceptNameCodeSequence, CODE), required(TAG.MIMETypeOfEncapsulatedDocument),
  ],
  STEREOMETRIC: [],
  PLAN: [],
  'HANGING PROTOCOL': [
    required(0x00720002), required(0x00720004), required(0x00720006), required(0x00720008), required(0x0072000a),
    required(0x0072000c, [
      ifPresent(TAG.Modality), ifPresent(0x00082218, CODE), ifPresent(0x00200060), orEmpty(0x00081032, CODE), orEmpty(0x0040100a, CODE),
    ]),
    orEmpty(0x0072000e, CODE), required(0x00720014),
  ],
  PALETTE: [required(0x00700080), orEmpty(0x00700081)],
  IMPLANT: [required(0x00080070), required(0x00221095), required(0x00221097), ifPresent(0x00686210)],
  'IMPLANT ASSY': [required(0x00080070), required(0x00760001), required(0x00760020, CODE)],
  'IMPLANT GROUP': [required(0x00780001), required(0x00780020)],
} as const satisfies Record<string, readonly Key[]>;

export type InstanceRecordType = keyof typeof INSTANCE_KEYS;

/** Records that stand beside patients and not below them (PS3.3 Table F.4-1). */
const AT_ROOT: ReadonlySet<InstanceRecordType> = new Set(['HANGING PROTOCOL', 'PALETTE', 'IMPLANT', 'IMPLANT ASSY', 'IMPLANT GROUP']);

export function standsAtRoot(type: InstanceRecordType): boolean {
  return AT_ROOT.has(type);
}

/** Values for Type 1 keys that the file lacks, where the dummy of the VR would be none of the Defined Terms. */
export const DUMMY_OF_KEY: ReadonlyMap<Tag, string> = new Map([
  [TAG.Modality, 'OT'],
  [TAG.ImageType, 'DERIVED\\SECONDARY'],
  [TAG.MIMETypeOfEncapsulatedDocument, 'application/octet-stream'],
  [0x0040a491, 'PARTIAL'],
  [0x0040a493, 'UNVERIFIED'],
  [0x3004000a, 'RECORD'],
  [0x00720006, 'SITE'],
]);

/** Under 1.2.840.10008.5.1.4; `.*` stands for all below, and the longest that fits decides. */
const TYPE_OF_SOP_CLASSES: Partial<Record<InstanceRecordType, string>> = {
  IMAGE: `1.1.1 1.1.1.* 1.1.2 1.1.2.* 1.1.3 1.1.3.1 1.1.4 1.1.4.1 1.1.4.3 1.1.4.4 1.1.5 1.1.6 1.1.6.* 1.1.7 1.1.7.* 1.1.12.* 1.1.13.*
    1.1.14.* 1.1.20 1.1.30 1.1.66.4 1.1.66.7 1.1.66.8 1.1.77.1 1.1.77.1.* 1.1.77.2 1.1.81.1 1.1.82.1 1.1.128 1.1.128.1 1.1.130 1.1.481.1
    1.1.481.23 1.1.481.24`,
  'RT DOSE': '1.1.481.2',
  'RT STRUCTURE SET': '1.1.481.3',
  'RT PLAN': '1.1.481.5 1.1.481.8',
  'RT TREAT RECORD': '1.1.481.4 1.1.481.6 1.1.481.7 1.1.481.9',
  RADIOTHERAPY: `1.1.481.10 1.1.481.11 1.1.481.12 1.1.481.13 1.1.481.14 1.1.481.15 1.1.481.16 1.1.481.17 1.1.481.18 1.1.481.19 1.1.481.20
    1.1.481.21 1.1.481.22 1.1.481.25`,
  PRESENTATION: '1.1.11.* 1.1.9.100.* 1.1.131',
  WAVEFORM: '1.1.9.*',
  'SR DOCUMENT': '1.1.88.* 1.1.78.6 1.1.79.1',
  'KEY OBJECT DOC': '1.1.88.59',
  SPECTROSCOPY: '1.1.4.2',
  'RAW DATA': '1.1.66',
  REGISTRATION: '1.1.66.1 1.1.66.3',
  FIDUCIAL: '1.1.66.2',
  SURFACE: '1.1.66.5',
  TRACT: '1.1.66.6',
  'VALUE MAP': '1.1.67',
  'SURFACE SCAN': '1.1.68.*',
  STEREOMETRIC: '1.1.77.1.5.3',
  MEASUREMENT: '1.1.78.* 1.1.80.1',
  ASSESSMENT: '1.1.90.1',
  ANNOTATION: '1.1.91.1',
  'ENCAP DOC': '1.1.104.*',
  PLAN: '34.7 34.10',
  'HANGING PROTOCOL': '38.1',
  PALETTE: '39.1',
  IMPLANT: '43.1',
  'IMPLANT ASSY': '44.1',
  'IMPLANT GROUP': '45.1',
};

const STORAGE_ROOT = '1.2.840.10008.5.1.4.';

/** The Directory Record Type that references instances of a SOP Class (PS3.3 F.4, F.5); undefined where none does. */
export function recordTypeOf(sopClass: string): InstanceRecordType | undefined {
  types ??= new Map(Object.entries(TYPE_OF_SOP_CLASSES).flatMap(([type, classes]) =>
    classes.split(/\s+/).map((each) => [each, type as InstanceRecordType] as const)));
  if (!sopClass.startsWith(STORAGE_ROOT)) return undefined;
  let rest = sopClass.slice(STORAGE_ROOT.length);
  const own = types.get(rest);
  if (own !== undefined) return own;
  while (rest.includes('.')) {
    rest = rest.slice(0, rest.lastIndexOf('.'));
    const family = types.get(`${rest}.*`);
    if (family !== undefined) return family;
  }
  return undefined;
}

let types: ReadonlyMap<string, InstanceRecordType> | undefined;
