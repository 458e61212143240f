import type { ActionCount, Report } from '../anonymizer/report.ts';

/** Puts a sentence into somebody's language and fills its numbered blanks. */
export type Translate = (sentence: string, ...args: string[]) => string;

/** The language of a report for people. */
export interface Language {
  /** As HTML names it (BCP 47). */
  readonly code: string;
  readonly translate: Translate;
  /** Translates a sentence whose blanks are filled already, such as the reason of a refusal. */
  readonly reason: (sentence: string) => string;
}

export const ENGLISH: Language = {
  code: 'en-US',
  translate: (sentence, ...args) => sentence.replace(/\{(\d)\}/g, (_, i: string) => args[Number(i)] ?? ''),
  reason: (sentence) => sentence,
};

/** What the result is in the eyes of the law, in a sentence. A result with a kept key is never called anonymous. */
export function resultSentence({ result, wayBack, dryRun }: Pick<Report, 'result' | 'wayBack' | 'dryRun'>, { translate: t } = ENGLISH): string {
  if (result === 'pseudonymised' && wayBack?.includes('key') === false) {
    return dryRun
      ? t('The result would be pseudonymised: whoever can open the table of identifiers can match it to the originals, so it stays personal data (GDPR Art. 4(5)).')
      : t('The result is pseudonymised: whoever can open the table of identifiers can match it to the originals, so it stays personal data (GDPR Art. 4(5)).');
  }
  if (result === 'pseudonymised') {
    return dryRun
      ? t('The result would be pseudonymised: whoever holds the key can match it to the originals, so it stays personal data (GDPR Art. 4(5)).')
      : t('The result is pseudonymised: whoever holds the key can match it to the originals, so it stays personal data (GDPR Art. 4(5)).');
  }
  return dryRun
    ? t('The key was made for this run and was not kept. Whether the result would be anonymous depends on what else is known about the persons (GDPR Recital 26).')
    : t('The key was made for this run and was not kept. Whether the result is anonymous depends on what else is known about the persons (GDPR Recital 26).');
}

/** What leads from the result to the originals; nothing is said of a report that does not tell. */
export function wayBackSentence({ wayBack }: Pick<Report, 'wayBack'>, { translate: t } = ENGLISH): string {
  if (wayBack === undefined) return '';
  if (wayBack.includes('table')) return t('A way back is kept: the encrypted table of original and new identifiers. Without it and without a kept key there is none.');
  if (wayBack.includes('key')) return t('No table of identifiers is kept. Whoever holds the key finds the result of an original that they have or guess; there is no other way back.');
  return t('Neither a key nor a table of identifiers is kept: there is no way back from the result to the originals.');
}

export function verificationSentence({ summary, dryRun }: Pick<Report, 'summary' | 'dryRun'>, language = ENGLISH): string {
  const { translate: t } = language;
  const [written, verified, notVerified] = [summary.written, summary.verified, summary.notVerified].map((count) => number(count, language));
  if (summary.written === 0) return t('Nothing was written, so nothing was verified.');
  if (summary.notVerified === 0) {
    return dryRun
      ? t('{0} of {1} would-be results read again by a second reader and searched for the identifiers of their sources: none was left.', verified, written)
      : t('{0} of {1} written files read again by a second reader and searched for the identifiers of their sources: none was left.', verified, written);
  }
  return dryRun
    ? t('{0} of {1} would-be results read again by a second reader and searched for the identifiers of their sources; {2} not verified.', verified, written, notVerified)
    : t('{0} of {1} written files read again by a second reader and searched for the identifiers of their sources; {2} not verified.', verified, written, notVerified);
}

export function summarySentence({ summary, dryRun }: Pick<Report, 'summary' | 'dryRun'>, language = ENGLISH): string {
  const [written, skipped, failed] = [summary.written, summary.skipped, summary.failed].map((count) => number(count, language));
  return dryRun
    ? language.translate('{0} would be written, {1} skipped, {2} failed', written, skipped, failed)
    : language.translate('{0} written, {1} skipped, {2} failed', written, skipped, failed);
}

/** Mean and standard deviation over the images, then the throughput. */
export function timeSentence({ timing }: Pick<Report, 'timing'>, language = ENGLISH): string {
  const { perImage, seconds, bytesPerSecond } = timing;
  const rate = seconds === 0 ? 0 : timing.files / seconds;
  const fixed = (value: number, digits: number) => language.code === ENGLISH.code ? value.toFixed(digits) : value.toLocaleString(language.code, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
  return language.translate(
    '{0} ± {1} ms an image (mean ± standard deviation); {2} MB/s, {3} files/s, {4} s in all',
    fixed(perImage.mean, 2), fixed(perImage.standardDeviation, 2), fixed(bytesPerSecond / 1e6, 1), fixed(rate, rate < 10 ? 1 : 0), fixed(seconds, seconds < 10 ? 2 : 0),
  );
}

/** What an action code does, in a word (PS3.15 Table E.1-1a). */
const WORDS: Record<ActionCount['action'], string> = {
  D: 'Replaced', Z: 'Emptied', X: 'Removed', K: 'Kept', C: 'Cleaned', U: 'Remapped', added: 'Added',
};

/** Name, ID, Accession Number and Study ID: D and Z put a pseudonym there (PS3.15 E.1.1). */
const PSEUDONYMS: ReadonlySet<string> = new Set(['00100010', '00100020', '00080050', '00200010']);

export function actionWord({ tag, action }: Pick<ActionCount, 'tag' | 'action'>, { translate: t } = ENGLISH): string {
  return t(PSEUDONYMS.has(tag) && (action === 'Z' || action === 'D') ? 'Pseudonym' : WORDS[action]);
}

/** A count with its thousands apart. English without the system's tables, whose loading takes longer than a file does. */
export function number(value: number, { code } = ENGLISH): string {
  if (code !== ENGLISH.code || !Number.isSafeInteger(value) || value < 0) return value.toLocaleString(code);
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
