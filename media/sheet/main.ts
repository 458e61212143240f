import type { HostToSheet, SheetSeries, SheetToHost } from '../../src/views/protocol-image.ts';
import { make } from '../elements.ts';
import { acquireHost } from '../host.ts';
import { setTexts, t } from '../texts.ts';

/** Sizes of a tile with its label and the gap around it, in pixels. */
const MIN_WIDTH = 200;
const LABEL = 44;
const GAP = 12;
/** Rows of tiles beyond what is seen that stay in the page. */
const AROUND = 1;

type Tile = Extract<HostToSheet, { type: 'tile' }> | Extract<HostToSheet, { type: 'noTile' }>;

const host = acquireHost<SheetToHost, { readonly scrollTop: number }>();
const root = document.getElementById('root') as HTMLElement;

/** The pictures of all series in a grid of which only what is seen is in the page. */
class Sheet {
  private readonly status = make('p', { role: 'status', class: 'hint' });
  private readonly stop = make('button', { class: 'secondary', onClick: () => host.postMessage({ type: 'stop' }) }, t('Stop'));
  private readonly canvas = make('div', { class: 'sheet-canvas', role: 'list', 'aria-label': t('Series') });
  private readonly scroller = make('div', { class: 'sheet-scroller' }, this.canvas);
  private readonly tiles = new Map<number, Tile>();
  private readonly shown = new Map<number, HTMLElement>();
  private series: readonly SheetSeries[] = [];
  private focused = 0;
  private columns = 1;
  private isStopped = false;
  private wanted = '';

  constructor() {
    root.replaceChildren(make('header', { class: 'sheet-head' }, make('h1', {}, t('Contact sheet')), this.status, make('span', { class: 'spring' }), this.stop), this.scroller);
    this.scroller.addEventListener('scroll', () => { host.setState({ scrollTop: this.scroller.scrollTop }); this.layout(); });
    this.canvas.addEventListener('keydown', (event) => this.keydown(event));
    new ResizeObserver(() => this.layout()).observe(this.scroller);
    this.status.textContent = t('Gathering…');
  }

  scanning(files: number): void {
    this.status.textContent = t('Gathering: {0} files', files);
  }

  setSeries(series: readonly SheetSeries[], isStopped: boolean): void {
    this.series = series;
    this.isStopped = isStopped;
    this.layout();
    this.scroller.scrollTop = host.getState()?.scrollTop ?? 0;
    this.layout();
    this.tell();
  }

  stopped(): void {
    this.isStopped = true;
    this.tell();
    for (const [index, element] of this.shown) this.fill(element, index);
  }

  add(tile: Tile): void {
    this.tiles.set(tile.index, tile);
    const element = this.shown.get(tile.index);
    if (element !== undefined) this.fill(element, tile.index);
    this.tell();
  }

  private tell(): void {
    const { length } = this.series;
    const isDone = this.tiles.size >= length;
    this.stop.hidden = isDone || this.isStopped;
    this.status.textContent = length === 0 ? t('There is no DICOM image in this folder.') : this.isStopped && !isDone ? t('Stopped: {0} of {1} series', this.tiles.size, length) : t('{0} series, the lightest of all their images. What is written in one of them is seen.', length);
  }

  private get tileWidth(): number {
    return (this.scroller.clientWidth - GAP) / this.columns - GAP;
  }

  /** Puts the tiles that are seen into the page, and takes out the others. */
  private layout(): void {
    const width = this.scroller.clientWidth - GAP;
    this.columns = Math.max(1, Math.floor(width / (MIN_WIDTH + GAP)));
    const rowHeight = this.tileWidth + LABEL + GAP;
    const rows = Math.ceil(this.series.length / this.columns);
    this.canvas.style.height = `${rows * rowHeight + GAP}px`;
    const firstRow = Math.max(0, Math.floor(this.scroller.scrollTop / rowHeight));
    const seenRows = Math.ceil(this.scroller.clientHeight / rowHeight) + 1;
    const from = Math.max(0, (firstRow - AROUND) * this.columns);
    const to = Math.min(this.series.length, (firstRow + seenRows + AROUND) * this.columns);
    for (const [index, element] of this.shown) {
      if ((index >= from && index < to) || element.contains(document.activeElement)) continue;
      element.remove();
      this.shown.delete(index);
    }
    for (let index = from; index < to; index++) if (!this.shown.has(index)) this.insert(index);
    for (const [index, element] of this.shown) this.place(element, index, rowHeight);
    this.want(firstRow * this.columns, seenRows * this.columns);
  }

