import type { FrameImage } from '../../src/views/protocol.ts';
import { make } from '../elements.ts';
import { t } from '../texts.ts';
import { type Picture, pictureOf } from './picture.ts';
import type { RegionLayer } from './region-layer.ts';

export type Side = 'before' | 'after' | 'both';

export interface ViewEvents {
  /** Whether the pointer draws a region; else it changes window and level. */
  draw(event: PointerEvent, surface: HTMLElement): boolean;
  sideChanged(): void;
}

/** The picture before and after, one of them or divided by a line, under the same window and level. */
export class PictureView {
  readonly element: HTMLElement;
  readonly sides: HTMLElement;
  readonly reset = make('button', { class: 'quiet', title: t('Window and level as the file has them'), onClick: () => this.resetWindow() }, t('Reset'));
  side: Side = 'before';
  private readonly before = make('canvas', { class: 'picture', role: 'img', tabindex: 0 });
  private readonly after = make('canvas', { class: 'picture picture-after', 'aria-hidden': 'true', hidden: true });
  private readonly divider = make('div', { class: 'divider', hidden: true });
  private readonly frame: HTMLElement;
  private readonly stage: HTMLElement;
  private readonly split = make('input', { type: 'range', min: 0, max: 100, value: 50, 'aria-label': t('Divide between before and after') });
  private readonly splitLine = make('label', { class: 'split-line', hidden: true }, make('span', {}, t('Before')), this.split, make('span', {}, t('After')));
  private readonly windowLabel = make('span', { class: 'window' });
  private readonly buttons = new Map<Side, HTMLButtonElement>();
  private pictures: { before?: Picture; after?: Picture } = {};
  private center = 0;
  private width = 1;
  private isOwnWindow = false;
  private label = '';
  private count = 0;

  constructor(layer: RegionLayer, private readonly events: ViewEvents) {
    for (const side of ['before', 'after', 'both'] as const) this.buttons.set(side, make('button', { 'aria-pressed': String(side === 'before'), onClick: () => this.setSide(side) }, sideWord(side)));
    this.sides = make('div', { class: 'sides-picker', role: 'group', 'aria-label': t('Show the picture') }, ...this.buttons.values());
    this.frame = make('div', { class: 'picture-frame' }, this.before, this.after, layer.element, this.divider);
    this.stage = make('div', { class: 'stage' }, this.frame);
    this.element = make('div', { class: 'picture-view' }, this.stage, this.splitLine, this.windowLabel);
    this.frame.addEventListener('pointerdown', (event) => this.pointerdown(event));
    this.before.addEventListener('keydown', (event) => this.keydown(event));
    this.split.addEventListener('input', () => this.divide());
    new ResizeObserver(() => this.fit()).observe(this.stage);
    this.divide();
  }

  /** The frame as it is, or as it is written. */
  show(image: FrameImage): void {
    const picture = pictureOf(image);
    if (image.isBlacked) this.pictures = { ...this.pictures, after: picture };
    else {
      this.pictures = { before: picture };
      if (!this.isOwnWindow) [this.center, this.width] = picture.window;
      this.label = t('Frame {0}: {1} × {2} pixels. Arrow keys change window and level.', image.frame + 1, image.columns, image.rows);
    }
    this.fit();
    this.draw();
  }

  /** Nothing goes black: after is as before. */
  noAfter(): void {
    this.pictures = this.pictures.before === undefined ? {} : { before: this.pictures.before };
    this.draw();
  }

  setCount(count: number): void {
    if (count === this.count) return;
    this.count = count;
    this.describe();
  }

  focus(): void {
    this.before.focus();
  }

  private describe(): void {
    const black = this.side === 'before' ? '' : t('After: {0} regions are black.', this.count);
    this.before.setAttribute('aria-label', [this.label, black].filter((part) => part !== '').join(' '));
  }

  private setSide(side: Side): void {
    this.side = side;
    for (const [name, button] of this.buttons) button.setAttribute('aria-pressed', String(name === side));
    this.splitLine.hidden = side !== 'both';
    this.divider.hidden = side !== 'both';
    this.frame.classList.toggle('is-after', side === 'after');
    this.events.sideChanged();
    this.divide();
    this.draw();
  }

  /** As large as the stage allows, so that a place on the screen is a place in the picture. */
  private fit(): void {
    const { before } = this.pictures;
    if (before === undefined) return;
    const scale = Math.min(this.stage.clientWidth / before.columns, this.stage.clientHeight / before.rows);
    Object.assign(this.frame.style, { width: `${Math.floor(before.columns * scale)}px`, height: `${Math.floor(before.rows * scale)}px` });
  }

  private draw(): void {
    const { before, after } = this.pictures;
    if (before === undefined) return;
    this.paint(this.before, before);
    this.after.hidden = this.side === 'before' || after === undefined;
    if (after !== undefined && !this.after.hidden) this.paint(this.after, after);
    this.windowLabel.textContent = before.isGrey ? t('Level {0} · Window {1}', Math.round(this.center), Math.round(this.width)) : '';
    this.windowLabel.hidden = !before.isGrey;
    this.reset.hidden = !before.isGrey;
    this.describe();
  }

  private paint(canvas: HTMLCanvasElement, picture: Picture): void {
    canvas.width = picture.columns;
    canvas.height = picture.rows;
    const context = canvas.getContext('2d');
    if (context !== null) picture.draw(context, this.center, this.width);
  }

  private divide(): void {
    const part = this.side === 'both' ? Number(this.split.value) : 0;
    this.after.style.clipPath = `inset(0 0 0 ${part}%)`;
    this.divider.style.left = `${part}%`;
    this.split.setAttribute('aria-valuetext', `${part} %`);
  }

  private setWindow(center: number, width: number): void {
    this.center = center;
    this.width = Math.max(1, width);
    this.isOwnWindow = true;
    requestAnimationFrame(() => this.draw());
  }

  private resetWindow(): void {
    this.isOwnWindow = false;
    if (this.pictures.before !== undefined) [this.center, this.width] = this.pictures.before.window;
    this.draw();
  }

  private pointerdown(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.events.draw(event, this.frame)) event.preventDefault();
    else this.drag(event);
  }

  /** To the right more window, down a higher level, as viewers in the clinic have it. */
  private drag(event: PointerEvent): void {
    const { before } = this.pictures;
    if (before?.isGrey !== true) return;
    const { clientX, clientY } = event;
    const { center, width } = this;
    const scale = Math.max(1, before.window[1]) / 256;
    const move = (to: PointerEvent) => this.setWindow(center + (to.clientY - clientY) * scale, width + (to.clientX - clientX) * scale);
    this.frame.setPointerCapture(event.pointerId);
    this.frame.addEventListener('pointermove', move);
    for (const end of ['pointerup', 'pointercancel']) this.frame.addEventListener(end, () => this.frame.removeEventListener('pointermove', move), { once: true });
  }

  private keydown(event: KeyboardEvent): void {
    const step = Math.max(1, (this.pictures.before?.window[1] ?? 256) / 32);
    switch (event.key) {
      case 'ArrowUp': this.setWindow(this.center - step, this.width); break;
      case 'ArrowDown': this.setWindow(this.center + step, this.width); break;
      case 'ArrowLeft': this.setWindow(this.center, this.width - step); break;
      case 'ArrowRight': this.setWindow(this.center, this.width + step); break;
      default: return;
    }
    event.preventDefault();
  }
}

function sideWord(side: Side): string {
  switch (side) {
    case 'before': return t('Before');
    case 'after': return t('After');
    case 'both': return t('Compare');
  }
}
