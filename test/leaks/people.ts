import type { Random } from './random.ts';

/** Languages of the invented patients. */
export const LOCALES = ['it', 'en', 'de', 'ja'] as const;
export type Locale = (typeof LOCALES)[number];

/** Syllables and characters that no list of names holds in this order: the words are of no language's directory. */
const SYLLABLES: Record<Locale, readonly (readonly string[])[]> = {
  it: [['bel', 'mor', 'tur', 'gal', 'fren', 'zuc', 'por', 'scal', 'brun', 'vent'], ['ca', 'di', 'to', 'ru', 'ne', 'la', 'gi', 'so'], ['rèlli', 'nòtti', 'stròni', 'gnàsco', 'zzòli', 'mbàri', 'ntèlo', 'ppàri', 'ccàno', 'vèddo']],
  en: [['Wex', 'Thorn', 'Brack', 'Quin', 'Hol', 'Stave', 'Mar', 'Penn', 'Crad', 'Ash'], ['er', 'le', 'in', 'o', 'ing', 'el', 'um'], ['worthy', 'combe', 'shaw', 'field', 'wick', 'stone', 'bury', 'ham', 'thorpe', 'mere']],
  de: [['Kröp', 'Wüst', 'Schla', 'Brüg', 'Hät', 'Zwei', 'Gör', 'Pfäl', 'Strö', 'Nüß'], ['ger', 'ten', 'ker', 'lin', 'bel', 'zen', 'mer'], ['höfer', 'bäcker', 'mann', 'straß', 'wälder', 'dörfer', 'stöck', 'hauß', 'brücker', 'gärtner']],
  ja: [['Kage', 'Tsuki', 'Mizu', 'Hoshi', 'Shiro', 'Kuma', 'Yuki', 'Hina', 'Asa', 'Niji'], ['no', 'ga', 'da', 'mo', 'na'], ['hara', 'kawa', 'mori', 'zaki', 'mura', 'shima', 'hashi', 'gawa', 'nuki', 'tori']],
};
const KANJI = '影月水星白熊雪雛朝虹原川森崎村島橋貫鳥霧滝峰柊榊麓渚凪蓮霞澪暁茜梓楓椿';
const KANA = 'かつみほしくゆひあにのがだもなはきりむざまらとぬ';

export interface Name {
  readonly family: string;
  readonly given: string;
  /** Second and third component group (PS3.5 6.2.1), family^given each. */
  readonly ideographic?: readonly [string, string];
  readonly phonetic?: readonly [string, string];
}

export interface Patient {
  readonly locale: Locale;
  readonly name: Name;
  readonly id: string;
  readonly issuer: string;
  readonly taxCode: string;
  readonly birthDate: string;
  readonly studyDate: string;
  readonly street: string;
  readonly city: string;
  readonly telephone: string;
  readonly mail: string;
  readonly referring: Name;
  readonly performing: Name;
  /** Named in texts alone, with a title. */
  readonly titled: Name;
  readonly institution: string;
  readonly institutionAddress: string;
  readonly accession: string;
  readonly studyId: string;
  readonly serial: string;
}

function word(random: Random, locale: Locale): string {
  const made = random.fresh(() => {
    const [first, second, last] = SYLLABLES[locale].map((part) => random.pick(part));
    return first + second + syllable(random) + last;
  });
  return made[0].toUpperCase() + made.slice(1);
}

/** Makes the words many, so that two persons rarely share one. */
function syllable(random: Random): string {
  return random.pick([...'bdfgklmnprstvz']) + random.pick([...'aeiou']);
}

function characters(random: Random, alphabet: string, count: number): string {
  return Array.from({ length: count }, () => random.pick([...alphabet])).join('');
}

/** Names of more than one word, with hyphens, apostrophes and particles. */
const COMPOUND: Record<Locale, (family: string, random: Random) => string> = {
  it: (family, random) => random.pick([`D'${family}`, `De ${family}`]),
  en: (family, random) => random.pick([`${family}-${word(random, 'en')}`, `O'${family}`]),
  de: (family, random) => random.pick([`${family}-${word(random, 'de')}`, `von ${family}`]),
  ja: (family) => family,
};

export function makeName(random: Random, locale: Locale): Name {
  const family = word(random, locale);
  const name = { family: random.chance(0.2) ? COMPOUND[locale](family, random) : family, given: word(random, locale) };
  if (locale !== 'ja') return name;
  return {
    ...name,
    ideographic: [characters(random, KANJI, 3), characters(random, KANJI, 2)],
    phonetic: [characters(random, KANA, 4), characters(random, KANA, 4)],
  };
}

/** As PN has it. `[1]` only: no ideographs, for character sets that lack them. */
export function nameValue({ family, given, ideographic, phonetic }: Name, hasIdeographs: boolean): string {
  const groups = [`${family}^${given}`];
  if (hasIdeographs && ideographic !== undefined && phonetic !== undefined) groups.push(ideographic.join('^'), phonetic.join('^'));
  return groups.join('=');
}

