import type { HostToTags, TagsToHost, ViewState } from '../../src/views/protocol.ts';
import { icon, make } from '../elements.ts';
import { acquireHost } from '../host.ts';
import { setTexts, t } from '../texts.ts';
import { Details } from './details.ts';
import { Grid } from './grid.ts';
import { ImagePane } from './image-pane.ts';
import { Toolbar } from './toolbar.ts';

/** What is kept while the editor is hidden, and over a restart. */
interface Kept {
  readonly state?: ViewState | undefined;
  readonly scrollTop: number;
  readonly focusId: number;
  readonly isImageShown: boolean;
  readonly areDetailsShown: boolean;
}

const host = acquireHost<TagsToHost, Kept>();
const root = document.getElementById('root') as HTMLElement;
let kept: Kept = host.getState() ?? { scrollTop: 0, focusId: -1, isImageShown: false, areDetailsShown: true };
let page: Page | undefined;

function keep(changes: Partial<Kept>): void {
  kept = { ...kept, ...changes };
  host.setState(kept);
}

/** The parts of an open file's page, tied to each other. */
class Page {
  private serial = 0;
  private version = 0;
  /** The row that had the focus when the view was asked for. */
  private askedFocus = -1;
  private scrollTop: number | undefined = kept.scrollTop;
  private detailTimer: number | undefined;
  readonly toolbar = new Toolbar({ changed: (changes) => this.change(changes), browseProfile: () => host.postMessage({ type: 'browseProfile' }), leave: () => this.grid.focus() });
  readonly details = new Details({
    showWhole: (id) => host.postMessage({ type: 'detail', version: this.version, id, whole: true }),
    copy: (id, part) => host.postMessage({ type: 'copy', id, part }),
    openStandard: (id) => host.postMessage({ type: 'openStandard', id }),
    close: () => { this.showDetails(false); this.grid.focus(); },
  });
  readonly image = new ImagePane({
    send: (message) => host.postMessage(message),
    turnOnCleaning: () => this.change({ options: [...this.state.options, 'clean-pixel-data'] }),
    close: () => this.toggleImage(false),
  });
  readonly grid: Grid = new Grid({
    needPage: (from, count) => host.postMessage({ type: 'page', version: this.version, from, count }),
    focusRow: (row) => this.focused(row.id),
    toggle: (row) => this.fold(row.id, row.expanded === true),
    open: (row) => { this.showDetails(true); this.askDetail(row.id); this.details.focus(row.id); },
    copy: (row, side) => host.postMessage({ type: 'copy', id: row.id, part: side }),
    scrolled: () => keep({ scrollTop: this.grid.scrollTop }),
  });
  private readonly empty = make('div', { class: 'nothing', role: 'status', hidden: true }, make('p', {}, t('Nothing matches.')), make('button', { class: 'secondary', onClick: () => this.change({ query: '', chip: 'all' }) }, t('Show all elements')));

  constructor(private state: ViewState) {
    this.details.clear();
    this.showDetails(kept.areDetailsShown);
    root.replaceChildren(this.toolbar.element, make('div', { class: 'panes' }, make('div', { class: 'left' }, this.grid.element, this.empty, this.details.element), this.image.element));
  }

  opened(message: Extract<HostToTags, { type: 'opened' }>): void {
    this.toolbar.setChoices(message.choices);
    this.state = message.state;
    this.toolbar.setState(this.state);
    this.image.setFrames(message.facts.frames, message.facts.isVideo);
    if (kept.isImageShown) this.image.open();
    this.ask();
  }

  viewed(message: Extract<HostToTags, { type: 'view' }>): void {
    if (message.serial !== this.serial) return;
    this.version = message.version;
    this.toolbar.setCounts(message.counts, message.matches, message.facts);
    this.grid.reset(message.total, message.focusIndex);
    this.empty.hidden = message.total > 0;
    this.grid.element.hidden = message.total === 0;
    if (this.scrollTop !== undefined) this.grid.scrollTop = this.scrollTop;
    this.scrollTop = undefined;
    // A row that was chosen after the question counts, too.
    if (kept.focusId >= 0 && (message.focusIndex >= 0 || kept.focusId !== this.askedFocus)) this.askDetail(kept.focusId);
    else this.details.clear();
  }

