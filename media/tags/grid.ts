import type { Row } from '../../src/views/protocol.ts';
import { make } from '../elements.ts';
import { t } from '../texts.ts';
import { columnTitle, COLUMNS } from './columns.ts';
import { GridRow } from './grid-row.ts';

export const ROW_HEIGHT = 24;
const PAGE = 100;
/** Rows that are kept on the page above and below what is seen. */
const OVERSCAN = 12;

export interface GridEvents {
  /** Rows are needed that are not here. */
  needPage(from: number, count: number): void;
  focusRow(row: Row, index: number): void;
  toggle(row: Row): void;
  /** Enter on a row: on to its details. */
  open(row: Row): void;
  copy(row: Row, side: 'before' | 'after'): void;
  scrolled(): void;
}

/** A treegrid of any number of rows: only those in sight are on the page, and they come in pages from the host. */
export class Grid {
  readonly element: HTMLElement;
  private readonly canvas = make('div', { role: 'rowgroup', class: 'canvas' });
  private readonly rows = new Map<number, GridRow>();
  private readonly spare: GridRow[] = [];
  private pages = new Map<number, readonly Row[]>();
  private readonly asked = new Set<number>();
  private total = 0;
  /** The row with the roving tabindex; its cell, or -1 for the row itself. */
  private focusIndex = 0;
  private focusColumn = -1;
  private scheduled = false;
  /** A key that came before its row did. */
  private pendingKey: string | undefined;

  constructor(private readonly events: GridEvents) {
    const header = make('div', { role: 'rowgroup', class: 'head' }, make('div', { role: 'row', class: 'row', 'aria-rowindex': 1 },
      ...COLUMNS.map((column, i) => make('div', { role: 'columnheader', class: `cell cell-${column}`, 'aria-colindex': i + 1 }, columnTitle(column)))));
    this.element = make('div', { role: 'treegrid', class: 'grid', 'aria-label': t('Data elements'), 'aria-colcount': COLUMNS.length, 'aria-readonly': 'true' }, header, this.canvas);
    this.element.addEventListener('scroll', () => { this.schedule(); this.events.scrolled(); }, { passive: true });
    this.element.addEventListener('keydown', (event) => this.keydown(event));
    this.element.addEventListener('mousedown', (event) => this.pressed(event));
    this.element.addEventListener('dblclick', () => { if (this.focused !== undefined) this.events.open(this.focused); });
    new ResizeObserver(() => this.schedule()).observe(this.element);
  }

  /** What is shown has changed. Old rows stay until the new ones come, so that nothing flickers. */
  reset(total: number, focusIndex: number): void {
    this.total = total;
    this.pages = new Map();
    this.asked.clear();
    this.focusIndex = focusIndex >= 0 ? focusIndex : Math.min(this.focusIndex, Math.max(0, total - 1));
    this.element.setAttribute('aria-rowcount', String(total + 1));
    this.canvas.style.height = `${total * ROW_HEIGHT}px`;
    for (const [index, row] of this.rows) if (index >= total) this.drop(index, row);
    this.render();
  }

  addPage(from: number, rows: readonly Row[]): void {
    this.pages.set(from / PAGE, rows);
    this.asked.delete(from / PAGE);
    rows.forEach((row, i) => {
      const shown = this.rows.get(from + i);
      if (shown === undefined) return;
      const hadFocus = shown.element.contains(document.activeElement);
      shown.show(from + i, row);
      if (hadFocus) this.events.focusRow(row, from + i);
    });
    const { pendingKey } = this;
    if (pendingKey === undefined || this.focused === undefined) return;
    this.pendingKey = undefined;
    this.act(pendingKey, false);
  }

