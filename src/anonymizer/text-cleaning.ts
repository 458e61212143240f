import { bytesOf } from './dicom/values.ts';
import { DUMMY_TEXT } from './dummies.ts';
import type { Matcher } from './matcher.ts';

/** What stands where something was taken out of a text. */
const GAP = '***';

/** Months in English and Italian, whole or in their usual three letters; `settings 7` is none. */
const MONTH = [
  'jan(?:uary)?', 'gen(?:naio)?', 'feb(?:ruary|braio)?', 'mar(?:ch|zo)?', 'apr(?:ile?)?', 'may', 'mag(?:gio)?', 'june?', 'giu(?:gno)?', 'july?', 'lug(?:lio)?',
  'aug(?:ust)?', 'ago(?:sto)?', 'sept?(?:ember)?', 'sett?(?:embre)?', 'oct(?:ober)?', 'ott(?:obre)?', 'nov(?:ember|embre)?', 'dec(?:ember)?', 'dic(?:embre)?',
].join('|');

/**
 * What identifies by its form, in the order in which it is taken out: e-mail and web addresses, codice fiscale, dates
 * in the habits of Italy, Europe and the United States, UIDs, telephone numbers, record numbers, and who follows a
 * title. Over-cleaning is accepted, leaving something is not (PS3.15 E.3.5).
 * Where a word begins is said by what stands before it and not by \b, to which an underscore is a letter. Every
 * repetition is bounded, so that a text of any length costs time in proportion to it.
 */
const PATTERNS: readonly RegExp[] = [
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
  /(?:https?:\/\/|www\.)\S+/gi,
  /(?<![A-Z0-9])[A-Z]{6}[\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z](?![A-Z0-9])/gi,
  /(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)/g,
  new RegExp(`(?<!\\d)\\d{1,2}(?:st|nd|rd|th|°)?[ _-]*(?:of |di )?(?:${MONTH})(?![a-z])\\.?,?[ _-]*(?:\\d{4}|'?\\d{2})?(?!\\d)`, 'gi'),
  new RegExp(`(?<![a-z])(?:${MONTH})\\.?[ _]\\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?(?!\\d)`, 'gi'),
  /(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2,6})?(?!\d)/g,
  /(?<![\d.])[012](?:\.\d{1,40}){4,30}/g,
  /(?:\+|(?<!\d)00)\d[\d ./()-]{6,24}\d/g,
  /(?<![A-Za-z0-9])\(?\d{2,5}\)?[ ./-]\d{2,4}(?:[ ./-]?\d{2,4}){1,3}(?![A-Za-z0-9])/g,
  /(?:(?<![A-Za-z0-9])[A-Za-z]{1,4}[-_ ]?)?(?<!\d)\d{5,64}/g,
  /(?<![A-Za-z])(?:dott(?:\.?ssa)?|dr(?:\.?ssa)?|prof(?:\.?ssa)?|sig(?:\.?ra|\.na)?|mrs|miss|doctor|doctor's)(?![A-Za-z])\.?(?: +[A-Z\xc0-\xde][\w'\x80-\xff-]*\.?){1,3}/gi,
  // In capitals MR is a modality, in small letters ms are milliseconds.
  /(?<![A-Za-z])M[rs](?![A-Za-z])\.?(?: +[A-Z\xc0-\xde][\w'\x80-\xff-]*\.?){1,3}/g,
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
  const joined = cleaned.replace(/\*\*\*(?:[\s^=,;.*-]*\*\*\*)+/g, GAP).slice(0, maxLength);
  return /[A-Za-z0-9\x80-\xff]/.test(joined) ? joined : DUMMY_TEXT;
}