  paged(message: Extract<HostToTags, { type: 'page' }>): void {
    if (message.version === this.version) this.grid.addPage(message.from, message.rows);
  }

  detailed(message: Extract<HostToTags, { type: 'detail' }>): void {
    if (message.version === this.version && message.detail.id === kept.focusId) this.details.show(message.detail);
  }

  toggleImage(isShown = this.image.element.hidden === true): void {
    keep({ isImageShown: isShown });
    if (isShown) this.image.open();
    else this.image.element.hidden = true;
  }

  private change(changes: Partial<ViewState>): void {
    this.state = { ...this.state, ...changes };
    if (changes.query !== undefined || changes.chip !== undefined) this.grid.scrollTop = 0;
    this.toolbar.setState(this.state);
    this.ask();
  }

  private fold(id: number, isFolded: boolean): void {
    const folded = this.state.folded.filter((other) => other !== id);
    this.change({ folded: isFolded ? [...folded, id] : folded });
  }

  ask(): void {
    keep({ state: this.state });
    this.serial += 1;
    this.askedFocus = kept.focusId;
    host.postMessage({ type: 'view', serial: this.serial, state: this.state, focus: kept.focusId });
  }

  private focused(id: number): void {
    if (id === kept.focusId && this.details.element.childElementCount > 1) return;
    keep({ focusId: id });
    clearTimeout(this.detailTimer);
    // Not for every row that an arrow key runs over.
    this.detailTimer = window.setTimeout(() => this.askDetail(id), 60);
  }

  private askDetail(id: number): void {
    keep({ focusId: id });
    if (kept.areDetailsShown) host.postMessage({ type: 'detail', version: this.version, id, whole: false });
  }

  private showDetails(areShown: boolean): void {
    keep({ areDetailsShown: areShown });
    this.details.element.hidden = !areShown;
  }
}

function showUnreadable(title: string, text: string): void {
  page = undefined;
  root.replaceChildren(make('div', { class: 'unreadable', role: 'alert' }, icon('attention'), make('h1', {}, title), make('p', {}, text),
    make('div', { class: 'buttons' },
      make('button', { onClick: () => host.postMessage({ type: 'openAsText' }) }, t('Open in Text Editor')),
      make('button', { class: 'secondary', onClick: () => host.postMessage({ type: 'retry' }) }, t('Try Again')))));
}

function does(what: Extract<HostToTags, { type: 'do' }>['what']): void {
  switch (what) {
    case 'toggleImage': page?.toggleImage(); break;
    case 'focusSearch': page?.toolbar.focusSearch(); break;
    case 'askAgain': page?.ask(); break;
  }
}

window.addEventListener('message', ({ data }: MessageEvent<HostToTags>) => {
  switch (data.type) {
    case 'texts': setTexts(data.texts, data.locale); break;
    case 'opened': page ??= new Page(data.state); page.opened(data); break;
    case 'unreadable': showUnreadable(data.title, data.text); break;
    case 'view': page?.viewed(data); break;
    case 'page': page?.paged(data); break;
    case 'detail': page?.detailed(data); break;
    case 'frame': page?.image.show(data.image); break;
    case 'noFrame': page?.image.tell(t('The image cannot be shown: {0}', data.text)); break;
    case 'regions': page?.image.setRegions(data); break;
    case 'do': does(data.what); break;
  }
});

window.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f' && page !== undefined) {
    page.toolbar.focusSearch();
    event.preventDefault();
    event.stopPropagation();
  }
});

host.postMessage({ type: 'ready', state: kept.state });
