import type { ElementToWrite } from '../anonymizer/dicom/encode.ts';
import { IMPLICIT_LITTLE_ENDIAN } from '../anonymizer/dicom/transfer-syntax.ts';
import { encodeIso2022Japanese } from './iso2022-japanese.ts';
import { element, inTagOrder, writePart10 } from './part10.ts';
import { DATE, DEVICE, ORDER, PLACE, STAFF, TAROU } from './people.ts';
import { RADIOGRAPH_HEIGHT, RADIOGRAPH_WIDTH, radiograph } from './phantom.ts';
import { SAMPLE_UID, SOP_CLASS } from './uids.ts';

/** A CR chest image of the Japanese patient: implicit VR, text in ASCII and JIS X 0208 with escape sequences. */
export function radiographFile(): Uint8Array {
  return writePart10(inTagOrder([...who(), ...what(), ...pixels()]), {
    transferSyntax: IMPLICIT_LITTLE_ENDIAN,
    meta: [element(0x00020016, 'AE', DEVICE.radiographyStation)],
  });
}

function who(): ElementToWrite[] {
  return [
    element(0x00080050, 'SH', ORDER.japaneseAccession),
    element(0x00080080, 'LO', encodeIso2022Japanese(PLACE.japanese)),
    element(0x00080090, 'PN', encodeIso2022Japanese(STAFF.japanese)),
    element(0x00081040, 'LO', encodeIso2022Japanese(PLACE.japaneseDepartment)),
    element(0x00081070, 'PN', encodeIso2022Japanese(STAFF.japanese)),
    element(0x00100010, 'PN', encodeIso2022Japanese(TAROU.name)),
    element(0x00100020, 'LO', TAROU.id),
    element(0x00100021, 'LO', TAROU.issuer),
    element(0x00100030, 'DA', TAROU.birthDate),
    element(0x00100033, 'LO', TAROU.japaneseBirthDate),
    element(0x00100035, 'CS', 'JAPANESE'),
    element(0x00100040, 'CS', 'M'),
    element(0x00101040, 'LO', encodeIso2022Japanese(TAROU.address)),
    element(0x00102154, 'SH', TAROU.telephone),
    element(0x00200010, 'SH', ORDER.japaneseStudy),
  ];
}

function what(): ElementToWrite[] {
  return [
    element(0x00080005, 'CS', '\\ISO 2022 IR 87'),
    element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
    element(0x00080016, 'UI', SOP_CLASS.computedRadiography),
    element(0x00080018, 'UI', SAMPLE_UID.radiograph),
    element(0x00080020, 'DA', DATE.japaneseStudy),
    element(0x00080023, 'DA', DATE.japaneseStudy),
    element(0x00080030, 'TM', '150809'),
    element(0x00080033, 'TM', '150901'),
    element(0x00080060, 'CS', 'CR'),
    element(0x00080070, 'LO', 'Fabbrica Immaginaria'),
    element(0x00081010, 'SH', DEVICE.radiographyStation),
    element(0x00081030, 'LO', encodeIso2022Japanese('胸部正面 Yamada')),
    element(0x0008103e, 'LO', encodeIso2022Japanese('胸部 山田太郎')),
    element(0x00180015, 'CS', 'CHEST'),
    element(0x00181000, 'LO', DEVICE.radiographySerial),
    element(0x00181004, 'LO', DEVICE.plate),
    element(0x00185101, 'CS', 'PA'),
    element(0x0020000d, 'UI', SAMPLE_UID.japaneseStudy),
    element(0x0020000e, 'UI', SAMPLE_UID.japaneseSeries),
    element(0x00200011, 'IS', '1'),
    element(0x00200013, 'IS', '1'),
    element(0x00200020, 'CS', 'L\\F'),
    element(0x00204000, 'LT', encodeIso2022Japanese(`山田太郎 ${TAROU.telephone}`)),
  ];
}

function pixels(): ElementToWrite[] {
  return [
    element(0x00280002, 'US', [1]),
    element(0x00280004, 'CS', 'MONOCHROME2'),
    element(0x00280010, 'US', [RADIOGRAPH_HEIGHT]),
    element(0x00280011, 'US', [RADIOGRAPH_WIDTH]),
    element(0x00280100, 'US', [16]),
    element(0x00280101, 'US', [12]),
    element(0x00280102, 'US', [11]),
    element(0x00280103, 'US', [0]),
    element(0x00281050, 'DS', '1400'),
    element(0x00281051, 'DS', '2600'),
    element(0x7fe00010, 'OW', radiograph()),
  ];
}
