import type { CellText, CopyPart, Detail } from '../../src/views/protocol.ts';
import { icon, make } from '../elements.ts';
import { formatNumber, t } from '../texts.ts';
import { outcomeWord } from './outcome.ts';

export interface DetailsEvents {
  showWhole(id: number): void;
  copy(id: number, part: CopyPart): void;
  openStandard(id: number): void;
  close(): void;
}

/** All there is to say about the focused row, under the grid: whole values, path, reason, warnings. */
export class Details {
  readonly element = make('section', { class: 'details', 'aria-label': t('Details') });
  private shownId = -1;
  private isFocusWanted = false;

  constructor(private readonly events: DetailsEvents) {
    this.element.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.events.close(); });
  }

  clear(): void {
    this.shownId = -1;
    this.element.classList.add('is-empty');
    this.element.replaceChildren(make('p', { class: 'hint' }, t('Choose a row to see all of it.')));
  }

  show(detail: Detail): void {
    const { id } = detail;
    const isSame = id === this.shownId;
    const top = this.element.scrollTop;
    const hadFocus = isSame && this.element.contains(document.activeElement);
    this.shownId = id;
    this.element.classList.remove('is-empty');
    const title = [detail.tag, detail.name].filter((part) => part !== '').join(' ');
    this.element.replaceChildren(
      make('header', {},
        make('h2', { tabindex: -1 }, title),
        make('span', { class: `badge badge-${detail.outcome}` }, icon(detail.outcome), outcomeWord(detail.outcome)),
        make('span', { class: 'spring' }),
        make('button', { class: 'quiet', onClick: () => this.events.copy(id, 'path') }, t('Copy Path')),
        make('button', { class: 'quiet', onClick: () => this.events.copy(id, 'row') }, t('Copy Row')),
        make('button', { class: 'quiet square', 'aria-label': t('Close the details'), title: t('Close the details'), onClick: () => this.events.close() }, icon('close'))),
      ...(detail.why === '' ? [] : [make('p', { class: 'why' }, detail.why, ' ', make('button', { class: 'link', onClick: () => this.events.openStandard(id) }, t('Open the standard'), icon('link')))]),
      ...detail.warnings.map((warning) => make('p', { class: 'warning' }, icon('attention'), warning)),
      make('div', { class: 'sides' }, this.side(t('Before'), detail.outcome === 'added' ? t('Not there') : '', detail.before, id, 'before'), this.side(t('After'), afterWord(detail), detail.after, id, 'after')),
      facts(detail),
    );
    if (isSame) this.element.scrollTop = top;
    // The answer to a second question must not take the focus away.
    if (this.isFocusWanted || hadFocus) this.focus(id);
  }

  /** Takes the focus, at the latest when the row has come. */
  focus(id: number): void {
    this.isFocusWanted = id !== this.shownId;
    if (!this.isFocusWanted) this.element.querySelector<HTMLElement>('h2')?.focus();
  }

  private side(title: string, note: string, value: CellText, id: number, part: 'before' | 'after'): HTMLElement {
    const text = make('pre', { class: `text-${part}`, tabindex: 0, 'aria-label': title }, make('bdi', {}, value.text));
    return make('div', { class: 'side' },
      make('div', { class: 'side-head' }, make('h3', {}, title), ...(value.text === '' ? [] : [make('button', { class: 'quiet', 'aria-label': part === 'before' ? t('Copy Value Before') : t('Copy Value After'), onClick: () => this.events.copy(id, part) }, t('Copy'))])),
      ...(value.text === '' ? [make('p', { class: 'hint' }, note === '' ? t('Empty') : note)] : [text]),
      ...(value.more > 0 ? [make('button', { class: 'quiet', onClick: () => this.events.showWhole(id) }, t('Show {0} more characters', value.more))] : []));
  }
}

function afterWord({ outcome }: Detail): string {
  switch (outcome) {
    case 'removed': return t('Removed');
    case 'emptied': return t('Emptied');
    default: return '';
  }
}

function facts(detail: Detail): HTMLElement {
  const rows: [string, string][] = [[t('Path'), detail.path]];
  if (detail.vr !== '') rows.push([t('VR'), detail.vr], [t('Length'), t('{0} bytes', formatNumber(detail.length))]);
  if (detail.creator !== undefined) rows.push([t('Private Creator'), detail.creator]);
  if (detail.digest !== undefined) rows.push(['SHA-256', detail.digest]);
  return make('dl', {}, ...rows.flatMap(([term, text]) => [make('dt', {}, term), make('dd', {}, make('bdi', {}, text))]));
}
