import type { FrameImage } from '../../src/views/protocol.ts';
import type { Box, HostToImage, ImageToHost, RegionEdits } from '../../src/views/protocol-image.ts';
import { icon, make } from '../elements.ts';
import { formatNumber, t } from '../texts.ts';
import { PictureView } from './picture-view.ts';
import { RegionLayer } from './region-layer.ts';
import { RegionList } from './region-list.ts';
import { placeText } from './region-words.ts';
import { added, moved, restored, type ShownRegion, shownRegions, without } from './regions.ts';

export interface ImageEvents {
  send(message: ImageToHost): void;
  turnOnCleaning(): void;
  close(): void;
}

type Regions = Extract<HostToImage, { type: 'regions' }>;

const NO_EDITS: RegionEdits = { drawn: [], kept: [], scope: 'image' };
/** Milliseconds in which further changes to the regions come with the first. */
const REST = 120;

/** The image beside the grid: frame by a slider, window and level by dragging, before and after, and what goes black. */
export class ImagePane {
  readonly element: HTMLElement;
  private readonly slider = make('input', { type: 'range', min: 0, max: 0, value: 0, 'aria-label': t('Frame') });
  private readonly frameLabel = make('span');
  private readonly message = make('p', { class: 'hint', role: 'status' });
  private readonly frameLine = make('label', { class: 'frame-line' }, make('span', {}, t('Frame')), this.slider, this.frameLabel);
  private readonly draw = make('button', { class: 'quiet', 'aria-pressed': 'false', title: t('Drag a rectangle over what is to go black (N)'), onClick: () => this.setDrawing(!this.isDrawing) }, icon('draw'), t('Draw'));
  private readonly view: PictureView;
  private readonly layer: RegionLayer;
  private readonly list: RegionList;
  /** Says what the keyboard has done to who cannot see it. */
  private readonly said = make('p', { class: 'unseen', role: 'status' });
  private readonly tools: HTMLElement;
  private image: FrameImage | undefined;
  private looked: Regions | undefined;
  private edits: RegionEdits = NO_EDITS;
  /** Before the drag that goes on. */
  private base: RegionEdits | undefined;
  private selected = '';
  private isDrawing = false;
  private frames = 0;
  private isVideo = false;
  private wanted = -1;
  /** Regions of the frame after, as it was asked for. */
  private blacked = '';
  private hasChanged = false;
  /** What the regions were before each change, to be taken back. */
  private past: RegionEdits[] = [];
  private resting: number | undefined;

  constructor(private readonly events: ImageEvents) {
    this.layer = new RegionLayer({
      select: (key) => this.select(key), move: (region, box, isDone) => this.move(region, box, isDone), remove: (region) => this.remove(region), add: (box) => this.add(box),
    });
    this.list = new RegionList({
      select: (key) => { this.select(key); this.layer.focus(key); }, remove: (region) => this.remove(region), restore: (region) => this.change(restored(this.edits, region)),
      scope: (scope) => this.change({ ...this.edits, scope }), save: () => events.send({ type: 'saveRegions' }), turnOn: () => events.turnOnCleaning(),
    });
    this.view = new PictureView(this.layer, { draw: (event, surface) => this.drawFrom(event, surface), sideChanged: () => this.askAfter() });
    this.slider.addEventListener('input', () => this.ask(Number(this.slider.value)));
    this.tools = make('div', { class: 'image-tools' }, this.view.sides, make('span', { class: 'spring' }), this.draw, this.view.reset);
    this.element = make('section', { class: 'image-pane', 'aria-label': t('Image'), hidden: true },
      make('header', {}, make('h2', { class: 'unseen' }, t('Image')), this.tools,
        make('button', { class: 'quiet square', 'aria-label': t('Close the image'), title: t('Close the image'), onClick: () => this.events.close() }, icon('close'))),
      this.message, this.view.element, this.frameLine, this.list.element, this.said);
    this.element.addEventListener('keydown', (event) => this.keydown(event));
    this.tell('');
  }

  setFrames(frames: number, isVideo: boolean): void {
    Object.assign(this, { frames, isVideo, wanted: -1, looked: undefined, blacked: '', hasChanged: false, past: [] });
    this.slider.max = String(Math.max(0, frames - 1));
    this.frameLine.hidden = frames < 2;
    if (Number(this.slider.value) >= frames) this.slider.value = '0';
    if (!this.element.hidden) this.open();
  }

  open(): void {
    this.element.hidden = false;
    if (this.isVideo) this.tell(t('This is a video. It is not shown here, and its pictures cannot be cleaned: under Clean Pixel Data it is refused.'));
    else if (this.frames === 0) this.tell(t('This file holds no image.'));
    else if (this.wanted < 0) this.ask(Number(this.slider.value));
  }

  show(image: FrameImage): void {
    if (image.frame !== this.wanted) return;
    this.image = image;
    this.view.show(image);
    this.hide(false);
    this.message.textContent = '';
    this.render();
    if (!image.isBlacked) this.askAfter();
  }

