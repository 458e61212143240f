import { encodeText, type ElementToWrite } from '../anonymizer/dicom/encode.ts';
import { equipment, order, originalAttributes, patient, senderMeta, study } from './italian-patient.ts';
import { code, element, inTagOrder, reference, writePart10 } from './part10.ts';
import { DATE, DEVICE, NICOLO, PLACE, STAFF } from './people.ts';
import { CT_INTERCEPT, CT_SIZE, ctOverlay, ctSlice } from './phantom.ts';
import { CT_SLICES, SAMPLE_UID, SOP_CLASS, ctInstance } from './uids.ts';

/** One slice of the chest CT: every identifier filled, private blocks, references to its neighbours. */
export function ctFile(slice: number): Uint8Array {
  const elements = inTagOrder([
    ...patient(),
    ...study(),
    ...order(),
    ...equipment(DEVICE.ctStation, DEVICE.ctSerial),
    ...originalAttributes(),
    ...series(),
    ...acquisition(slice),
    ...references(slice),
    ...privateBlocks(),
    ...overlay(),
    ...pixels(slice),
  ]);
  return writePart10(elements, {
    preamble: encodeText(`Esportato il 17/05/2024 da ${DEVICE.ctStation} per ${NICOLO.written}, tel. ${NICOLO.telephone}`, 'LT'),
    meta: senderMeta(),
  });
}

function series(): ElementToWrite[] {
  return [
    element(0x00080021, 'DA', DATE.study),
    element(0x00080031, 'TM', '093205.500000'),
    element(0x00080060, 'CS', 'CT'),
    element(0x0008103e, 'LO', `Polmone ${NICOLO.capitals} 17/05/2024`),
    element(0x00081050, 'PN', STAFF.performing),
    element(0x00081070, 'PN', STAFF.operators),
    element(0x00181030, 'LO', `Torace basale ${NICOLO.capitals}`),
    element(0x00180015, 'CS', 'CHEST'),
    element(0x00185100, 'CS', 'HFS'),
    element(0x0020000e, 'UI', SAMPLE_UID.ctSeries),
    element(0x00200011, 'IS', '2'),
    element(0x00200052, 'UI', SAMPLE_UID.frameOfReference),
    element(0x00201040, 'LO', ''),
    element(0x00400241, 'AE', DEVICE.ctAeTitle),
    element(0x00400242, 'SH', DEVICE.ctStation),
    element(0x00400243, 'SH', 'Sala 3'),
    element(0x00400002, 'DA', DATE.scheduled),
    element(0x00400003, 'TM', '093000'),
    element(0x00080055, 'AE', DEVICE.ctAeTitle),
  ];
}

