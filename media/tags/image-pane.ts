import type { FrameImage } from '../../src/views/protocol.ts';
import { icon, make } from '../elements.ts';
import { formatNumber, t } from '../texts.ts';
import { type Picture, pictureOf } from './picture.ts';

export interface ImageEvents {
  needFrame(frame: number): void;
  close(): void;
}

/** The image beside the grid: frame by a slider, window and level by dragging, before and after where regions go black. */
export class ImagePane {
  readonly element: HTMLElement;
  private readonly canvas = make('canvas', { class: 'picture', role: 'img', tabindex: 0 });
  private readonly slider = make('input', { type: 'range', min: 0, max: 0, value: 0, 'aria-label': t('Frame') });
  private readonly frameLabel = make('span');
  private readonly windowLabel = make('span', { class: 'window' });
  private readonly message = make('p', { class: 'hint', role: 'status' });
  private readonly frameLine = make('label', { class: 'frame-line' }, make('span', {}, t('Frame')), this.slider, this.frameLabel);
  private readonly after = make('button', { class: 'quiet', 'aria-pressed': 'false', hidden: true, onClick: () => this.showAfter() }, t('After'));
  private picture: Picture | undefined;
  private image: FrameImage | undefined;
  private center = 0;
  private width = 1;
  private isOwnWindow = false;
  private frames = 0;
  private wanted = -1;
  private isAfter = false;

  constructor(private readonly events: ImageEvents) {
    this.slider.addEventListener('input', () => this.ask(Number(this.slider.value)));
    this.canvas.addEventListener('pointerdown', (event) => this.drag(event));
    this.canvas.addEventListener('keydown', (event) => this.keydown(event));
    this.element = make('section', { class: 'image-pane', 'aria-label': t('Image'), hidden: true },
      make('header', {}, make('h2', {}, t('Image')), make('span', { class: 'spring' }), this.after,
        make('button', { class: 'quiet', onClick: () => this.resetWindow() }, t('Reset')),
        make('button', { class: 'quiet square', 'aria-label': t('Close the image'), title: t('Close the image'), onClick: () => this.events.close() }, icon('close'))),
      make('div', { class: 'stage' }, this.canvas, this.message), this.windowLabel, this.frameLine);
  }

  setFrames(frames: number): void {
    this.frames = frames;
    this.slider.max = String(Math.max(0, frames - 1));
    this.frameLine.hidden = frames < 2;
    if (Number(this.slider.value) >= frames) this.slider.value = '0';
    this.wanted = -1;
    if (!this.element.hidden) this.open();
  }

  open(): void {
    this.element.hidden = false;
    if (this.frames === 0) this.tell(t('This file holds no image.'));
    else if (this.wanted < 0) this.ask(Number(this.slider.value));
  }

  show(image: FrameImage): void {
    if (image.frame !== this.wanted) return;
    this.picture = pictureOf(image);
    this.image = image;
    this.after.hidden = image.regions.length === 0;
    if (!this.isOwnWindow) [this.center, this.width] = this.picture.window;
    this.canvas.hidden = false;
    this.message.textContent = '';
    this.draw();
  }

  tell(text: string): void {
    this.picture = undefined;
    this.canvas.hidden = true;
    this.windowLabel.textContent = '';
    this.message.textContent = text;
  }

  private ask(frame: number): void {
    this.frameLabel.textContent = `${formatNumber(frame + 1)}/${formatNumber(this.frames)}`;
    this.slider.setAttribute('aria-valuetext', this.frameLabel.textContent);
    if (this.wanted === frame) return;
    this.wanted = frame;
    this.events.needFrame(frame);
  }

  private draw(): void {
    const { picture, image } = this;
    if (picture === undefined || image === undefined) return;
    this.canvas.width = picture.columns;
    this.canvas.height = picture.rows;
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    picture.draw(context, this.center, this.width);
    if (this.isAfter) for (const { x, y, width, height } of image.regions) context.fillRect(x, y, width, height);
    this.windowLabel.textContent = picture.isGrey ? t('Level {0} · Window {1}', Math.round(this.center), Math.round(this.width)) : '';
    this.canvas.setAttribute('aria-label', t('Frame {0}: {1} × {2} pixels. Arrow keys change window and level.', image.frame + 1, image.columns, image.rows));
  }

  private setWindow(center: number, width: number): void {
    this.center = center;
    this.width = Math.max(1, width);
    this.isOwnWindow = true;
    requestAnimationFrame(() => this.draw());
  }

  private resetWindow(): void {
    this.isOwnWindow = false;
    if (this.picture !== undefined) [this.center, this.width] = this.picture.window;
    this.draw();
  }

  /** To the right more window, down a higher level, as viewers in the clinic have it. */
  private drag(event: PointerEvent): void {
    if (event.button !== 0 || this.picture?.isGrey !== true) return;
    const { clientX, clientY } = event;
    const { center, width } = this;
    const scale = Math.max(1, this.picture.window[1]) / 256;
    const move = (to: PointerEvent) => this.setWindow(center + (to.clientY - clientY) * scale, width + (to.clientX - clientX) * scale);
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener('pointerup', () => this.canvas.removeEventListener('pointermove', move), { once: true });
  }

  private keydown(event: KeyboardEvent): void {
    const step = Math.max(1, (this.picture?.window[1] ?? 256) / 32);
    switch (event.key) {
      case 'ArrowUp': this.setWindow(this.center - step, this.width); break;
      case 'ArrowDown': this.setWindow(this.center + step, this.width); break;
      case 'ArrowLeft': this.setWindow(this.center, this.width - step); break;
      case 'ArrowRight': this.setWindow(this.center, this.width + step); break;
      default: return;
    }
    event.preventDefault();
  }

  private showAfter(): void {
    this.isAfter = !this.isAfter;
    this.after.setAttribute('aria-pressed', String(this.isAfter));
    this.draw();
  }
}