/** Every word of a name that must not be found. */
export function nameParts({ family, given, ideographic = ['', ''], phonetic = ['', ''] }: Name): string[] {
  return [family, given, ...ideographic, ...phonetic].filter((part) => part !== '');
}

export function makeDate(random: Random, from: number, to: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return random.fresh(() => `${random.between(from, to)}${two(random.between(1, 12))}${two(random.between(1, 28))}`);
}

const TELEPHONE: Record<Locale, readonly ((random: Random) => string)[]> = {
  it: [(r) => `+39 0${r.digits(2)} ${r.digits(7)}`, (r) => `0${r.digits(2)}/${r.digits(3)} ${r.digits(2)} ${r.digits(2)}`, (r) => `3${r.digits(2)} ${r.digits(7)}`, (r) => `3${r.digits(9)}`],
  en: [(r) => `(${r.digits(3)}) ${r.digits(3)}-${r.digits(4)}`, (r) => `+1-${r.digits(3)}-${r.digits(3)}-${r.digits(4)}`, (r) => `0${r.digits(4)} ${r.digits(6)}`, (r) => `${r.digits(3)}.${r.digits(3)}.${r.digits(4)}`],
  de: [(r) => `0${r.digits(3)} ${r.digits(7)}`, (r) => `+49 (0)${r.digits(3)} ${r.digits(6)}`, (r) => `0${r.digits(3)}/${r.digits(6)}`, (r) => `0${r.digits(2)} - ${r.digits(3)} ${r.digits(2)} ${r.digits(2)}`],
  ja: [(r) => `0${r.digits(1)}-${r.digits(4)}-${r.digits(4)}`, (r) => `+81 ${r.digits(2)} ${r.digits(4)} ${r.digits(4)}`, (r) => `0${r.digits(2)}-${r.digits(3)}-${r.digits(4)}`],
};

const ID_FORMS: readonly ((random: Random) => string)[] = [
  (r) => `${r.letters(2)}-${r.digits(7)}`, (r) => r.digits(8), (r) => `${r.letters(3)}${r.digits(5)}`, (r) => `${r.digits(4)}/${r.letters(1)}${r.digits(4)}`,
  (r) => `${r.letters(1)}${r.digits(2)}${r.letters(2)}-${r.digits(2)}${r.letters(3)}`, (r) => `${r.digits(3)}.${r.digits(3)}.${r.digits(3)}`,
];

export function makeId(random: Random): string {
  return random.pick(ID_FORMS)(random);
}

const STREET: Record<Locale, (name: string, random: Random) => string> = {
  it: (name, r) => `Via ${name} ${r.between(2, 180)}`,
  en: (name, r) => `${r.between(2, 980)} ${name} Road`,
  de: (name, r) => `${name}weg ${r.between(2, 180)}`,
  ja: (name, r) => `${name} ${r.between(1, 9)}-${r.between(1, 30)}-${r.between(1, 30)}`,
};

export function makePatient(random: Random, locale: Locale): Patient {
  const name = makeName(random, locale);
  const birthDate = makeDate(random, 1931, 2009);
  const institution = `${{ it: 'Presidio', en: 'Infirmary', de: 'Klinik', ja: 'Byouin' }[locale]} ${word(random, locale)}`;
  return {
    locale, name, birthDate, institution,
    id: makeId(random), issuer: `${word(random, 'en')} Registry`, studyDate: makeDate(random, 2011, 2025),
    taxCode: `${random.letters(6)}${random.digits(2)}${random.pick([...'ABCDEHLMPRST'])}${random.digits(2)}${random.letters(1)}${random.digits(3)}${random.letters(1)}`,
    street: STREET[locale](word(random, locale), random), city: word(random, locale),
    telephone: random.pick(TELEPHONE[locale])(random), mail: `${word(random, 'en').toLowerCase()}.${random.digits(3)}@${word(random, 'en').toLowerCase()}.invalid`,
    referring: makeName(random, locale), performing: makeName(random, locale), titled: makeName(random, locale === 'ja' ? 'en' : locale),
    institutionAddress: STREET[locale](word(random, locale), random),
    accession: `${random.letters(3)}${random.digits(7)}`, studyId: `${random.letters(2)}${random.digits(6)}`, serial: `${random.letters(3)}-${random.digits(6)}`,
  };
}

/** A word of its own for one element, of letters and digits. */
export function makeLabel(random: Random, length: number): string {
  const letters = Array.from({ length: Math.max(2, Math.floor((length - 7) / 2)) }, () => syllable(random)).join('');
  return `${letters.toUpperCase()}-${random.digits(6)}`.slice(0, length);
}

export function makeWord(random: Random, locale: Locale): string {
  return word(random, locale);
}
