import { env, l10n } from 'vscode';
import type { Progress } from '../batch/run.ts';

/** `312/4,810 · 38 MB/s · about 2 min`; what is not known yet is left out. */
export function progressText({ filesDone, filesTotal, bytesDone }: Progress, seconds: number): string {
  const number = new Intl.NumberFormat(env.language);
  const files = filesTotal === undefined ? number.format(filesDone) : `${number.format(filesDone)}/${number.format(filesTotal)}`;
  if (seconds < 1 || filesDone === 0) return files;
  const rate = bytesDone / seconds / 1e6;
  const speed = `${new Intl.NumberFormat(env.language, { maximumFractionDigits: rate < 10 ? 1 : 0 }).format(rate)} MB/s`;
  if (filesTotal === undefined || filesDone === filesTotal) return `${files} · ${speed}`;
  return `${files} · ${speed} · ${leftText(((filesTotal - filesDone) * seconds) / filesDone)}`;
}

function leftText(seconds: number): string {
  if (seconds < 60) return l10n.t('about {0} s', Math.max(1, Math.round(seconds)));
  return seconds < 5400 ? l10n.t('about {0} min', Math.round(seconds / 60)) : l10n.t('about {0} h', Math.round(seconds / 3600));
}
