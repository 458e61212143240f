import { bytesOf } from './dicom/values.ts';
import { DUMMY_TEXT } from './dummies.ts';
import type { Matcher } from './matcher.ts';

/** What stands where something was taken out of a text. */
const GAP = '***';

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|gen|mag|giu|lug|ago|set|ott|dic)[a-z]*';

/**
 * What identifies by its form, in the order in which it is taken out: e-mail and web addresses, codice fiscale, dates
 * in the habits of Italy, Europe and the United States, UIDs, telephone numbers, record numbers, and who follows a
 * title, and initials. Over-cleaning is accepted, leaving something is not (PS3.15 E.3.5).
 * Every repetition is bounded, so that a text of any length costs time in proportion to it.
 */
const PATTERNS: readonly RegExp[] = [
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
  /\b(?:https?:\/\/|www\.)\S+/gi,
  /\b[A-Z]{6}[\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z]\b/gi,
  /\b\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b/g,
  new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th|°)?[ -]*(?:of |di )?${MONTH}\\.?,?[ -]*(?:\\d{4}|'?\\d{2})?\\b`, 'gi'),
  new RegExp(`\\b${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b`, 'gi'),
  /\b(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2,6})?\b/g,
  /\b[012](?:\.\d{1,40}){4,30}/g,
  /(?:\+|\b00)\d[\d ./()-]{6,24}\d/g,
  /\b\(?\d{2,5}\)?[ ./-]\d{2,4}(?:[ ./-]?\d{2,4}){1,3}\b/g,
  /\b(?:[A-Za-z]{1,4}[-_ ]?)?\d{5,64}/g,
  /\b(?:dott(?:\.?ssa)?|dr(?:\.?ssa)?|prof(?:\.?ssa)?|sig(?:\.?ra|\.na)?|mr|mrs|ms|miss|doctor|doctor's)\b\.?(?: +[A-Z\xc0-\xde][\w'\x80-\xff-]*\.?){1,3}/gi,
  /\b(?:[A-Z]\.[ -]?)+(?:[A-Z]')?[A-Z]\./g,
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
