import { type CharacterSet, hasIdeographs } from './charsets.ts';
import { makeDate, type Locale, type Patient } from './people.ts';
import type { Random } from './random.ts';

/** A free text: what in it identifies, and what must be left of it where it is cleaned and not removed. */
export interface Sentence {
  readonly text: string;
  readonly secrets: readonly string[];
  readonly benign: readonly string[];
}

interface Fragment {
  readonly text: string;
  readonly secrets: readonly string[];
}

const MONTHS: Record<Locale, readonly string[]> = {
  it: ['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  de: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
  ja: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
};

const BENIGN: Record<Locale, readonly string[]> = {
  it: ['torace basale', 'esiti di frattura', 'con contrasto', 'controllo a distanza', 'addome superiore'],
  en: ['axial reconstruction', 'contrast enhanced', 'left lower lobe', 'no pneumothorax', 'soft tissue'],
  de: ['Thorax nativ', 'ohne Befund', 'axiale Rekonstruktion', 'mit Kontrastmittel', 'linker Unterlappen'],
  ja: ['chest plain', 'axial view', 'no finding', 'lateral view', 'contrast phase'],
};

/** The day in a notation of the language, four figures of the year or two. */
export function dateInWords(random: Random, locale: Locale, date: string, set: CharacterSet): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)];
  const [m, d] = [Number(month), Number(day)];
  const name = MONTHS[locale][m - 1];
  const notations: Record<Locale, readonly string[]> = {
    it: [`${day}/${month}/${year}`, `${d} ${name} ${year}`, `${day}-${month}-${year}`, `${day}.${month}.${year.slice(2)}`, `${d} ${name.slice(0, 3)} ${year}`, `${d}/${m}/${year.slice(2)}`],
    en: [`${month}/${day}/${year}`, `${name} ${d}, ${year}`, `${d} ${name} ${year}`, `${year}-${month}-${day}`, `${d}-${name.slice(0, 3)}-${year}`, `${name.slice(0, 3)} ${d}, ${year}`, `${name} ${d}th, ${year}`, `${d}th of ${name} ${year}`, `${day}-${name.slice(0, 3).toUpperCase()}-${year}`, `${year}-${month}-${day}T10:15:00`],
    de: [`${day}.${month}.${year}`, `${d}. ${name} ${year}`, `${d}.${m}.${year.slice(2)}`, `${day}. ${name.slice(0, 3)}. ${year}`],
    ja: [`${year}/${month}/${day}`, `${year}.${m}.${d}`, ...(hasIdeographs(set) ? [`${year}年${m}月${d}日`] : [])],
  };
  return random.pick(notations[locale]);
}

/** What of a patient a text may tell. */
export type Telling =
  /** Anything: also what no attribute holds, and what can be told by its form alone. */
  | 'anything'
  /** What stands in attributes of the file that identify. */
  | 'known'
  /** The patient's names. */
  | 'names';

export interface SentenceRequest {
  readonly patient: Patient;
  readonly set: CharacterSet;
  /** In characters. */
  readonly max: number;
  readonly telling: Telling;
  /** A UID of the study. */
  readonly uid: string;
  /** Between the parts: a backslash makes them values of their own. */
  readonly separator: string;
}

/** Parts that identify, in any order, and a harmless one. */
export function makeSentence(random: Random, request: SentenceRequest): Sentence {
  const { patient, set, max, telling, uid, separator } = request;
  const names = nameFragments(random, patient, set);
  const known = telling === 'names' ? [] : knownFragments(random, patient, uid);
  const identifying = random.shuffled([...names, ...known, ...(telling === 'anything' ? formFragments(random, patient, set) : [])]);
  const benign = random.pick(BENIGN[patient.locale]);
  const taken: Fragment[] = [];
  let length = 0;
  const wanted = max > 500 ? 8 : 3;
  for (const fragment of identifying) {
    const cost = fragment.text.length + separator.length;
    if (taken.length >= wanted || length + cost > max) continue;
    taken.push(fragment);
    length += cost;
  }
  const hasRoom = length + benign.length + separator.length <= max;
  const parts = [...taken.map((each) => each.text), ...(hasRoom ? [benign] : [])];
  return { text: random.shuffled(parts).join(separator).slice(0, max), secrets: taken.flatMap((each) => each.secrets), benign: hasRoom ? [benign] : [] };
}

/** As a keyboard without umlauts writes it. */
function expanded(text: string): string {
  return text.replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] ?? letter);
}

