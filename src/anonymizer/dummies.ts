import { type ElementToWrite, encodeValue, type Encoding, type ItemToWrite } from './dicom/encode.ts';
import { type Tag, TAG } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';

/** The text that stands for a removed one, legal in every string VR that takes letters. */
export const DUMMY_TEXT = 'ANONYMIZED';
export const DUMMY_DATE = '19000101';

/**
 * A dummy of each VR: of non-zero length, legal (PS3.5 Table 6.2-1), and saying nothing (PS3.15 E.1.1, action D).
 */
const DUMMY_OF_VR: Partial<Record<VR, string | readonly number[]>> = {
  AE: DUMMY_TEXT, AS: '000Y', AT: [0], CS: DUMMY_TEXT, DA: DUMMY_DATE, DS: '0', DT: `${DUMMY_DATE}000000`, FD: [0], FL: [0],
  IS: '0', LO: DUMMY_TEXT, LT: DUMMY_TEXT, OB: [0, 0], OD: [0], OF: [0], OL: [0], OV: [0], OW: [0], PN: DUMMY_TEXT,
  SH: DUMMY_TEXT, SL: [0], SS: [0], ST: DUMMY_TEXT, SV: [0], TM: '000000', UC: DUMMY_TEXT, UL: [0], UN: [0, 0],
  UR: 'urn:anonymized', US: [0], UT: DUMMY_TEXT, UV: [0],
};

/** Attributes whose values are Defined Terms, so that the dummy has to be one of them. */
const DUMMY_OF_TAG = new Map<Tag, string>([
  [0x04000565, 'COERCE'], // Reason for the Attribute Modification
  [0x00720061, DUMMY_DATE],
]);

/** Bytes of the dummy value of an element that is no Sequence. */
export function dummyValue(tag: Tag, vr: VR, encoding: Encoding): Uint8Array {
  return encodeValue({ tag, vr, value: DUMMY_OF_TAG.get(tag) ?? DUMMY_OF_VR[vr] ?? DUMMY_TEXT }, encoding);
}

/** The dummy of a VR as a person would read it. */
export function dummyText(vr: VR): string {
  const dummy = DUMMY_OF_VR[vr];
  return typeof dummy === 'string' ? dummy : (dummy ?? []).join(' ');
}

const text = (tag: Tag, vr: VR, value: string = DUMMY_TEXT): ElementToWrite => ({ tag, vr, value });

/** A code that means nothing, in a private coding scheme (PS3.3 8.2). */
const CODE: ItemToWrite = [
  text(TAG.CodeValue, 'SH'), text(TAG.CodingSchemeDesignator, 'SH', '99ANON'), text(TAG.CodeMeaning, 'LO'),
];

const codes = (tag: Tag): ElementToWrite => ({ tag, vr: 'SQ', value: [CODE] });

/** A reference to a Modality Performed Procedure Step that does not exist (PS3.3 Table 10-11). */
const REFERENCE: ItemToWrite = [
  text(TAG.ReferencedSOPClassUID, 'UI', '1.2.840.10008.3.1.2.3.3'), text(TAG.ReferencedSOPInstanceUID, 'UI', '2.25.0'),
];

/** The one Item of the Sequences that D asks a dummy of; others get a code (PS3.3 of each). */
const ITEMS = new Map<Tag, ItemToWrite>([
  [TAG.ContentSequence, [
    text(0x0040a010, 'CS', 'CONTAINS'),
    text(TAG.ValueType, 'CS', 'TEXT'),
    { tag: TAG.ConceptNameCodeSequence, vr: 'SQ', value: [[
      text(TAG.CodeValue, 'SH', '121071'), text(TAG.CodingSchemeDesignator, 'SH', 'DCM'), text(TAG.CodeMeaning, 'LO', 'Finding'),
    ]] },
    text(0x0040a160, 'UT'),
  ]],
  [0x0040a073, [ // Verifying Observer Sequence
    text(0x0040a027, 'LO'), text(0x0040a030, 'DT', `${DUMMY_DATE}000000`), text(0x0040a075, 'PN'),
    { tag: 0x0040a088, vr: 'SQ', value: [] },
  ]],
  [0x00081072, [text(0x00080080, 'LO'), codes(0x00401101)]], // Operator Identification Sequence
  [0x0040b020, [ // Waveform Annotation Sequence
    { tag: 0x0040a0b0, vr: 'US', value: [1, 0] },
    text(0x00700006, 'ST'),
  ]],
  [0x00081110, REFERENCE],
  [0x00081111, REFERENCE],
  [0x00340001, [{ tag: 0x00340002, vr: 'OB', value: [0, 0] }, { tag: 0x00340005, vr: 'OB', value: [0, 0] }]], // Flow Identifier
]);

/**
 * A Graphic Annotation that draws one point on the layer of the annotation it stands for: the layer is declared
 * elsewhere and has to exist (PS3.3 C.10.5).
 */
function graphicAnnotation(layer: string): ItemToWrite {
  return [
    text(0x00700002, 'CS', layer),
    { tag: 0x00700009, vr: 'SQ', value: [[
      text(0x00700005, 'CS', 'PIXEL'),
      { tag: 0x00700020, vr: 'US', value: [2] },
      { tag: 0x00700021, vr: 'US', value: [1] },
      { tag: 0x00700022, vr: 'FL', value: [1, 1] },
      text(0x00700023, 'CS', 'POINT'),
      text(0x00700024, 'CS', 'N'),
    ]] },
  ];
}

/** Bytes of the value of a Sequence that D replaces: one valid Item and no trace of the source. */
export function dummySequence(tag: Tag, layer: string, encoding: Encoding): Uint8Array {
  const item = tag === 0x00700001 ? graphicAnnotation(layer) : (ITEMS.get(tag) ?? CODE);
  return encodeValue({ tag, vr: 'SQ', value: [item] }, encoding);
}
