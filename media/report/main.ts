import type { Bar, FileFilter, HostToReport, ReportFileRow, ReportToHost, ReportView } from '../../src/views/protocol.ts';
import { make } from '../elements.ts';
import { acquireHost } from '../host.ts';
import { formatNumber, setTexts, t } from '../texts.ts';

interface Kept {
  readonly filter: FileFilter;
  readonly from: number;
}

const PAGE = 50;
const host = acquireHost<ReportToHost, Kept>();
const root = document.getElementById('root') as HTMLElement;
let kept: Kept = host.getState() ?? { filter: 'all', from: 0 };
const filesPlace = make('div', { class: 'files' });

function ask(changes: Partial<Kept>): void {
  kept = { ...kept, ...changes };
  host.setState(kept);
  host.postMessage({ type: 'files', filter: kept.filter, from: kept.from, count: PAGE });
}

function show(report: ReportView): void {
  root.replaceChildren(
    make('header', { class: 'top' }, make('h1', {}, report.title), make('span', { class: 'spring' }),
      ...(['html', 'csv', 'json'] as const).map((format) => make('button', { class: 'secondary', onClick: () => host.postMessage({ type: 'export', format }) }, `${t('Export')} ${format.toUpperCase()}`)),
      make('button', { onClick: () => host.postMessage({ type: 'openFolder' }) }, t('Open Folder'))),
    make('div', { class: 'charts' }, chart(t('Files by outcome'), report.outcomes), chart(t('What was done to the attributes'), report.actions)),
    make('section', { 'aria-labelledby': 'run' }, make('h2', { id: 'run' }, t('Run')), make('dl', {}, ...report.facts.flatMap(({ label, value }) => [make('dt', {}, label), make('dd', {}, value)]))),
    ...(report.reasons.length === 0 ? [] : [make('section', { 'aria-labelledby': 'reasons' }, make('h2', { id: 'reasons' }, t('Why not')),
      table([t('Reason'), t('Count')], report.reasons.map(({ reason, count }) => [reason, formatNumber(count)]), [1]))]),
    make('section', { 'aria-labelledby': 'files' }, make('h2', { id: 'files' }, t('Files')), filters(), filesPlace),
    attributes(report),
  );
  ask({});
}

/** Bars with their numbers beside them; the longest fills the width. */
function chart(title: string, bars: readonly Bar[]): HTMLElement {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const rows = bars.map(({ label, count, kind }) => {
    const bar = make('span', { class: `bar bar-${kind}`, hidden: count === 0 });
    bar.style.width = `${(count / most) * 100}%`;
    return make('li', {}, make('span', { class: 'bar-label' }, label), make('span', { class: 'track', 'aria-hidden': 'true' }, bar), make('span', { class: 'number' }, formatNumber(count)));
  });
  return make('section', { class: 'chart', 'aria-label': title }, make('h2', {}, title), make('ul', {}, ...rows));
}

function table(heads: readonly string[], rows: readonly (readonly string[])[], numbers: readonly number[] = []): HTMLElement {
  const cell = (name: 'th' | 'td', text: string, i: number) => make(name, { class: numbers.includes(i) ? 'number' : undefined, scope: name === 'th' ? 'col' : undefined }, make('bdi', {}, text));
  return make('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': heads.join(', ') }, make('table', {},
    make('thead', {}, make('tr', {}, ...heads.map((head, i) => cell('th', head, i)))),
    make('tbody', {}, ...rows.map((row) => make('tr', {}, ...row.map((text, i) => cell('td', text, i)))))));
}

function filterWord(filter: FileFilter): string {
  switch (filter) {
    case 'all': return t('All');
    case 'written': return t('Written');
    case 'skipped': return t('Skipped');
    case 'failed': return t('Failed');
    case 'warned': return t('With warnings');
  }
}

function filters(): HTMLElement {
  const buttons = (['all', 'written', 'skipped', 'failed', 'warned'] as const).map((filter) => make('button', {
    class: 'chip', 'data-filter': filter, 'aria-pressed': String(kept.filter === filter),
    onClick: () => {
      ask({ filter, from: 0 });
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.filter === filter));
    },
  }, filterWord(filter)));
  return make('div', { class: 'chips', role: 'group', 'aria-label': t('Show') }, ...buttons);
}

function showFiles({ filter, from, total, rows }: Extract<HostToReport, { type: 'files' }>): void {
  if (filter !== kept.filter || from !== kept.from) return;
  if (total === 0) {
    filesPlace.replaceChildren(make('p', { role: 'status' }, t('No files.')));
    return;
  }
  const line = (row: ReportFileRow, i: number) => make('tr', {},
    make('td', {}, make('button', { class: 'link', onClick: () => host.postMessage({ type: 'openFile', index: from + i, filter }) }, make('bdi', {}, row.input))),
    make('td', { class: `outcome outcome-${row.status}` }, filterWord(row.status)), make('td', { class: 'path' }, make('bdi', {}, row.output)), make('td', {}, make('bdi', {}, row.note)));
  const heads = [t('Input'), t('Outcome'), t('Output'), t('Note')];
  filesPlace.replaceChildren(
    make('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': t('Files') }, make('table', {}, make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))), make('tbody', {}, ...rows.map(line)))),
    make('div', { class: 'pager' },
      make('button', { class: 'secondary', disabled: from === 0, onClick: () => ask({ from: Math.max(0, from - PAGE) }) }, t('Previous')),
      make('span', { role: 'status' }, t('{0} to {1} of {2}', from + 1, from + rows.length, total)),
      make('button', { class: 'secondary', disabled: from + rows.length >= total, onClick: () => ask({ from: from + PAGE }) }, t('Next'))));
}

function attributes({ tags }: ReportView): HTMLElement {
  const place = make('div');
  const search = make('input', { type: 'search', class: 'search', placeholder: t('Search attributes'), 'aria-label': t('Search attributes') });
  const fill = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = tags.filter(({ tag, name, action }) => wanted === '' || `${tag} ${tag.replace(/\W/g, '')} ${name} ${action}`.toLowerCase().includes(wanted));
    place.replaceChildren(table([t('Tag'), t('Name'), t('Action'), t('Count')], found.map(({ tag, name, action, count }) => [tag, name, action, formatNumber(count)]), [3]));
  };
  search.addEventListener('input', fill);
  fill();
  return make('section', { 'aria-labelledby': 'attributes' }, make('h2', { id: 'attributes' }, t('Attributes')), search, place);
}

window.addEventListener('message', ({ data }: MessageEvent<HostToReport>) => {
  switch (data.type) {
    case 'report': setTexts(data.texts, data.locale); show(data.report); break;
    case 'files': showFiles(data); break;
  }
});

host.postMessage({ type: 'ready' });