  private want(from: number, count: number): void {
    const wanted = `${from} ${count}`;
    if (this.series.length === 0 || wanted === this.wanted) return;
    this.wanted = wanted;
    host.postMessage({ type: 'want', from, count });
  }

  private insert(index: number): void {
    const { label, files } = this.series[index];
    const element = make('div', { class: 'tile', role: 'listitem', 'aria-setsize': this.series.length, 'aria-posinset': index + 1 },
      make('button', { class: 'tile-button', title: label, tabindex: index === this.focused ? 0 : -1, onClick: () => host.postMessage({ type: 'open', index }), onFocus: () => this.focus(index) },
        make('span', { class: 'tile-picture' }), make('span', { class: 'tile-label' }, make('bdi', { dir: 'ltr' }, label)), make('span', { class: 'tile-count' }, files === 1 ? t('1 image') : t('{0} images', files))));
    this.shown.set(index, element);
    this.fill(element, index);
    // In the order of the series, for whoever reads or tabs through.
    const after = [...this.shown].filter(([other]) => other > index).sort(([a], [b]) => a - b)[0]?.[1];
    this.canvas.insertBefore(element, after?.parentElement === this.canvas ? after : null);
  }

  private place(element: HTMLElement, index: number, rowHeight: number): void {
    Object.assign(element.style, {
      width: `${this.tileWidth}px`, height: `${rowHeight - GAP}px`,
      transform: `translate(${GAP + (index % this.columns) * (this.tileWidth + GAP)}px, ${GAP + Math.floor(index / this.columns) * rowHeight}px)`,
    });
  }

  private fill(element: HTMLElement, index: number): void {
    const picture = element.querySelector('.tile-picture') as HTMLElement;
    const tile = this.tiles.get(index);
    if (tile === undefined) picture.replaceChildren(make('span', { class: 'tile-text' }, this.isStopped ? t('Not drawn') : '…'));
    else if (tile.type === 'noTile') picture.replaceChildren(make('span', { class: 'tile-text' }, t('It cannot be shown: {0}', tile.text)));
    else {
      picture.replaceChildren(canvasOf(tile));
      if (tile.missing > 0) (element.querySelector('.tile-count') as HTMLElement).textContent = t('{0} images, {1} not shown', this.series[index].files, tile.missing);
    }
  }

  private focus(index: number): void {
    if (index === this.focused) return;
    this.shown.get(this.focused)?.querySelector('button')?.setAttribute('tabindex', '-1');
    this.focused = index;
    this.shown.get(index)?.querySelector('button')?.setAttribute('tabindex', '0');
  }

  private keydown(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, Home: -this.focused, End: this.series.length };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(this.series.length - 1, this.focused + step));
    const rowHeight = this.tileWidth + LABEL + GAP;
    const top = Math.floor(to / this.columns) * rowHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + rowHeight + GAP > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = top + rowHeight + GAP - this.scroller.clientHeight;
    this.layout();
    this.focus(to);
    this.shown.get(to)?.querySelector('button')?.focus({ preventScroll: true });
    this.layout();
  }
}

function canvasOf({ width, height, bytes }: Extract<HostToSheet, { type: 'tile' }>): HTMLCanvasElement {
  const canvas = make('canvas', { width, height, 'aria-hidden': 'true' });
  const context = canvas.getContext('2d');
  const pixels = context?.createImageData(width, height);
  if (context === null || pixels === undefined) return canvas;
  const out = new Uint32Array(pixels.data.buffer);
  for (let i = 0; i < out.length; i++) out[i] = 0xff000000 | (bytes[i] << 16) | (bytes[i] << 8) | bytes[i];
  context.putImageData(pixels, 0, 0);
  return canvas;
}

let sheet: Sheet | undefined;

window.addEventListener('message', ({ data }: MessageEvent<HostToSheet>) => {
  switch (data.type) {
    case 'texts': setTexts(data.texts, data.locale); sheet ??= new Sheet(); break;
    case 'scanning': sheet?.scanning(data.files); break;
    case 'series': sheet?.setSeries(data.series, data.isStopped); break;
    case 'tile': case 'noTile': sheet?.add(data); break;
    case 'stopped': sheet?.stopped(); break;
  }
});

host.postMessage({ type: 'ready' });
