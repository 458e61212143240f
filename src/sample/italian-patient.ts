import type { ElementToWrite } from '../anonymizer/dicom/encode.ts';
import { DATE, DEVICE, NICOLO, ORDER, PLACE, STAFF } from './people.ts';
import { code, element, reference } from './part10.ts';
import { SAMPLE_UID, SOP_CLASS } from './uids.ts';

/** Patient Module (PS3.3 C.7.1.1) and Patient Study Module (C.7.2.2), with all that devices add to them. */
export function patient(): ElementToWrite[] {
  return [
    element(0x00100010, 'PN', NICOLO.name),
    element(0x00100020, 'LO', NICOLO.taxCode),
    element(0x00100021, 'LO', NICOLO.issuer),
    element(0x00100030, 'DA', NICOLO.birthDate),
    element(0x00100032, 'TM', NICOLO.birthTime),
    element(0x00100040, 'CS', 'M'),
    element(0x00101000, 'LO', `${NICOLO.hospitalNumber}\\${NICOLO.oldHospitalNumber}`), // Other Patient IDs, retired
    element(0x00101001, 'PN', NICOLO.otherNames),
    element(0x00101002, 'SQ', [
      [element(0x00100020, 'LO', NICOLO.hospitalNumber), element(0x00100021, 'LO', NICOLO.issuer), element(0x00100022, 'CS', 'TEXT')],
      [element(0x00100020, 'LO', NICOLO.healthCard), element(0x00100021, 'LO', 'TESSERA SANITARIA'), element(0x00100022, 'CS', 'TEXT')],
    ]),
    element(0x00101005, 'PN', NICOLO.birthName),
    element(0x00101010, 'AS', '060Y'),
    element(0x00101020, 'DS', '1.74'),
    element(0x00101030, 'DS', '71.3'),
    element(0x00101040, 'LO', NICOLO.address),
    element(0x00101060, 'PN', NICOLO.motherBirthName),
    element(0x00102110, 'LO', 'allergico alle penne di struzzo'),
    element(0x00102154, 'SH', NICOLO.telephone),
    element(0x00102155, 'LT', NICOLO.mail),
    element(0x00102160, 'SH', 'Borgofintese'),
    element(0x00102180, 'SH', 'tornitore'),
    element(0x001021a0, 'CS', 'NO'),
    element(0x001021b0, 'LT', `Il sig. ${NICOLO.written}, tornitore in pensione, caduta dalla bicicletta il 17/05/2024.`),
    element(0x00104000, 'LT', `Avvisare la moglie al ${NICOLO.telephone}. Nato il 29/02/1964.`),
    element(0x00380010, 'LO', ORDER.admission),
    element(0x00380020, 'DA', DATE.admission),
    element(0x00380300, 'LO', 'Letto 14, Ospedale Immaginario'),
    element(0x00384000, 'LT', `Ricovero del sig. ${NICOLO.written}`),
  ];
}

/** General Study Module (C.7.2.1). */
export function study(): ElementToWrite[] {
  return [
    element(0x0020000d, 'UI', SAMPLE_UID.study),
    element(0x00200010, 'SH', ORDER.study),
    element(0x00080020, 'DA', DATE.study),
    element(0x00080030, 'TM', '093142.137'),
    element(0x00080050, 'SH', ORDER.accession),
    element(0x00080051, 'SQ', [[element(0x00400031, 'UT', 'Ospedale Immaginario di Borgofinto')]]),
    element(0x00080090, 'PN', STAFF.referring),
    element(0x00080092, 'ST', 'Studio Bianchetti, Via Che Non Esiste 3'),
    element(0x00080094, 'SH', NICOLO.telephone),
    element(0x00081030, 'LO', `TC torace di ${NICOLO.written} 17/05/2024`),
    element(0x00081048, 'PN', STAFF.ofRecord),
    element(0x00081049, 'SQ', [
      [
        element(0x00080080, 'LO', PLACE.institution),
        element(0x00401101, 'SQ', [code('GIALLINI-EV', '99BORGOFINTO', 'Giallini Evaristo')]),
        element(0x00401102, 'ST', PLACE.address),
        element(0x00401104, 'LT', STAFF.ofRecordMail),
      ],
    ]),
    element(0x00081060, 'PN', STAFF.reading),
    element(0x00081110, 'SQ', [reference(SOP_CLASS.detachedStudy, SAMPLE_UID.priorStudy)]),
    element(0x00321032, 'PN', STAFF.requesting),
    element(0x00321060, 'LO', `TC torace ${NICOLO.capitals}`),
    element(0x00324000, 'LT', `Confrontare con esame del 17 maggio 2024 del vicino di casa.`),
  ];
}

