import type { ActionCount, Report } from '../anonymizer/report.ts';

/** What the result is in the eyes of the law, in a sentence. A result with a kept key is never called anonymous. */
export function resultSentence({ result, dryRun }: Pick<Report, 'result' | 'dryRun'>): string {
  const is = dryRun ? 'would be' : 'is';
  return result === 'pseudonymised'
    ? `The result ${is} pseudonymised: whoever holds the key can match it to the originals, so it stays personal data (GDPR Art. 4(5)).`
    : `The key was made for this run and was not kept. Whether the result ${is} anonymous depends on what else is known about the persons (GDPR Recital 26).`;
}

export function verificationSentence({ summary, dryRun }: Pick<Report, 'summary' | 'dryRun'>): string {
  const { written, verified, notVerified } = summary;
  if (written === 0) return 'Nothing was written, so nothing was verified.';
  const read = dryRun ? 'would-be results' : 'written files';
  const searched = `${number(verified)} of ${number(written)} ${read} read again by a second reader and searched for the identifiers of their sources`;
  return notVerified === 0 ? `${searched}: none was left.` : `${searched}; ${number(notVerified)} not verified.`;
}

export function summarySentence({ summary, dryRun }: Pick<Report, 'summary' | 'dryRun'>): string {
  const { written, skipped, failed } = summary;
  return `${number(written)} ${dryRun ? 'would be written' : 'written'}, ${number(skipped)} skipped, ${number(failed)} failed`;
}

/** Mean and standard deviation over the images, then the throughput. */
export function timeSentence({ timing }: Pick<Report, 'timing'>): string {
  const { perImage, seconds, bytesPerSecond } = timing;
  const rate = seconds === 0 ? 0 : timing.files / seconds;
  return `${perImage.mean.toFixed(2)} ± ${perImage.standardDeviation.toFixed(2)} ms an image (mean ± standard deviation); ` +
    `${(bytesPerSecond / 1e6).toFixed(1)} MB/s, ${rate.toFixed(rate < 10 ? 1 : 0)} files/s, ${seconds.toFixed(seconds < 10 ? 2 : 0)} s in all`;
}

/** What an action code does, in a word (PS3.15 Table E.1-1a). */
const WORDS: Record<ActionCount['action'], string> = {
  D: 'Replaced', Z: 'Emptied', X: 'Removed', K: 'Kept', C: 'Cleaned', U: 'Remapped', added: 'Added',
};

/** Name, ID, Accession Number and Study ID: D and Z put a pseudonym there (PS3.15 E.1.1). */
const PSEUDONYMS: ReadonlySet<string> = new Set(['00100010', '00100020', '00080050', '00200010']);

export function actionWord({ tag, action }: Pick<ActionCount, 'tag' | 'action'>): string {
  return PSEUDONYMS.has(tag) && (action === 'Z' || action === 'D') ? 'Pseudonym' : WORDS[action];
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}