function acquisition(slice: number): ElementToWrite[] {
  const second = `0932${String(10 + slice)}`;
  return [
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    element(0x00080012, 'DA', DATE.study),
    element(0x00080013, 'TM', '093301'),
    element(0x00080014, 'UI', SAMPLE_UID.instanceCreator),
    element(0x00080016, 'UI', SOP_CLASS.ct),
    element(0x00080018, 'UI', ctInstance(slice)),
    element(0x00080022, 'DA', DATE.study),
    element(0x00080023, 'DA', DATE.study),
    element(0x0008002a, 'DT', `${DATE.study}${second}.125+0200`),
    element(0x00080032, 'TM', second),
    element(0x00080033, 'TM', `${second}.5`),
    element(0x00080201, 'SH', '+0200'),
    element(0x00082218, 'SQ', [code('51185008', 'SCT', 'Chest')]),
    element(0x00180010, 'LO', ''),
    element(0x00180022, 'CS', 'AXIAL MODE'),
    element(0x00180050, 'DS', '5'),
    element(0x00180060, 'DS', '120'),
    element(0x00181008, 'LO', DEVICE.gantry),
    element(0x00181120, 'DS', '0'),
    element(0x00181140, 'CS', 'CW'),
    element(0x00181150, 'IS', '500'),
    element(0x00181151, 'IS', '200'),
    element(0x00181152, 'IS', '100'),
    element(0x00181210, 'SH', 'STANDARD'),
    element(0x00083010, 'UI', SAMPLE_UID.irradiationEvent),
    element(0x00200012, 'IS', '1'),
    element(0x00200013, 'IS', String(slice + 1)),
    element(0x00200032, 'DS', `-150\\-150\\${slice * 5}`),
    element(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    element(0x00201041, 'DS', String(slice * 5)),
    element(0x00204000, 'LT', `Il paziente ${NICOLO.written} (${NICOLO.taxCode}) si lamenta del vicino di casa.`),
  ];
}

/** References that stay inside the study, and one to a prior study outside of it. */
function references(slice: number): ElementToWrite[] {
  const neighbour = ctInstance((slice + 1) % CT_SLICES);
  return [
    element(0x00081140, 'SQ', [
      [...reference(SOP_CLASS.ct, neighbour), element(0x0040a170, 'SQ', [code('121311', 'DCM', 'Localizer')])],
    ]),
    element(0x00082112, 'SQ', [
      [...reference(SOP_CLASS.ct, ctInstance(0)), element(0x0040a170, 'SQ', [code('121322', 'DCM', 'Source image for image processing operation')])],
    ]),
    element(0x00081115, 'SQ', [
      [
        element(0x0020000e, 'UI', SAMPLE_UID.ultrasoundSeries),
        element(0x0008114a, 'SQ', [reference(SOP_CLASS.ultrasound, SAMPLE_UID.ultrasound)]),
      ],
    ]),
  ];
}

/** A block that no one knows, with names at every depth; and one of PS3.15 Table E.3.10-1, whose elements may be kept. */
function privateBlocks(): ElementToWrite[] {
  return [
    element(0x00090010, 'LO', 'IMMAGINARIA 1.0'),
    element(0x00091010, 'PN', NICOLO.name),
    element(0x00091011, 'LO', `${NICOLO.capitals} ${NICOLO.birthDate}`),
    element(0x00091012, 'SQ', [
      [
        element(0x00081155, 'UI', ctInstance(0)),
        element(0x00090010, 'LO', 'IMMAGINARIA 1.0'),
        element(0x00091013, 'LT', `Telefonare a ${NICOLO.written}: ${NICOLO.telephone}`),
        element(0x00100010, 'PN', NICOLO.name),
        element(0x00400275, 'SQ', [[element(0x00400007, 'LO', `Torace ${NICOLO.written}`), element(0x00401001, 'SH', 'RP-55013')]]),
      ],
    ]),
    element(0x00091014, 'UN', encodeText(`${NICOLO.taxCode};${PLACE.institution}`, 'LO')),
    element(0x00190010, 'LO', 'GEMS_ACQU_01'),
    element(0x00191002, 'SL', [912]),
    element(0x00191023, 'DS', '0.625'),
    element(0x00191024, 'DS', '12.5'),
    element(0x00191027, 'DS', '0.8'),
  ];
}

/** Overlay Plane Module (PS3.3 C.9.2) with the name in its bits, its description and its label. */
function overlay(): ElementToWrite[] {
  return [
    element(0x60000010, 'US', [CT_SIZE]),
    element(0x60000011, 'US', [CT_SIZE]),
    element(0x60000022, 'LO', `Nota su ${NICOLO.written}`),
    element(0x60000040, 'CS', 'G'),
    element(0x60000050, 'SS', [1, 1]),
    element(0x60000100, 'US', [1]),
    element(0x60000102, 'US', [0]),
    element(0x60001500, 'LO', NICOLO.capitals),
    element(0x60003000, 'OW', ctOverlay(NICOLO.capitals)),
  ];
}

function pixels(slice: number): ElementToWrite[] {
  return [
    element(0x00280002, 'US', [1]),
    element(0x00280004, 'CS', 'MONOCHROME2'),
    element(0x00280010, 'US', [CT_SIZE]),
    element(0x00280011, 'US', [CT_SIZE]),
    element(0x00280030, 'DS', '2.34375\\2.34375'),
    element(0x00280100, 'US', [16]),
    element(0x00280101, 'US', [16]),
    element(0x00280102, 'US', [15]),
    element(0x00280103, 'US', [0]),
    element(0x00281050, 'DS', '-500\\40'),
    element(0x00281051, 'DS', '1500\\400'),
    element(0x00281052, 'DS', String(CT_INTERCEPT)),
    element(0x00281053, 'DS', '1'),
    element(0x00281054, 'LO', 'HU'),
    element(0x7fe00010, 'OW', ctSlice(slice, CT_SLICES)),
  ];
}