/** The Performed Procedure Step Summary and the order (PS3.3 C.4.13, C.4.17). */
export function order(): ElementToWrite[] {
  return [
    element(0x00081111, 'SQ', [reference(SOP_CLASS.performedStep, SAMPLE_UID.performedStep)]),
    element(0x00400244, 'DA', DATE.study),
    element(0x00400245, 'TM', '093012'),
    element(0x00400250, 'DA', DATE.study),
    element(0x00400251, 'TM', '095501'),
    element(0x00400253, 'SH', ORDER.performed),
    element(0x00400254, 'LO', `Torace, sig. ${NICOLO.written}`),
    element(0x00400275, 'SQ', [
      [
        element(0x00080050, 'SH', ORDER.accession),
        element(0x0020000d, 'UI', SAMPLE_UID.study),
        element(0x00321060, 'LO', `TC torace ${NICOLO.capitals}`),
        element(0x00400006, 'PN', STAFF.performing),
        element(0x00400007, 'LO', `Torace per ${NICOLO.written}, tel. ${NICOLO.telephone}`),
        element(0x00400009, 'SH', ORDER.scheduled),
        element(0x00401001, 'SH', ORDER.requested),
        element(0x00401002, 'LO', 'caduta dalla bicicletta'),
      ],
    ]),
    element(0x00402016, 'LO', ORDER.placer),
    element(0x00402017, 'LO', ORDER.filler),
    element(0x00402004, 'DA', DATE.order),
    element(0x00402008, 'PN', STAFF.requesting),
    element(0x00402010, 'SH', NICOLO.telephone),
  ];
}

/** General Equipment Module (C.7.5.1). */
export function equipment(station: string, serial: string): ElementToWrite[] {
  return [
    element(0x00080070, 'LO', 'Fabbrica Immaginaria'),
    element(0x00080080, 'LO', PLACE.institution),
    element(0x00080081, 'ST', PLACE.address),
    element(0x00081010, 'SH', station),
    element(0x00081040, 'LO', PLACE.department),
    element(0x00081090, 'LO', 'Modello Finto 3'),
    element(0x00181000, 'LO', serial),
    element(0x00181002, 'UI', SAMPLE_UID.device),
    element(0x00181020, 'LO', '1.0.7'),
    element(0x00181200, 'DA', DATE.calibration),
    element(0x00181201, 'TM', '060000'),
  ];
}

/** Original Attributes Sequence (C.12.1.1.9): what a coercion replaced, in clear. */
export function originalAttributes(): ElementToWrite[] {
  return [
    element(0x04000561, 'SQ', [
      [
        element(0x04000550, 'SQ', [
          [element(0x00100010, 'PN', NICOLO.birthName), element(0x00100020, 'LO', NICOLO.oldHospitalNumber), element(0x00100030, 'DA', NICOLO.birthDate)],
        ]),
        element(0x04000562, 'DT', `${DATE.coercion}081530.25+0200`),
        element(0x04000563, 'LO', DEVICE.archiveAeTitle),
        element(0x04000564, 'LO', PLACE.institution),
        element(0x04000565, 'CS', 'COERCE'),
      ],
    ]),
  ];
}

/** File Meta Information that a device or an archive fills in besides what is needed (PS3.10 Table 7.1-1). */
export function senderMeta(): ElementToWrite[] {
  return [
    element(0x00020016, 'AE', DEVICE.ctAeTitle),
    element(0x00020017, 'AE', DEVICE.ctAeTitle),
    element(0x00020018, 'AE', DEVICE.archiveAeTitle),
    element(0x00020026, 'UR', 'dicom://borgofinto.invalid:11112'),
    element(0x00020100, 'UI', SAMPLE_UID.instanceCreator),
    element(0x00020102, 'OB', Uint8Array.from(`${NICOLO.capitals} ${NICOLO.taxCode}`, (character) => character.charCodeAt(0))),
  ];
}
