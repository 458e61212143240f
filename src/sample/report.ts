import type { ElementToWrite, ItemToWrite } from '../anonymizer/dicom/encode.ts';
import { TAG } from '../anonymizer/dicom/tag.ts';
import { equipment, patient, senderMeta, study } from './italian-patient.ts';
import { code, element, inTagOrder, reference, writePart10 } from './part10.ts';
import { DATE, DEVICE, NICOLO, ORDER, PLACE, STAFF } from './people.ts';
import { CT_SLICES, SAMPLE_UID, SOP_CLASS, ctInstance } from './uids.ts';

/** A verified Basic Text SR on the CT: observer, subject, free text and image references, content four levels deep. */
export function reportFile(): Uint8Array {
  const elements = [
    ...patient(),
    ...study(),
    ...equipment(DEVICE.ctStation, DEVICE.ctSerial),
    ...documentGeneral(),
    ...documentContent(),
  ];
  return writePart10(inTagOrder(elements), { meta: senderMeta() });
}

/** SR Document Series and SR Document General Modules (PS3.3 C.17.1, C.17.2). */
function documentGeneral(): ElementToWrite[] {
  return [
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080016, 'UI', SOP_CLASS.basicTextReport),
    element(0x00080018, 'UI', SAMPLE_UID.report),
    element(0x00080021, 'DA', DATE.report),
    element(0x00080023, 'DA', DATE.report),
    element(0x00080031, 'TM', '141500'),
    element(0x00080033, 'TM', '142233'),
    element(0x00080060, 'CS', 'SR'),
    element(0x0008103e, 'LO', `Referto di ${NICOLO.written}`),
    element(0x00081111, 'SQ', []),
    element(0x0020000e, 'UI', SAMPLE_UID.reportSeries),
    element(0x00200011, 'IS', '50'),
    element(0x00200013, 'IS', '1'),
    element(0x0040a073, 'SQ', [
      [
        element(0x0040a027, 'LO', PLACE.institution),
        element(0x0040a030, 'DT', `${DATE.report}143000+0200`),
        element(0x0040a075, 'PN', STAFF.reading),
        element(0x0040a088, 'SQ', [code('VIOLACEI-TA', '99BORGOFINTO', 'Violacei Tancredi')]),
      ],
    ]),
    element(0x0040a078, 'SQ', [
      [
        element(0x00080080, 'LO', PLACE.institution),
        element(0x00080082, 'SQ', []),
        element(0x0040a084, 'CS', 'PSN'),
        element(0x0040a123, 'PN', STAFF.reading),
        element(0x00401101, 'SQ', []),
      ],
    ]),
    element(0x0040a370, 'SQ', [requestedProcedure()]),
    element(0x0040a372, 'SQ', []),
    element(0x0040a375, 'SQ', [evidence()]),
    element(0x0040a491, 'CS', 'COMPLETE'),
    element(0x0040a493, 'CS', 'VERIFIED'),
  ];
}

function requestedProcedure(): ItemToWrite {
  return [
    element(0x00080050, 'SH', ORDER.accession),
    element(0x0020000d, 'UI', SAMPLE_UID.study),
    element(0x00081110, 'SQ', []),
    element(0x00321060, 'LO', `TC torace ${NICOLO.capitals}`),
    element(0x00321064, 'SQ', []),
    element(0x00401001, 'SH', ORDER.requested),
    element(0x00402016, 'LO', ORDER.placer),
    element(0x00402017, 'LO', ORDER.filler),
  ];
}

function evidence(): ItemToWrite {
  const slices = Array.from({ length: CT_SLICES }, (_, slice) => reference(SOP_CLASS.ct, ctInstance(slice)));
  return [
    element(0x0020000d, 'UI', SAMPLE_UID.study),
    element(0x00081115, 'SQ', [[element(0x0020000e, 'UI', SAMPLE_UID.ctSeries), element(0x00081199, 'SQ', slices)]]),
  ];
}

