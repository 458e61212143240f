import type { Box } from '../../src/views/protocol-image.ts';
import { make } from '../elements.ts';
import { fitted, type ShownRegion } from './regions.ts';
import { regionLabel } from './region-words.ts';

export interface LayerEvents {
  select(key: string): void;
  /** While it is dragged, and once it lies. */
  move(region: ShownRegion, box: Box, isDone: boolean): void;
  remove(region: ShownRegion): void;
  add(box?: Box): void;
}

/** The sides that a handle pulls: left or right, top or bottom. */
const HANDLES: readonly (readonly [name: string, horizontal: -1 | 0 | 1, vertical: -1 | 0 | 1])[] = [
  ['nw', -1, -1], ['n', 0, -1], ['ne', 1, -1], ['e', 1, 0], ['se', 1, 1], ['s', 0, 1], ['sw', -1, 1], ['w', -1, 0],
];

/** Pixels that an arrow key moves, with Ctrl or ⌘ ten. */
const STEP = 10;

/** The regions over the picture, to be moved, resized and removed by mouse and keyboard, and drawn by dragging. */
export class RegionLayer {
  readonly element = make('div', { class: 'regions' });
  private readonly band = make('div', { class: 'region region-drawn is-band', hidden: true });
  private regions: readonly ShownRegion[] = [];
  private boxes = new Map<string, HTMLElement>();
  private columns = 1;
  private rows = 1;

  constructor(private readonly events: LayerEvents) {}

  show(regions: readonly ShownRegion[], selected: string, columns: number, rows: number): void {
    const focused = [...this.boxes].find(([, element]) => element === document.activeElement)?.[0];
    Object.assign(this, { regions, columns, rows });
    const before = this.boxes;
    this.boxes = new Map(regions.map((region, i) => [region.key, this.box(region, i + 1, region.key === selected || (selected === '' && i === 0), region.key === selected, before.get(region.key))]));
    // Elements that are there already stay where they are, so that a drag and the focus go on.
    const wanted = [...this.boxes.values(), this.band];
    for (const [key, element] of before) if (this.boxes.get(key) !== element) element.remove();
    for (const element of wanted) if (element.parentElement !== this.element) this.element.append(element);
    if (focused !== undefined && !this.boxes.has(focused)) this.boxes.get(selected)?.focus();
  }

  focus(key: string): void {
    this.boxes.get(key)?.focus();
  }

