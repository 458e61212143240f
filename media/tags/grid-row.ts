import type { CellText, Row } from '../../src/views/protocol.ts';
import { icon, make } from '../elements.ts';
import { t } from '../texts.ts';
import { type Column, COLUMNS } from './columns.ts';
import { outcomeWord } from './outcome.ts';

/** Levels of nesting that are indented; what is deeper stands under the last of them. */
const INDENTED = 12;

/** One row of the grid on the page. It is used again for another row when it scrolls out of sight. */
export class GridRow {
  readonly element = make('div', { role: 'row', class: 'row', tabindex: -1 });
  row: Row | undefined;
  index = -1;
  private readonly cells = new Map<Column, HTMLElement>();

  constructor() {
    COLUMNS.forEach((column, i) => {
      const cell = make('div', { role: 'gridcell', class: `cell cell-${column}`, 'aria-colindex': i + 1, tabindex: -1, 'data-column': column });
      this.cells.set(column, cell);
      this.element.append(cell);
    });
  }

  cell(column: Column): HTMLElement {
    return this.cells.get(column) as HTMLElement;
  }

  /** @param row undefined while it is on its way */
  show(index: number, row: Row | undefined): void {
    const { element } = this;
    this.index = index;
    this.row = row;
    element.setAttribute('aria-rowindex', String(index + 2));
    element.classList.toggle('is-waiting', row === undefined);
    if (row === undefined) {
      for (const cell of this.cells.values()) cell.replaceChildren();
      return;
    }
    element.id = `row-${row.id}`;
    element.dataset.outcome = row.outcome;
    element.dataset.vscodeContext = JSON.stringify({ webviewSection: 'row', row: row.id, preventDefaultContextMenuItems: true });
    element.classList.toggle('is-context', row.isContext);
    element.classList.toggle('needs-attention', row.attention);
    element.setAttribute('aria-level', String(row.level + 1));
    if (row.expanded === undefined) element.removeAttribute('aria-expanded');
    else element.setAttribute('aria-expanded', String(row.expanded));
    this.cell('tag').replaceChildren(twisty(row), make('span', { class: 'tag' }, row.tag === '' ? row.name : row.tag));
    this.cell('tag').style.setProperty('--level', String(Math.min(row.level, INDENTED)));
    this.cell('name').replaceChildren(...nameOf(row));
    this.cell('vr').textContent = row.vr;
    this.cell('before').replaceChildren(...(row.outcome === 'added' ? [] : value(row.before)));
    this.cell('after').replaceChildren(...afterOf(row));
    this.cell('why').replaceChildren(...(row.attention ? [icon('attention')] : []), make('span', { class: 'text', title: row.why }, row.why));
  }
}

function twisty({ expanded }: Row): HTMLElement {
  const place = make('span', { class: 'twisty' });
  if (expanded !== undefined) place.append(icon(expanded ? 'unfolded' : 'folded'));
  return place;
}

function nameOf(row: Row): Node[] {
  if (row.tag === '') return [];
  const name = make('span', { class: 'text', title: row.name }, row.name);
  return row.creator === undefined ? [name] : [name, make('span', { class: 'creator', title: row.creator }, row.creator)];
}

function afterOf(row: Row): Node[] {
  if (row.tag === '' && row.outcome === 'kept') return [];
  const badge = make('span', { class: `badge badge-${row.outcome}` }, icon(row.outcome), outcomeWord(row.outcome));
  return row.outcome === 'kept' || row.outcome === 'removed' || row.outcome === 'emptied' ? [badge] : [badge, ...value(row.after)];
}

function value({ text, more }: CellText): Node[] {
  if (text === '') return [];
  const shown = make('bdi', { class: 'text value' }, text);
  return more > 0 ? [shown, make('span', { class: 'more' }, t('+{0} more', more))] : [shown];
}