/** SR Document Content Module (C.17.3). */
function documentContent(): ElementToWrite[] {
  const title = code('18748-4', 'LN', 'Diagnostic imaging report');
  return [
    element(TAG.ValueType, 'CS', 'CONTAINER'),
    element(TAG.ConceptNameCodeSequence, 'SQ', [title]),
    element(0x0040a050, 'CS', 'SEPARATE'),
    element(TAG.ContentSequence, 'SQ', [
      content('HAS CONCEPT MOD', 'CODE', code('121049', 'DCM', 'Language of Content Item and Descendants'), [
        element(0x0040a168, 'SQ', [code('ita', 'RFC5646', 'Italian')]),
      ]),
      ...observation(),
      content('CONTAINS', 'CONTAINER', code('121070', 'DCM', 'Findings'), [element(0x0040a050, 'CS', 'SEPARATE')], findings()),
      content('CONTAINS', 'CONTAINER', code('121076', 'DCM', 'Conclusions'), [element(0x0040a050, 'CS', 'SEPARATE')], [
        text('CONTAINS', code('121077', 'DCM', 'Conclusion'), `${NICOLO.written} sta bene. Prossimo controllo dopo il 17 maggio 2024.`),
      ]),
    ]),
  ];
}

/** Who observed and whom (TID 1002, 1003, 1006). */
function observation(): ItemToWrite[] {
  const context = 'HAS OBS CONTEXT';
  return [
    content(context, 'CODE', code('121005', 'DCM', 'Observer Type'), [element(0x0040a168, 'SQ', [code('121006', 'DCM', 'Person')])]),
    content(context, 'PNAME', code('121008', 'DCM', 'Person Observer Name'), [element(0x0040a123, 'PN', STAFF.reading)]),
    text(context, code('121009', 'DCM', "Person Observer's Organization Name"), PLACE.institution),
    content(context, 'PNAME', code('121029', 'DCM', 'Subject Name'), [element(0x0040a123, 'PN', NICOLO.name)]),
    text(context, code('121030', 'DCM', 'Subject ID'), NICOLO.taxCode),
    content(context, 'DATE', code('121031', 'DCM', 'Subject Birth Date'), [element(0x0040a121, 'DA', NICOLO.birthDate)]),
    content(context, 'UIDREF', code('121018', 'DCM', 'Procedure Study Instance UID'), [element(0x0040a124, 'UI', SAMPLE_UID.study)]),
  ];
}

function findings(): ItemToWrite[] {
  const finding = code('121071', 'DCM', 'Finding');
  return [
    text('CONTAINS', finding, `Nodulo di 6 mm al lobo medio nel sig. ${NICOLO.written}, tornitore in pensione.`, [
      image(2),
      text('HAS PROPERTIES', code('121106', 'DCM', 'Comment'), `Il paziente (tel. ${NICOLO.telephone}) racconta di una caduta dalla bicicletta.`, [
        image(4),
      ]),
    ]),
    content('CONTAINS', 'DATETIME', code('121433', 'DCM', 'Date of procedure'), [
      element(0x0040a120, 'DT', `${DATE.study}093142`),
      element(0x0040a171, 'UI', SAMPLE_UID.observation),
    ]),
  ];
}

/** IMAGE that a text is inferred from. */
function image(slice: number): ItemToWrite {
  return [
    element(0x00081199, 'SQ', [reference(SOP_CLASS.ct, ctInstance(slice))]),
    element(0x0040a010, 'CS', 'INFERRED FROM'),
    element(TAG.ValueType, 'CS', 'IMAGE'),
  ];
}

function text(relationship: string, concept: ItemToWrite, value: string, children: readonly ItemToWrite[] = []): ItemToWrite {
  return content(relationship, 'TEXT', concept, [element(0x0040a160, 'UT', value)], children);
}

function content(
  relationship: string,
  valueType: string,
  concept: ItemToWrite,
  value: readonly ElementToWrite[],
  children: readonly ItemToWrite[] = [],
): ItemToWrite {
  return [
    element(0x0040a010, 'CS', relationship),
    element(TAG.ValueType, 'CS', valueType),
    element(TAG.ConceptNameCodeSequence, 'SQ', [concept]),
    ...value,
    ...(children.length > 0 ? [element(TAG.ContentSequence, 'SQ', children)] : []),
  ];
}