  /** Draws a new region from where the pointer is. */
  draw(event: PointerEvent, surface: HTMLElement): void {
    const from = this.point(event);
    const boxTo = (to: { x: number; y: number }) => fitted({ x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) }, this.columns, this.rows);
    this.follow(event, surface, (to, isDone) => {
      const box = boxTo(this.point(to));
      this.band.hidden = isDone;
      this.place(this.band, box);
      if (isDone && box.width > 2 && box.height > 2) this.events.add(box);
    });
  }

  private box(region: ShownRegion, number: number, isTabStop: boolean, isSelected: boolean, known: HTMLElement | undefined): HTMLElement {
    const element = known ?? this.newBox(region.key);
    element.className = `region region-${region.kind}${region.isBlack ? '' : ' is-left'}${region.canChange && region.isBlack ? ' can-change' : ''}${isSelected ? ' is-selected' : ''}${region.y < this.rows * 0.06 ? ' at-top' : ''}`;
    element.tabIndex = isTabStop ? 0 : -1;
    element.setAttribute('aria-label', regionLabel(region, number));
    element.setAttribute('aria-pressed', String(isSelected));
    (element.firstElementChild as HTMLElement).textContent = String(number);
    this.place(element, region);
    return element;
  }

  private newBox(key: string): HTMLElement {
    const element = make('div', { class: 'region', role: 'button' }, make('span', { class: 'number', 'aria-hidden': 'true' }), ...HANDLES.map(([name]) => make('span', { class: `handle handle-${name}`, 'data-handle': name, 'aria-hidden': 'true' })));
    const current = () => this.regions.find((region) => region.key === key);
    element.addEventListener('focus', () => this.events.select(key));
    element.addEventListener('pointerdown', (event) => {
      const region = current();
      if (region === undefined || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      element.focus();
      if (region.canChange && region.isBlack) this.drag(event, element, region);
    });
    element.addEventListener('keydown', (event) => {
      const region = current();
      if (region !== undefined) this.keydown(event, region);
    });
    return element;
  }

  private drag(event: PointerEvent, element: HTMLElement, region: ShownRegion): void {
    const handle = HANDLES.find(([name]) => name === (event.target as HTMLElement).dataset.handle);
    const from = this.point(event);
    this.follow(event, element, (to, isDone) => {
      const { x, y } = this.point(to);
      const [dx, dy] = [x - from.x, y - from.y];
      if (dx === 0 && dy === 0) return;
      this.events.move(region, handle === undefined ? fitted({ ...region, x: region.x + dx, y: region.y + dy }, this.columns, this.rows) : this.pulled(region, handle[1], handle[2], dx, dy), isDone);
    });
  }

  /** The side that is pulled goes along, the other stays. */
  private pulled({ x, y, width, height }: Box, horizontal: number, vertical: number, dx: number, dy: number): Box {
    const left = horizontal < 0 ? Math.max(0, Math.min(x + width - 1, x + dx)) : x;
    const top = vertical < 0 ? Math.max(0, Math.min(y + height - 1, y + dy)) : y;
    const right = horizontal > 0 ? Math.min(this.columns, Math.max(x + 1, x + width + dx)) : x + width;
    const bottom = vertical > 0 ? Math.min(this.rows, Math.max(y + 1, y + height + dy)) : y + height;
    return fitted({ x: left, y: top, width: right - left, height: bottom - top }, this.columns, this.rows);
  }

  private follow(event: PointerEvent, surface: HTMLElement, moved: (event: PointerEvent, isDone: boolean) => void): void {
    surface.setPointerCapture(event.pointerId);
    const move = (to: PointerEvent) => moved(to, false);
    const end = (to: PointerEvent) => {
      surface.removeEventListener('pointermove', move);
      surface.removeEventListener('pointerup', end);
      surface.removeEventListener('pointercancel', end);
      moved(to, true);
    };
    surface.addEventListener('pointermove', move);
    surface.addEventListener('pointerup', end);
    surface.addEventListener('pointercancel', end);
  }

  private keydown(event: KeyboardEvent, region: ShownRegion): void {
    const { key, shiftKey } = event;
    const step = event.ctrlKey || event.metaKey ? STEP : 1;
    const dx = key === 'ArrowLeft' ? -step : key === 'ArrowRight' ? step : 0;
    const dy = key === 'ArrowUp' ? -step : key === 'ArrowDown' ? step : 0;
    if (dx !== 0 || dy !== 0) {
      const { x, y, width, height } = region;
      const box = shiftKey ? this.pulled(region, 1, 1, dx, dy) : { x: x + dx, y: y + dy, width, height };
      if (region.canChange && region.isBlack) this.events.move(region, fitted(box, this.columns, this.rows), true);
    } else if (key === 'Delete' || key === 'Backspace') this.events.remove(region);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** In pixels of the image. */
  private point({ clientX, clientY }: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    return { x: Math.round(Math.max(0, Math.min(1, (clientX - left) / width)) * this.columns), y: Math.round(Math.max(0, Math.min(1, (clientY - top) / height)) * this.rows) };
  }

  private place(element: HTMLElement, { x, y, width, height }: Box): void {
    Object.assign(element.style, { left: `${(x / this.columns) * 100}%`, top: `${(y / this.rows) * 100}%`, width: `${(width / this.columns) * 100}%`, height: `${(height / this.rows) * 100}%` });
  }
}
