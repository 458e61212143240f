import { concat, encodeText, type ElementToWrite } from '../anonymizer/dicom/encode.ts';
import { equipment, order, patient, senderMeta, study } from './italian-patient.ts';
import { element, inTagOrder, reference, writePart10 } from './part10.ts';
import { BURNED_IN_LINES, DATE, DEVICE, NICOLO, STAFF } from './people.ts';
import { ULTRASOUND_HEIGHT, ULTRASOUND_ICON, ULTRASOUND_TOP, ULTRASOUND_WIDTH, ultrasoundFrame, ultrasoundIcon } from './phantom.ts';
import { SAMPLE_UID, SOP_CLASS, ctInstance } from './uids.ts';

const MULTI_FRAMES = 3;

/** A colour image whose text band is empty. */
export function ultrasoundFile(): Uint8Array {
  return ultrasound([
    ...instance(SOP_CLASS.ultrasound, SAMPLE_UID.ultrasound, 1, 'NO'),
    element(0x7fe00010, 'OB', ultrasoundFrame(0)),
  ]);
}

/** A colour image with name, tax code, birth date and study date drawn into the band above the fan, and in its icon. */
export function burnedInUltrasoundFile(): Uint8Array {
  const frame = ultrasoundFrame(1, BURNED_IN_LINES);
  return ultrasound([
    ...instance(SOP_CLASS.ultrasound, SAMPLE_UID.ultrasoundBurnedIn, 2, 'YES'),
    element(0x00880200, 'SQ', [icon(frame)]),
    element(0x7fe00010, 'OB', frame),
  ]);
}

/** A colour loop of three frames. */
export function multiFrameUltrasoundFile(): Uint8Array {
  return ultrasound([
    ...instance(SOP_CLASS.ultrasoundMultiFrame, SAMPLE_UID.ultrasoundMultiFrame, 3, 'NO'),
    element(0x00280008, 'IS', String(MULTI_FRAMES)),
    element(0x00280009, 'AT', [0x00181063]),
    element(0x00181063, 'DS', '40'),
    element(0x7fe00010, 'OB', concat(Array.from({ length: MULTI_FRAMES }, (_, frame) => ultrasoundFrame(2 + frame)))),
  ]);
}

function ultrasound(elements: readonly ElementToWrite[]): Uint8Array {
  const all = [
    ...patient(),
    ...study(),
    ...order(),
    ...equipment(DEVICE.ultrasoundStation, DEVICE.ultrasoundSerial),
    ...series(),
    ...privateBlock(),
    ...elements,
  ];
  return writePart10(inTagOrder(all), { meta: senderMeta() });
}

function series(): ElementToWrite[] {
  return [
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080021, 'DA', DATE.study),
    element(0x00080031, 'TM', '101500'),
    element(0x00080060, 'CS', 'US'),
    element(0x0008103e, 'LO', `Eco addome, ${NICOLO.written}, tel. ${NICOLO.telephone}`),
    element(0x00081050, 'PN', STAFF.performing),
    element(0x00081070, 'PN', STAFF.operators),
    element(0x00180015, 'CS', 'ABDOMEN'),
    element(0x0020000e, 'UI', SAMPLE_UID.ultrasoundSeries),
    element(0x00200011, 'IS', '3'),
  ];
}

function instance(sopClass: string, sopInstance: string, number: number, burnedIn: 'YES' | 'NO'): ElementToWrite[] {
  return [
    element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\ABDOMINAL\\0011'),
    element(0x00080016, 'UI', sopClass),
    element(0x00080018, 'UI', sopInstance),
    element(0x00080022, 'DA', DATE.study),
    element(0x00080023, 'DA', DATE.study),
    element(0x00080032, 'TM', `10160${number}`),
    element(0x00080033, 'TM', `10160${number}`),
    element(0x00081140, 'SQ', [reference(SOP_CLASS.ct, ctInstance(3))]),
    element(0x00185010, 'LO', 'SONDA-C5'),
    element(0x00186011, 'SQ', [region()]),
    element(0x00200013, 'IS', String(number)),
    element(0x00200020, 'CS', ''),
    element(0x00204000, 'LT', `Colica del sig. ${NICOLO.written}, riferita dal vicino di casa.`),
    element(0x00280002, 'US', [3]),
    element(0x00280004, 'CS', 'RGB'),
    element(0x00280006, 'US', [0]),
    element(0x00280010, 'US', [ULTRASOUND_HEIGHT]),
    element(0x00280011, 'US', [ULTRASOUND_WIDTH]),
    element(0x00280100, 'US', [8]),
    element(0x00280101, 'US', [8]),
    element(0x00280102, 'US', [7]),
    element(0x00280103, 'US', [0]),
    element(0x00280301, 'CS', burnedIn),
    element(0x00282110, 'CS', '00'),
  ];
}

/** US Region Calibration Module (PS3.3 C.8.5.5): the fan alone, the text band is outside. */
function region(): ElementToWrite[] {
  return [
    element(0x00186012, 'US', [1]), // tissue
    element(0x00186014, 'US', [1]), // tissue
    element(0x00186016, 'UL', [0]),
    element(0x00186018, 'UL', [0]),
    element(0x0018601a, 'UL', [ULTRASOUND_TOP]),
    element(0x0018601c, 'UL', [ULTRASOUND_WIDTH - 1]),
    element(0x0018601e, 'UL', [ULTRASOUND_HEIGHT - 1]),
    element(0x00186024, 'US', [3]), // cm
    element(0x00186026, 'US', [3]), // cm
    element(0x0018602c, 'FD', [0.0625]),
    element(0x0018602e, 'FD', [0.0625]),
  ];
}

/** Icon Image Sequence (PS3.3 C.7.6.1.1.6): a miniature that shows the burned-in text a second time. */
function icon(frame: Uint8Array): ElementToWrite[] {
  return [
    element(0x00280002, 'US', [1]),
    element(0x00280004, 'CS', 'MONOCHROME2'),
    element(0x00280010, 'US', [ULTRASOUND_ICON.height]),
    element(0x00280011, 'US', [ULTRASOUND_ICON.width]),
    element(0x00280100, 'US', [8]),
    element(0x00280101, 'US', [8]),
    element(0x00280102, 'US', [7]),
    element(0x00280103, 'US', [0]),
    element(0x7fe00010, 'OB', ultrasoundIcon(frame)),
  ];
}

/** Safe private elements of PS3.15 Table E.3.10-1 that are a UID and a sequence: the name inside is not safe. */
function privateBlock(): ElementToWrite[] {
  return [
    element(0x01290010, 'LO', 'SIEMENS Ultrasound SC2000'),
    element(0x01291002, 'UI', SAMPLE_UID.privateBookmark),
    element(0x01291006, 'SQ', [
      [
        element(0x00081155, 'UI', SAMPLE_UID.ultrasound),
        element(0x00100010, 'PN', NICOLO.name),
        element(0x01290010, 'LO', 'SIEMENS Ultrasound SC2000'),
        element(0x01291007, 'UI', SAMPLE_UID.privateBookmark),
      ],
    ]),
    element(0x01310010, 'LO', 'ECO IMMAGINARIA'),
    element(0x01311001, 'OB', encodeText(`${NICOLO.capitals}\0${NICOLO.birthDate}`, 'UI')),
  ];
}
