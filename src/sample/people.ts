import { encodeJisX0208, isJisX0208 } from './iso2022-japanese.ts';

/**
 * The invented persons and places of the sample study. None of them exists: the family names are colours, the
 * hospital is imaginary, the tax code names a birthplace that was never assigned, the telephone prefix does not exist.
 */

/** The Italian patient; written under ISO_IR 100. */
export const NICOLO = {
  name: "D'Andrà^Nicolò",
  birthName: "D'Andrà Inventàti^Nicolò",
  otherNames: 'Dandra^Nicky\\Fantasmino^Nicodemo',
  motherBirthName: 'Finzióne^Immacolata',
  /** Codice fiscale with a right check character. */
  taxCode: 'DNDNCL64B29Z999S',
  hospitalNumber: 'BF-0001427',
  oldHospitalNumber: 'BF-OLD-77113',
  healthCard: 'TS80380009999014',
  issuer: 'BORGOFINTO-ANAGRAFE',
  birthDate: '19640229',
  birthTime: '041703',
  address: 'Via Che Non Esiste 12, 00000 Borgofinto',
  telephone: '+39 000 5550142',
  mail: 'nicolo.dandra@posta.invalid',
  initials: "N. D'A.",
  written: "Nicolò D'Andrà",
  capitals: 'DANDRA NICOLO',
} as const;

/** The Japanese patient; written under ISO 2022 IR 87, name as in PS3.5 H.3.1. */
export const TAROU = {
  name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
  id: 'KASOU-580708-3',
  issuer: 'KASOU-BYOUIN',
  birthDate: '19580708',
  /** The same day in the calendar of emperors: year 33 of Shouwa. */
  japaneseBirthDate: 'Shouwa 33-07-08',
  address: '架空都架空町 3-2-1',
  telephone: '+81 00 5550 0199',
} as const;

export const STAFF = {
  referring: 'Bianchetti^Ortensia^^Dott.ssa',
  performing: 'Verdolino^Amilcare',
  operators: 'Grigetti^Pilade\\Azzurrini^Zenobia',
  reading: 'Violacei^Tancredi',
  requesting: 'Rosatelli^Ermenegilda',
  ofRecord: 'Giallini^Evaristo',
  ofRecordMail: 'evaristo.giallini@borgofinto.invalid',
  japanese: 'Satou^Hanako=佐藤^花子=さとう^はなこ',
} as const;

export const PLACE = {
  institution: 'Ospedale Immaginario di Borgofinto',
  address: 'Piazza Nessuno 1, 00000 Borgofinto',
  department: 'Radiologia Inesistente',
  japanese: '架空病院',
  japaneseDepartment: '放射線科',
} as const;

export const DEVICE = {
  ctStation: 'CTFINTA01',
  ctSerial: 'SN-FINTO-4711',
  ctAeTitle: 'BORGOFINTO_CT1',
  gantry: 'GANTRY-FINTO-9',
  archiveAeTitle: 'BORGOFINTO_PACS',
  ultrasoundStation: 'ECOFINTO02',
  ultrasoundSerial: 'SN-ECO-31337',
  radiographyStation: 'KASOU-CR-7',
  radiographySerial: 'SN-KASOU-0815',
  plate: 'PLATE-KASOU-55',
} as const;

export const ORDER = {
  accession: 'ACC2024-90417',
  study: 'STU90417',
  requested: 'RP-55013',
  scheduled: 'SPS-55013-1',
  performed: 'PPS-88231',
  placer: 'PLACER-77120',
  filler: 'FILLER-66209',
  admission: 'RICOVERO-3308',
  japaneseAccession: 'KA-20240520-11',
  japaneseStudy: 'KSTU-0042',
} as const;

/** Dates as DICOM writes them; `study` is also planted as words in text. */
export const DATE = {
  study: '20240517',
  order: '20240503',
  scheduled: '20240516',
  admission: '20240515',
  coercion: '20240521',
  report: '20240518',
  presentation: '20240519',
  calibration: '20240411',
  japaneseStudy: '20240520',
} as const;

/** What is drawn into the pixels of the ultrasound image; it stands in no Data Element in this form. */
export const BURNED_IN_LINES = [`D'ANDRA NICOLO  64-02-29`, `${NICOLO.taxCode} 17-05-24`] as const;

/**
 * Every planted string that identifies, by kind: an option of the profile may retain some kinds lawfully. Where a
 * value is likely to leak in parts, it stands here in parts. Each is found in the bytes of at least one source file
 * in one of the forms of `bytesOfIdentifier`.
 */
export const SAMPLE_IDENTIFIERS_BY_KIND = {
  patient: [
    'Andrà', 'Nicolò', 'DANDRA', 'NICOLO', 'Inventàti', 'Dandra', 'Nicky', 'Fantasmino', 'Nicodemo', 'Finzióne', 'Immacolata',
    NICOLO.taxCode, NICOLO.hospitalNumber, NICOLO.oldHospitalNumber, NICOLO.healthCard, NICOLO.issuer, NICOLO.birthDate, NICOLO.birthTime,
    'Via Che Non Esiste', NICOLO.telephone, NICOLO.mail, NICOLO.initials, '29/02/1964',
    'Yamada', 'Tarou', '山田', '太郎', 'やまだ', 'たろう', TAROU.id, TAROU.issuer, TAROU.birthDate, TAROU.japaneseBirthDate, '架空都', TAROU.telephone,
  ],
  staff: [
    'Bianchetti', 'Ortensia', 'Verdolino', 'Amilcare', 'Grigetti', 'Pilade', 'Azzurrini', 'Zenobia', 'Violacei', 'Tancredi',
    'Rosatelli', 'Ermenegilda', 'Giallini', 'Evaristo', 'GIALLINI', 'VIOLACEI', STAFF.ofRecordMail, 'Satou', 'Hanako', '佐藤', '花子', 'さとう', 'はなこ',
  ],
  institution: ['Borgofinto', '00000 Borgofinto', 'BORGOFINTO', 'borgofinto', 'Letto 14', 'Ospedale Immaginario', 'Piazza Nessuno', PLACE.department, PLACE.japanese, PLACE.japaneseDepartment],
  device: Object.values(DEVICE),
  order: Object.values(ORDER),
  date: [...Object.values(DATE), '17/05/2024', '17 maggio 2024'],
  text: ['Borgofintese', 'caduta dalla bicicletta', 'tornitore in pensione', 'allergico alle penne di struzzo', 'vicino di casa'],
} as const satisfies Record<string, readonly string[]>;

export const SAMPLE_IDENTIFIERS: readonly string[] = Object.values(SAMPLE_IDENTIFIERS_BY_KIND).flat();

/**
 * Every form in which an identifier may stand in a file: UTF-8, ISO 8859-1 and JIS X 0208, as far as they can hold it;
 * the last without escape sequences, so that it is found in the midst of a text too.
 */
export function bytesOfIdentifier(identifier: string): Uint8Array[] {
  const characters = [...identifier];
  const forms = [utf8(identifier)];
  if (characters.every(isJisX0208)) forms.push(encodeJisX0208(identifier));
  if (characters.every((character) => character <= 'ÿ') && forms[0].length > identifier.length) forms.push(latin1(identifier));
  return forms;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  return Uint8Array.from(escaped.match(/%..|./g) ?? [], (part) => (part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)));
}
