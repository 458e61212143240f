import { describeTag } from '../anonymizer/dicom/dictionary-names.ts';
import { formatTag, isPrivate, type Tag } from '../anonymizer/dicom/tag.ts';
import { OPTIONS } from '../anonymizer/profile.ts';
import type { ActionCount, FileReports, FileStatus, Report } from '../anonymizer/report.ts';
import { actionWord, ENGLISH, type Language, number, resultSentence, summarySentence, timeSentence, verificationSentence, wayBackSentence } from './report-sentences.ts';

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --ground: #fff; --band: #f6f8fa; --bad: #b3261e; --warn: #7a5200; --good: #1a6b34; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9aa4af; --line: #30363d; --ground: #0d1117; --band: #161b22; --bad: #ff8a80; --warn: #e3b341; --good: #5cc77a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .quiet { color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0; } dt { color: var(--quiet); } dd { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 600; } td.count, th.count { text-align: right; font-variant-numeric: tabular-nums; }
td.path { overflow-wrap: anywhere; } code { font-family: ui-monospace, monospace; }
summary { cursor: pointer; padding: .4rem .6rem; background: var(--band); border: 1px solid var(--line); border-radius: 4px; margin-top: .5rem; }
.failed { color: var(--bad); } .skipped { color: var(--warn); } .written { color: var(--good); }
`;

/** What needs a look comes first. */
const OUTCOMES: readonly { readonly status: FileStatus; readonly title: string; readonly dryTitle: string }[] = [
  { status: 'failed', title: 'Failed', dryTitle: 'Would fail' },
  { status: 'skipped', title: 'Skipped', dryTitle: 'Would be skipped' },
  { status: 'written', title: 'Written', dryTitle: 'Would be written' },
];

/** The report as one HTML page: no script, nothing loaded from elsewhere, light or dark as the reader's system is. */
export function* htmlReport(report: Report<FileReports>, language: Language = ENGLISH): Generator<string> {
  const t = (sentence: string) => escapeHtml(language.translate(sentence));
  const title = report.dryRun ? t('De-identification report (dry run)') : t('De-identification report');
  yield `<!doctype html>
<html lang="${escapeHtml(language.code)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${escapeHtml(summarySentence(report, language))}</p>
<p class="quiet">${t('This report names the paths of the source: it is for those who hold the source.')}</p>
<dl>
${facts(report, language)}</dl>
<h2>${t('Files')}</h2>
`;
  const counts = countsOf(report.files);
  for (const outcome of OUTCOMES) yield* filesOf(report, outcome, counts[outcome.status], language);
  if (report.files.length === 0) yield `<p>${t('No file was found.')}</p>\n`;
  yield* actionTable(report, language);
  yield '</body>\n</html>\n';
}

function facts(report: Report<FileReports>, language: Language): string {
  const { translate: t } = language;
  const options = report.options.map((name) => t(OPTIONS[name]?.title ?? name)).join(', ') || t('none');
  const rows: readonly (readonly [string, string])[] = [
    [t('Profile'), report.profile],
    [t('Options'), options],
    [t('Edition of the standard'), `DICOM PS3.15 ${report.edition}`],
    [t('Result'), resultSentence(report, language)],
    ...(report.wayBack === undefined ? [] : [[t('Way back'), wayBackSentence(report, language)] as const]),
    [t('Verification'), verificationSentence(report, language)],
    [t('Time'), timeSentence(report, language)],
    [t('Program'), `${report.program} ${report.version}`],
  ];
  return rows.map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>\n`).join('');
}

interface Counts {
  files: number;
  /** How often each reason was given, without the place in the file that some of them name. */
  readonly reasons: Map<string, number>;
}

/** In one reading of what may be a million files. */
function countsOf(files: FileReports): Record<FileStatus, Counts> {
  const counts = (): Counts => ({ files: 0, reasons: new Map() });
  const all = { written: counts(), skipped: counts(), failed: counts() };
  for (const { status, reason = 'no reason' } of files) {
    const { reasons } = all[status];
    all[status].files += 1;
    if (status === 'written') continue;
    const kind = reason.replace(/ at \([0-9A-F]{4},[0-9A-F]{4}\)|, offset \d+/g, '');
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  }
  return all;
}

function* filesOf({ files, dryRun }: Report<FileReports>, { status, title, dryTitle }: (typeof OUTCOMES)[number], counts: Counts, language: Language): Generator<string> {
  const t = (sentence: string) => escapeHtml(language.translate(sentence));
  if (counts.files === 0) return;
  const isWritten = status === 'written';
  yield `<details${isWritten ? '' : ' open'}><summary><span class="${status}">${t(dryRun ? dryTitle : title)}</span> · ${number(counts.files, language)}</summary>\n`;
  if (!isWritten) yield reasonList(counts, language);
  yield `<div class="scroll"><table><thead><tr><th>${t('Input')}</th><th>${t(isWritten ? 'Output' : 'Reason')}</th>${isWritten ? `<th>${t('Verified')}</th>` : ''}<th>${t('Note')}</th></tr></thead><tbody>\n`;
  for (const { input, output, status: own, reason, verified, warnings } of files) {
    if (own !== status) continue;
    const second = isWritten ? output : reason === undefined ? '' : language.reason(reason);
    const checked = isWritten ? `<td>${t(verified === undefined ? 'not asked' : verified ? 'yes' : 'no')}</td>` : '';
    yield `<tr><td class="path">${escapeHtml(input)}</td><td class="path">${escapeHtml(second ?? '')}</td>${checked}<td>${escapeHtml((warnings ?? []).map(language.reason).join('; '))}</td></tr>\n`;
  }
  yield '</tbody></table></div></details>\n';
}

function reasonList({ reasons }: Counts, language: Language): string {
  const lines = [...reasons].sort(([, a], [, b]) => b - a).slice(0, 20).map(([kind, count]) => `<li>${number(count, language)} × ${escapeHtml(language.reason(kind))}</li>`);
  return `<ul>${lines.join('')}</ul>\n`;
}

function* actionTable({ actions }: Pick<Report, 'actions'>, language: Language): Generator<string> {
  if (actions.length === 0) return;
  const t = (sentence: string) => escapeHtml(language.translate(sentence));
  yield `<h2>${t('Actions by attribute')}</h2>\n<p class="quiet">${t('Codes of PS3.15 Table E.1-1: D replaced by a dummy, Z emptied or replaced, X removed, K kept, C cleaned, U new UID.')}</p>\n`;
  yield `<div class="scroll"><table><thead><tr><th>${t('Tag')}</th><th>${t('Name')}</th><th>${t('Code')}</th><th>${t('Action')}</th><th class="count">${t('Count')}</th></tr></thead><tbody>\n`;
  for (const counted of actions) {
    const tag = Number.parseInt(counted.tag, 16);
    yield `<tr><td><code>${formatTag(tag)}</code></td><td>${t(nameOfTag(tag))}</td><td>${codeOf(counted.action)}</td><td>${escapeHtml(actionWord(counted, language))}</td><td class="count">${number(counted.count, language)}</td></tr>\n`;
  }
  yield '</tbody></table></div>\n';
}

export function nameOfTag(tag: Tag): string {
  return describeTag(tag)?.name ?? (isPrivate(tag) ? 'Private' : 'Not in the dictionary');
}

function codeOf(action: ActionCount['action']): string {
  return action === 'added' ? '+' : action;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