function nameFragments(random: Random, { name, locale }: Patient, set: CharacterSet): Fragment[] {
  const { family, given, ideographic, phonetic } = name;
  const both = [family, given];
  const [first] = family.split('-');
  return [
    { text: random.pick([`${given} ${family}`, `${family} ${given}`, `${family}^${given}`, `${family}, ${given}`, `${family.toUpperCase()} ${given.toUpperCase()}`]), secrets: both },
    { text: random.pick([family, family.toLowerCase(), `${family}.`, `(${family})`, `${given[0]}. ${family}`, `${family}'s`]), secrets: [family] },
    { text: random.pick([`${family}${given}`, `${given}${family}`, `${family}_${given}`, `${given}-${family}`, `/data/${family}_${given}/IM0001.dcm`]), secrets: both },
    ...(first === family ? [] : [{ text: first, secrets: [first] }]),
    // Where the set lacks umlauts the name stands without them, and nothing tells that they were there.
    ...(locale === 'de' && set.startsWith('ISO_IR') && expanded(family) !== family ? [{ text: expanded(family), secrets: [expanded(family)] }] : []),
    ...(hasIdeographs(set) && ideographic !== undefined ? [
      { text: random.pick([`${ideographic[0]} ${ideographic[1]}`, `${ideographic[0]}${ideographic[1]}`, `${ideographic[0]}様`, `患者${ideographic[0]}`]), secrets: [ideographic[0]] },
      { text: `${phonetic?.[0] ?? ''} ${phonetic?.[1] ?? ''}`, secrets: phonetic ?? [] },
    ] : []),
  ];
}

const DOCTOR: Record<Locale, readonly string[]> = {
  it: ['Dott.', 'Dott.ssa', 'dr.', 'Prof.', 'Sig.ra', 'Dr.ssa', 'Prof.ssa', 'Sig.'],
  en: ['Dr', 'Dr.', 'Mrs', 'Mr.', 'Prof.', 'Doctor', 'Ms.'],
  de: ['Dr.', 'Dr. med.', 'Prof. Dr.', 'Frau', 'Herr', 'Frau Dr.', 'Herrn'],
  ja: ['Dr.', 'Dr', 'Prof.'],
};

const LABELS: Record<Locale, readonly [phone: string, born: string, lives: string]> = {
  it: ['tel. ', 'nato il ', 'residente in '], en: ['phone ', 'born ', 'lives at '], de: ['Tel. ', 'geb. ', 'wohnhaft '], ja: ['TEL ', 'DOB ', 'address '],
};

const words = (text: string): Fragment => ({ text, secrets: [text] });
const after = (label: string, fragment: Fragment): Fragment => ({ ...fragment, text: label + fragment.text });

/** What attributes of the file hold too. */
function knownFragments(random: Random, patient: Patient, uid: string): Fragment[] {
  const { referring, performing } = patient;
  return [
    after('ID ', words(patient.id)), words(patient.accession), words(patient.institution), words(patient.serial), words(patient.studyDate), words(uid),
    after(LABELS[patient.locale][2], words(patient.street)),
    { text: `${referring.given} ${referring.family}`, secrets: [referring.given, referring.family] },
    { text: random.pick([performing.family, performing.family.toUpperCase()]), secrets: [performing.family] },
  ];
}

/** What only its form tells: dates, numbers, addresses of every kind, and who follows a title. */
function formFragments(random: Random, patient: Patient, set: CharacterSet): Fragment[] {
  const { locale, titled } = patient;
  const dated = (date: string) => words(dateInWords(random, locale, date, set));
  const [phone, born] = LABELS[locale];
  return [
    after(phone, words(random.pick([patient.telephone, patient.telephone.replace(/[^\d+]/g, '')]))),
    after(born, dated(patient.birthDate)),
    dated(patient.studyDate),
    dated(makeDate(random, 2001, 2024)),
    words(makeDate(random, 2001, 2024)),
    words(random.pick([patient.taxCode, patient.taxCode.toLowerCase()])),
    words(patient.mail),
    words(`192.168.${random.between(10, 250)}.${random.between(10, 250)}`),
    words(`http://pacs${random.digits(3)}.${patient.mail.split('@')[1]}/study`),
    words(`${random.digits(3)}-${random.between(10, 99)}-${random.digits(4)}`),
    after('MRN: ', words(random.digits(8))),
    { text: `${random.pick(DOCTOR[locale])} ${titled.given} ${titled.family}`, secrets: [titled.given, titled.family] },
    { text: `${random.pick(DOCTOR[locale])} ${titled.family}`, secrets: [titled.family] },
  ];
}
