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
    it: [`${day}/${month}/${year}`, `${d} ${name} ${year}`, `${day}-${month}-${year}`, `${day}.${month}.${year.slice(2)}`, `${d} ${name.slice(0, 3)} ${year}`],
    en: [`${month}/${day}/${year}`, `${name} ${d}, ${year}`, `${d} ${name} ${year}`, `${year}-${month}-${day}`, `${d}-${name.slice(0, 3)}-${year}`, `${name.slice(0, 3)} ${d}, ${year}`],
    de: [`${day}.${month}.${year}`, `${d}. ${name} ${year}`, `${d}.${m}.${year.slice(2)}`, `${day}. ${name.slice(0, 3)}. ${year}`],
    ja: [`${year}/${month}/${day}`, `${year}.${m}.${d}`, ...(hasIdeographs(set) ? [`${year}年${m}月${d}日`] : [])],
  };
  return random.pick(notations[locale]);
}

/** At most `max` characters, beginning with something that identifies where `patientOnly`: of the patient's names alone. */
export function makeSentence(random: Random, patient: Patient, set: CharacterSet, max: number, patientOnly = false): Sentence {
  const identifying = random.shuffled(patientOnly ? nameFragments(random, patient, set) : [...nameFragments(random, patient, set), ...otherFragments(random, patient, set)]);
  const benign = random.pick(BENIGN[patient.locale]);
  const taken: Fragment[] = [];
  let length = 0;
  const wanted = max > 500 ? 8 : 3;
  for (const fragment of identifying) {
    const cost = fragment.text.length + 2;
    if (taken.length >= wanted || length + cost > max) continue;
    taken.push(fragment);
    length += cost;
  }
  const hasRoom = length + benign.length + 2 <= max;
  const parts = [...taken.map((each) => each.text), ...(hasRoom ? [benign] : [])];
  return { text: random.shuffled(parts).join(', ').slice(0, max), secrets: taken.flatMap((each) => each.secrets), benign: hasRoom ? [benign] : [] };
}

function nameFragments(random: Random, { name }: Patient, set: CharacterSet): Fragment[] {
  const { family, given, ideographic, phonetic } = name;
  const both = [family, given];
  return [
    { text: random.pick([`${given} ${family}`, `${family} ${given}`, `${family}^${given}`, `${family.toUpperCase()} ${given.toUpperCase()}`]), secrets: both },
    { text: random.pick([family, family.toLowerCase(), `${family}.`, `(${family})`]), secrets: [family] },
    { text: random.pick([`${family}${given}`, `${given}${family}`, `${family}_${given}`, `${given}-${family}`]), secrets: both },
    ...(hasIdeographs(set) && ideographic !== undefined ? [
      { text: random.pick([`${ideographic[0]} ${ideographic[1]}`, `${ideographic[0]}${ideographic[1]}`, `${ideographic[0]}様`]), secrets: [ideographic[0]] },
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

function otherFragments(random: Random, patient: Patient, set: CharacterSet): Fragment[] {
  const { locale, titled, referring } = patient;
  const words = (text: string): Fragment => ({ text, secrets: [text] });
  const dated = (date: string) => words(dateInWords(random, locale, date, set));
  const labels: Record<Locale, readonly [string, string, string]> = {
    it: ['tel. ', 'nato il ', 'residente in '], en: ['phone ', 'born ', 'lives at '], de: ['Tel. ', 'geb. ', 'wohnhaft '], ja: ['TEL ', 'DOB ', 'address '],
  };
  const [phone, born, lives] = labels[locale];
  const after = (label: string, fragment: Fragment): Fragment => ({ ...fragment, text: label + fragment.text });
  return [
    after(phone, words(patient.telephone)),
    after(born, dated(patient.birthDate)),
    dated(patient.studyDate),
    dated(makeDate(random, 2001, 2024)),
    words(makeDate(random, 2001, 2024)),
    after('ID ', words(patient.id)),
    words(patient.taxCode),
    words(patient.mail),
    after(lives, words(patient.street)),
    words(patient.institution),
    words(patient.accession),
    { text: `${referring.given} ${referring.family}`, secrets: [referring.given, referring.family] },
    { text: `${random.pick(DOCTOR[locale])} ${titled.given} ${titled.family}`, secrets: [titled.given, titled.family] },
    { text: `${random.pick(DOCTOR[locale])} ${titled.family}`, secrets: [titled.family] },
  ];
}
