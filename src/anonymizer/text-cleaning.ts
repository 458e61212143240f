import { bytesOf } from './dicom/values.ts';
import { DUMMY_TEXT } from './dummies.ts';
import type { Matcher } from './matcher.ts';

/** What stands where something was taken out of a text. */
const GAP = '***';

/** A letter with an accent, in one byte or in two (ISO 8859 and UTF-8). */
const ACCENTED = '(?:[\\x80-\\xff]{1,2}|[a-z])';

/** Months in English, Italian, German, French and Spanish, whole or as they are shortened; `settings 7` is none. */
const MONTH = [
  'jan(?:uary|uar|vier)?', 'gen(?:naio)?', 'ene(?:ro)?', 'feb(?:ruary|braio|ruar|rero)?', `f${ACCENTED}v(?:rier)?`, 'mar(?:ch|zo|s)?', `m${ACCENTED}rz?`,
  'apr(?:ile?)?', 'avr(?:il)?', 'abr(?:il)?', 'may', 'mag(?:gio)?', 'mai', 'mayo', 'june?', 'juni', 'juin', 'junio', 'giu(?:gno)?', 'july?', 'juli', 'julio', 'juil(?:let)?',
  'lug(?:lio)?', 'aug(?:ust)?', 'ago(?:sto)?', `ao${ACCENTED}t`, 'sept?(?:ember|embre|iembre)?', 'sett?(?:embre)?', 'oct(?:ober|obre|ubre)?', 'okt(?:ober)?',
  'ott(?:obre)?', 'nov(?:ember|embre|iembre)?', 'dec(?:ember)?', 'dez(?:ember)?', `d${ACCENTED}c(?:embre)?`, 'dic(?:embre|iembre)?',
].join('|');

/** Titles before a name, with what may follow them before it. */
const TITLE = "dott(?:\\.?ssa|ore?|oressa)?|professor(?:e|essa)?|dr(?:\\.?ssa|\\.? ?med)?|prof(?:\\.?ssa)?|sig(?:\\.?ra|\\.na|nora|nor)?|herrn?|frau|mrs|miss|mme|monsieur|madame|se[n\\xf1]ora?|doctor|doctor's";

/**
 * What identifies by its form, in the order in which it is taken out: e-mail and web addresses, codice fiscale, dates
 * in the habits of Europe, the United States and Japan, UIDs, telephone numbers, record numbers, who follows a title,
 * and initials. Over-cleaning is accepted, leaving something is not (PS3.15 E.3.5).
 * Where a word begins is said by what stands before it and not by \b, to which an underscore is a letter. Every
 * repetition is bounded, so that a text of any length costs time in proportion to it.
 */
const PATTERNS: readonly RegExp[] = [
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
  /(?:https?:\/\/|www\.)\S+/gi,
  /(?<![A-Z0-9])[A-Z]{6}[\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z](?![A-Z0-9])/gi,
  /(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)/g,
  new RegExp(`(?<!\\d)\\d{1,2}(?:st|nd|rd|th|°|\\.)?[ _-]*(?:of |di |de )?(?:${MONTH})(?![a-z])\\.?,?[ _-]*(?:de )?(?:\\d{4}|'?\\d{2})?(?!\\d)`, 'gi'),
  new RegExp(`(?<![a-z])(?:${MONTH})\\.?[ _]\\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?(?!\\d)`, 'gi'),
  /(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2,6})?(?!\d)/g,
  /(?<![\d.])[012](?:\.\d{1,40}){4,30}/g,
  /(?:\+|(?<!\d)00)\d[\d ./()-]{6,24}\d/g,
  /(?<![A-Za-z0-9])\(?\d{2,5}\)?[ ./-]\d{2,4}(?:[ ./-]?\d{2,4}){1,3}(?![A-Za-z0-9])/g,
  // A record number, but not the fraction of a decimal.
  /(?:(?<![A-Za-z0-9])[A-Za-z]{1,4}[-_ ]?)?(?<!\d|\d\.)\d{5,64}/g,
  /(?:19|20)\d{2}(?:[\x80-\xff]{2,3}|\x1b\$B[\x21-\x7e]{2}\x1b\([BJ])\d{1,2}(?:[\x80-\xff]{2,3}|\x1b\$B[\x21-\x7e]{2}\x1b\([BJ])(?:\d{1,2}(?:[\x80-\xff]{2,3})?)?/g,
  /(?<![A-Za-z0-9])[MTSHR]\d{1,2}\.\d{1,2}\.\d{1,2}(?!\d)/g,
  new RegExp(`(?<![A-Za-z])(?:${TITLE})(?![A-Za-z])\\.?(?: +(?:dr|prof|med)\\.?)*(?: +[A-Z\\x80-\\xff][\\w'\\x80-\\xff-]*\\.?){1,3}`, 'gi'),
  // A patient called by name; one who moved is none.
  /(?<![A-Za-z])(?:[Pp]az(?:iente|\.)|[Pp]atient(?:in|e)?|PAZIENTE|PATIENT|[Pp]z\.?)(?: +[A-Z\xc0-\xde][a-z'\x80-\xff-]+){1,3}/g,
  // In capitals MR is a modality, in small letters ms are milliseconds.
  /(?<![A-Za-z])M[rs](?![A-Za-z])\.?(?: +[A-Z\xc0-\xde][\w'\x80-\xff-]*\.?){1,3}/g,
  // Two initials or more; A.P. and the like are projections.
  /(?<![A-Za-z.])(?!(?:A\.P|P\.A|L\.L|A\.M|P\.M|U\.S)\.)(?:[A-Z]\.[ -]?){1,3}(?:[A-Z]')?[A-Z]\./g,
];

/**
 * The text (one character a byte) without the identifiers of its data set and without what identifies by its form.
 * Undefined where nothing had to be taken out. A text in ISO 2022 escapes goes as a whole, since a cut inside its
 * double bytes would spoil it.
 * @param maxLength of the VR, in characters
 */
export function cleanText(text: string, matcher: Matcher, maxLength = Number.POSITIVE_INFINITY): string | undefined {
  let cleaned = withoutIdentifiers(text, matcher);
  for (const pattern of PATTERNS) cleaned = cleaned.replace(pattern, GAP);
  if (cleaned === text) return undefined;
  return finish(text, cleaned, maxLength);
}

/** The text without the identifiers of its data set; undefined where it holds none. */
export function withoutKnownIdentifiers(text: string, matcher: Matcher, maxLength = Number.POSITIVE_INFINITY): string | undefined {
  const cleaned = withoutIdentifiers(text, matcher);
  return cleaned === text ? undefined : finish(text, cleaned, maxLength);
}

function withoutIdentifiers(text: string, matcher: Matcher): string {
  const bytes = bytesOf(text);
  const hits = matcher.find(bytes, 0, bytes.length);
  if (hits.length === 0) return text;
  let cleaned = '';
  let from = 0;
  for (const { start, end } of hits) {
    cleaned += text.slice(from, start) + GAP;
    from = end;
  }
  return cleaned + text.slice(from);
}

function finish(text: string, cleaned: string, maxLength: number): string {
  if (text.includes('\x1b')) return DUMMY_TEXT;
  const joined = cleaned.replace(/\*\*\*(?:[\s^=,;.*-]*\*\*\*)+/g, GAP)
    // In bytes, of which a character may have several: what was not too long before is not cut now.
    .slice(0, Math.max(maxLength, text.length));
  return /[A-Za-z0-9\x80-\xff]/.test(joined) ? joined : DUMMY_TEXT;
}