  /** What looking at the frame has come to. */
  setRegions(looked: Regions): void {
    if (looked.frame !== this.wanted) return;
    this.looked = looked;
    // What was changed here is newer than what the host has just told.
    if (!this.hasChanged) this.edits = looked.edits;
    this.render();
    this.askAfter();
  }

  tell(text: string): void {
    this.image = undefined;
    this.hide(true);
    this.message.textContent = text;
  }

  private hide(isHidden: boolean): void {
    for (const part of [this.view.element, this.tools, this.list.element]) part.hidden = isHidden;
    this.message.hidden = !isHidden;
  }

  private ask(frame: number): void {
    this.frameLabel.textContent = `${formatNumber(frame + 1)}/${formatNumber(this.frames)}`;
    this.slider.setAttribute('aria-valuetext', this.frameLabel.textContent);
    if (this.wanted === frame) return;
    Object.assign(this, { wanted: frame, looked: undefined, blacked: '' });
    this.events.send({ type: 'frame', frame });
    this.events.send({ type: 'regions', frame });
  }

  private get regions(): ShownRegion[] {
    return this.looked === undefined || this.looked.stage === 'off' ? [] : shownRegions(this.looked.regions, this.edits);
  }

  private render(): void {
    const { image, regions, looked } = this;
    if (image === undefined) return;
    if (!regions.some(({ key }) => key === this.selected)) this.selected = '';
    this.layer.show(regions, this.selected, image.columns, image.rows);
    this.list.show(regions, this.selected, looked?.stage, this.edits, looked?.problem);
    this.view.setCount(regions.filter(({ isBlack }) => isBlack).length);
  }

  /** The frame as it will be written comes from the thread that knows how black is written. */
  private askAfter(): void {
    const black = this.regions.filter(({ isBlack }) => isBlack).map(({ x, y, width, height }): Box => ({ x, y, width, height }));
    const wanted = JSON.stringify(black);
    // Not for every step of a drag.
    if (this.view.side === 'before' || this.wanted < 0 || this.base !== undefined || wanted === this.blacked) return;
    this.blacked = wanted;
    if (black.length === 0) this.view.noAfter();
    else this.events.send({ type: 'frame', frame: this.wanted, black });
  }

  private select(key: string): void {
    if (key === this.selected) return;
    this.selected = key;
    this.render();
  }

  private move(region: ShownRegion, box: Box, isDone: boolean): void {
    const from = this.base ?? this.edits;
    const { edits, key } = moved(from, region, box);
    this.base = isDone ? undefined : from;
    this.selected = key;
    if (isDone) this.past.push(from);
    this.take(edits);
    if (isDone) this.layer.focus(key);
    if (isDone) this.say(key);
  }

  private remove(region: ShownRegion): void {
    if (region.isKept) {
      this.change(restored(this.edits, region));
      return;
    }
    if (!region.canChange || !region.isBlack) return;
    const place = this.regions.findIndex(({ key }) => key === region.key);
    this.change(without(this.edits, region));
    this.said.textContent = t('Removed: {0}', placeText(region));
    const next = this.regions[Math.min(place, this.regions.length - 1)];
    if (next === undefined) this.view.focus();
    else this.layer.focus(next.key);
  }

  private add(box?: Box): void {
    const { image } = this;
    if (image === undefined) return;
    const [width, height] = [Math.max(4, Math.round(image.columns / 4)), Math.max(4, Math.round(image.rows / 12))];
    const made = added(this.edits, box ?? { x: Math.round((image.columns - width) / 2), y: Math.round((image.rows - height) / 2), width, height });
    this.selected = made.key;
    // Drawn where Clean Pixel Data is off, it is shown once the option is on.
    this.change(made.edits);
    this.setDrawing(false);
    this.layer.focus(made.key);
    this.say(made.key);
  }

  private say(key: string): void {
    const place = this.regions.findIndex((region) => region.key === key);
    if (place >= 0) this.said.textContent = `${t('Region {0}', place + 1)}. ${placeText(this.regions[place])}`;
  }

  private change(edits: RegionEdits): void {
    this.past.push(this.edits);
    this.take(edits);
  }

  private undo(): void {
    const edits = this.past.pop();
    if (edits !== undefined) this.take(edits);
  }

  private take(edits: RegionEdits): void {
    this.edits = edits;
    this.hasChanged = true;
    this.render();
    this.askAfter();
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      this.resting = undefined;
      this.events.send({ type: 'edit', edits: this.edits });
    }, REST);
  }

  private drawFrom(event: PointerEvent, surface: HTMLElement): boolean {
    if (!this.isDrawing) return false;
    this.layer.draw(event, surface);
    return true;
  }

  private setDrawing(isDrawing: boolean): void {
    this.isDrawing = isDrawing;
    this.draw.setAttribute('aria-pressed', String(isDrawing));
    this.element.classList.toggle('is-drawing', isDrawing);
  }

  private keydown(event: KeyboardEvent): void {
    if (event.altKey || this.image === undefined) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && !event.shiftKey && event.key.toLowerCase() === 'z') this.undo();
    else if (isCommand) return;
    else if (event.key === 'n' || event.key === 'N') this.add();
    else if (event.key === 'Escape' && this.isDrawing) this.setDrawing(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
