import type { ElementToWrite } from '../anonymizer/dicom/encode.ts';
import { equipment, patient, senderMeta, study } from './italian-patient.ts';
import { element, inTagOrder, reference, writePart10 } from './part10.ts';
import { DATE, DEVICE, NICOLO, STAFF } from './people.ts';
import { CT_SIZE } from './phantom.ts';
import { CT_SLICES, SAMPLE_UID, SOP_CLASS, ctInstance } from './uids.ts';

/** A Grayscale Softcopy Presentation State of the CT series, with the patient's initials as a text annotation. */
export function presentationStateFile(): Uint8Array {
  const elements = [
    ...patient(),
    ...study(),
    ...equipment(DEVICE.ctStation, DEVICE.ctSerial),
    ...identification(),
    ...relationship(),
    ...presentation(),
  ];
  return writePart10(inTagOrder(elements), { meta: senderMeta() });
}

/** Presentation Series and Presentation State Identification Modules (PS3.3 C.11.9, C.11.10). */
function identification(): ElementToWrite[] {
  return [
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080016, 'UI', SOP_CLASS.presentationState),
    element(0x00080018, 'UI', SAMPLE_UID.presentation),
    element(0x00080060, 'CS', 'PR'),
    element(0x00180015, 'CS', 'CHEST'),
    element(0x0020000e, 'UI', SAMPLE_UID.presentationSeries),
    element(0x00200011, 'IS', '60'),
    element(0x00200013, 'IS', '1'),
    element(0x00700080, 'CS', 'NODULO'),
    element(0x00700081, 'LO', `Nodulo di ${NICOLO.written}`),
    element(0x00700082, 'DA', DATE.presentation),
    element(0x00700083, 'TM', '111213'),
    element(0x00700084, 'PN', STAFF.reading),
  ];
}

/** Presentation State Relationship Module (C.11.11). */
function relationship(): ElementToWrite[] {
  return [
    element(0x00081115, 'SQ', [[element(0x0020000e, 'UI', SAMPLE_UID.ctSeries), element(0x00081140, 'SQ', slices())]]),
  ];
}

/** Displayed Area, Graphic Annotation, Graphic Layer, Softcopy VOI and Presentation LUT Modules (C.10.4 to C.11.8). */
function presentation(): ElementToWrite[] {
  return [
    element(0x0070005a, 'SQ', [
      [
        element(0x00700052, 'SL', [1, 1]),
        element(0x00700053, 'SL', [CT_SIZE, CT_SIZE]),
        element(0x00700100, 'CS', 'SCALE TO FIT'),
        element(0x00700101, 'DS', '2.34375\\2.34375'),
      ],
    ]),
    element(0x00700001, 'SQ', [
      [
        element(0x00081140, 'SQ', [reference(SOP_CLASS.ct, ctInstance(2))]),
        element(0x00700002, 'CS', 'NOTE'),
        element(0x00700008, 'SQ', [
          [
            element(0x00700003, 'CS', 'PIXEL'),
            element(0x00700006, 'ST', `${NICOLO.initials} ${NICOLO.birthDate}`),
            element(0x00700010, 'FL', [20, 20]),
            element(0x00700011, 'FL', [90, 32]),
            element(0x00700012, 'CS', 'LEFT'),
          ],
        ]),
        element(0x00700009, 'SQ', [
          [
            element(0x00700005, 'CS', 'PIXEL'),
            element(0x00700020, 'US', [2]),
            element(0x00700021, 'US', [2]),
            element(0x00700022, 'FL', [42, 70, 50, 70]),
            element(0x00700023, 'CS', 'CIRCLE'),
            element(0x00700024, 'CS', 'N'),
          ],
        ]),
      ],
    ]),
    element(0x00700060, 'SQ', [
      [element(0x00700002, 'CS', 'NOTE'), element(0x00700062, 'IS', '1'), element(0x00700068, 'LO', `Note su ${NICOLO.written}`)],
    ]),
    element(0x00281052, 'DS', '-1024'),
    element(0x00281053, 'DS', '1'),
    element(0x00281054, 'LO', 'HU'),
    element(0x00283110, 'SQ', [
      [element(0x00081140, 'SQ', slices()), element(0x00281050, 'DS', '-500'), element(0x00281051, 'DS', '1500')],
    ]),
    element(0x20500020, 'CS', 'IDENTITY'),
  ];
}

function slices(): (readonly ElementToWrite[])[] {
  return Array.from({ length: CT_SLICES }, (_, slice) => reference(SOP_CLASS.ct, ctInstance(slice)));
}
