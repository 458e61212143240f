import { env, l10n } from 'vscode';
import { OPTIONS } from '../anonymizer/profile.ts';
import type { ActionCount } from '../anonymizer/report.ts';
import { wayBackSentence } from '../batch/report-sentences.ts';
import { refusalText } from '../commands/problems.ts';
import type { ReportHead } from '../commands/run-thread.ts';
import { sentence } from './failure-text.ts';
import type { Bar, ReportView } from './protocol.ts';

/** A report in the words of the person. */
export function reportView(head: ReportHead, title: string): ReportView {
  const { summary, timing, actions, options, dryRun } = head;
  const number = (value: number, digits = 0) => new Intl.NumberFormat(env.language, { maximumFractionDigits: digits }).format(value);
  const facts: [string, string][] = [
    [l10n.t('Profile'), head.profile],
    [l10n.t('Options'), options.length === 0 ? l10n.t('none') : options.map((name) => l10n.t(OPTIONS[name].title)).join(', ')],
    [l10n.t('Edition of the standard'), `PS3.15 ${head.edition}`],
    [l10n.t('Result'), dryRun ? l10n.t('Dry run: nothing was written') : head.result === 'pseudonymised' ? l10n.t('Pseudonymised: a key was kept that leads back') : l10n.t('Without a kept key: nobody can lead a pseudonym back')],
    ...(head.wayBack === undefined ? [] : [[l10n.t('Way back'), sentence(wayBackSentence(head))] satisfies [string, string]]),
    [l10n.t('Verification'), verification(summary.verified, summary.notVerified)],
    [l10n.t('Time per image'), l10n.t('{0} ± {1} ms (mean ± standard deviation)', number(timing.perImage.mean, 2), number(timing.perImage.standardDeviation, 2))],
    [l10n.t('Throughput'), l10n.t('{0} files and {1} MB in {2} s: {3} MB/s', number(timing.files), number(timing.bytes / 1e6, 1), number(timing.seconds, 1), number(timing.bytesPerSecond / 1e6, 1))],
  ];
  return {
    title, facts: facts.map(([label, value]) => ({ label, value })), files: head.fileCount,
    outcomes: [
      { label: dryRun ? l10n.t('Would be written') : l10n.t('Written'), count: summary.written, kind: 'written' },
      { label: l10n.t('Skipped'), count: summary.skipped, kind: 'skipped' },
      { label: l10n.t('Failed'), count: summary.failed, kind: 'failed' },
      { label: l10n.t('With warnings'), count: head.warned, kind: 'warned' },
    ],
    actions: actionBars(actions),
    tags: actions.map(({ tag, action, count, name }) => ({
      tag: `(${tag.slice(0, 4)},${tag.slice(4)})`, name: l10n.t(name), action: actionWord(action), count,
    })),
    reasons: head.reasons.map(({ reason, count }) => ({ reason: refusalText(reason), count })),
  };
}

function verification(verified: number, notVerified: number): string {
  return notVerified === 0 ? l10n.t('{0} results were read again by a second reader', verified) : l10n.t('{0} results were read again by a second reader, {1} were not', verified, notVerified);
}

function actionBars(actions: readonly ActionCount[]): Bar[] {
  const order = ['X', 'Z', 'D', 'U', 'C', 'K', 'added'] as const;
  return order.map((action) => ({ label: actionWord(action), kind: action, count: actions.reduce((sum, other) => (other.action === action ? sum + other.count : sum), 0) })).filter(({ count }) => count > 0);
}

function actionWord(action: ActionCount['action']): string {
  switch (action) {
    case 'X': return l10n.t('Removed');
    case 'Z': return l10n.t('Emptied');
    case 'D': return l10n.t('Replaced');
    case 'U': return l10n.t('Remapped');
    case 'C': return l10n.t('Cleaned');
    case 'K': return l10n.t('Kept');
    case 'added': return l10n.t('Added');
  }
}