  rowAt(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  get focused(): Row | undefined {
    return this.rowAt(this.focusIndex);
  }

  get scrollTop(): number {
    return this.element.scrollTop;
  }

  set scrollTop(value: number) {
    this.element.scrollTop = value;
    this.render();
  }

  focus(): void {
    this.moveTo(this.focusIndex, this.focusColumn);
  }

  reveal(index: number): void {
    const top = index * ROW_HEIGHT;
    const head = ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW_HEIGHT + head > scrollTop + clientHeight) this.element.scrollTop = top + ROW_HEIGHT + head - clientHeight;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.render();
    });
  }

  private render(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN);
    const last = Math.min(this.total, Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT) + OVERSCAN);
    // The focused row stays on the page, or the focus would be lost by scrolling.
    const isNeeded = (index: number) => (index >= first && index < last) || (index === this.focusIndex && index < this.total);
    for (const [index, row] of this.rows) if (!isNeeded(index)) this.drop(index, row);
    for (let index = first; index < last; index++) this.place(index);
    if (this.focusIndex < this.total) this.place(this.focusIndex);
  }

  private place(index: number): void {
    const row = this.rowAt(index);
    const shown = this.rows.get(index);
    if (row === undefined) this.need(Math.floor(index / PAGE));
    if (shown !== undefined) {
      if (row !== undefined && shown.row !== row) shown.show(index, row);
      this.markFocus(shown);
      return;
    }
    const made = this.spare.pop() ?? new GridRow();
    made.show(index, row);
    made.element.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    this.markFocus(made);
    this.rows.set(index, made);
    this.canvas.append(made.element);
  }

  private drop(index: number, row: GridRow): void {
    this.rows.delete(index);
    row.element.remove();
    this.spare.push(row);
  }

  private need(page: number): void {
    if (this.asked.has(page)) return;
    this.asked.add(page);
    this.events.needPage(page * PAGE, PAGE);
  }

  private markFocus(row: GridRow): void {
    const isFocused = row.index === this.focusIndex;
    row.element.tabIndex = isFocused && this.focusColumn < 0 ? 0 : -1;
    row.element.setAttribute('aria-selected', String(isFocused));
    COLUMNS.forEach((column, i) => { row.cell(column).tabIndex = isFocused && this.focusColumn === i ? 0 : -1; });
  }

  /** Moves the focus, and what is in sight with it. */
  private moveTo(index: number, column: number): void {
    if (this.total === 0) return;
    const to = Math.max(0, Math.min(this.total - 1, index));
    this.focusIndex = to;
    this.focusColumn = column;
    this.reveal(to);
    this.render();
    for (const row of this.rows.values()) this.markFocus(row);
    const shown = this.rows.get(to);
    (column < 0 ? shown?.element : shown?.cell(COLUMNS[column]))?.focus({ preventScroll: true });
    const row = this.rowAt(to);
    if (row !== undefined) this.events.focusRow(row, to);
  }

  private pressed(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest('.canvas .row') : null;
    const shown = [...this.rows.values()].find(({ element }) => element === target);
    if (shown === undefined) return;
    const onTwisty = event.target instanceof Element && event.target.closest('.twisty') !== null;
    if (onTwisty && event.button === 0 && shown.row?.expanded !== undefined) this.events.toggle(shown.row);
    // The row takes the focus and not the cell under the pointer; texts are selected in the details.
    event.preventDefault();
    this.moveTo(shown.index, -1);
  }

  /** The keys of a treegrid (WAI-ARIA Authoring Practices), rows first, cells by the right arrow. */
  private keydown(event: KeyboardEvent): void {
    const isControl = event.ctrlKey || event.metaKey;
    if (isControl && event.key.toLowerCase() === 'c' && String(getSelection()) === '') {
      this.act('Copy', true);
      event.preventDefault();
      return;
    }
    if (event.altKey || (isControl && event.key !== 'Home' && event.key !== 'End')) return;
    if (this.act(event.key, event.ctrlKey)) event.preventDefault();
  }

  /** Whether the key means something here. */
  private act(key: string, isControl: boolean): boolean {
    const { focusIndex, focusColumn } = this;
    const row = this.focused;
    const pageful = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 2);
    if (row === undefined && ['ArrowLeft', 'ArrowRight', ' ', 'Enter', 'Copy'].includes(key)) {
      this.pendingKey = key;
      return true;
    }
    switch (key) {
      case 'ArrowDown': this.moveTo(focusIndex + 1, focusColumn); return true;
      case 'ArrowUp': this.moveTo(focusIndex - 1, focusColumn); return true;
      case 'PageDown': this.moveTo(focusIndex + pageful, focusColumn); return true;
      case 'PageUp': this.moveTo(focusIndex - pageful, focusColumn); return true;
      case 'Home': focusColumn < 0 || isControl ? this.moveTo(0, focusColumn) : this.moveTo(focusIndex, 0); return true;
      case 'End': focusColumn < 0 || isControl ? this.moveTo(this.total - 1, focusColumn) : this.moveTo(focusIndex, COLUMNS.length - 1); return true;
      case 'ArrowRight':
        if (focusColumn < 0 && row?.expanded === false) this.events.toggle(row);
        else this.moveTo(focusIndex, Math.min(COLUMNS.length - 1, focusColumn + 1));
        return true;
      case 'ArrowLeft':
        if (focusColumn >= 0) this.moveTo(focusIndex, focusColumn - 1);
        else if (row?.expanded === true) this.events.toggle(row);
        else this.moveToParent(row);
        return true;
      case ' ': if (row?.expanded !== undefined) this.events.toggle(row); return true;
      case 'Enter': if (row !== undefined) this.events.open(row); return true;
      case 'Copy': if (row !== undefined) this.events.copy(row, COLUMNS[focusColumn] === 'after' ? 'after' : 'before'); return true;
      default: return false;
    }
  }

  private moveToParent(row: Row | undefined): void {
    if (row === undefined || row.level === 0) return;
    for (let i = this.focusIndex - 1; i >= 0; i--) {
      const other = this.rowAt(i);
      if (other === undefined) return;
      if (other.level < row.level) {
        this.moveTo(i, -1);
        return;
      }
    }
  }
}
