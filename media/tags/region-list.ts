import type { LookStage, RegionEdits } from '../../src/views/protocol-image.ts';
import { icon, make } from '../elements.ts';
import { t } from '../texts.ts';
import { kindWord, placeText } from './region-words.ts';
import type { ShownRegion } from './regions.ts';

export interface ListEvents {
  select(key: string): void;
  remove(region: ShownRegion): void;
  restore(region: ShownRegion): void;
  /** To the whole series, or back to the image alone. */
  scope(scope: RegionEdits['scope']): void;
  save(): void;
  turnOn(): void;
}

/** The regions as a list beside the picture, with what holds for all of them. */
export class RegionList {
  readonly element: HTMLElement;
  private readonly title = make('h3');
  private readonly state = make('p', { class: 'hint', role: 'status' });
  private readonly list = make('ul', { class: 'region-list' });
  private readonly scope = make('button', { class: 'secondary', 'aria-pressed': 'false', onClick: () => this.events.scope(this.scope.getAttribute('aria-pressed') === 'true' ? 'image' : 'series') }, t('Apply to Series'));
  private readonly save = make('button', { class: 'secondary', onClick: () => this.events.save() }, t('Save into Profile…'));
  private readonly turnOn = make('button', { class: 'secondary', onClick: () => this.events.turnOn() }, t('Turn On Clean Pixel Data'));
  private readonly buttons = make('div', { class: 'region-buttons' }, this.scope, this.save);

  constructor(private readonly events: ListEvents) {
    this.element = make('section', { class: 'region-section', 'aria-label': t('Regions') }, make('div', { class: 'region-head' }, this.title, this.state), this.list, this.buttons, this.turnOn);
  }

  show(regions: readonly ShownRegion[], selected: string, stage: LookStage | undefined, edits: RegionEdits, problem: string | undefined): void {
    const isOff = stage === 'off';
    this.title.textContent = t('Regions: {0} black', isOff ? 0 : regions.filter(({ isBlack }) => isBlack).length);
    this.state.textContent = problem ?? stateText(stage, edits);
    this.list.replaceChildren(...regions.map((region, i) => this.row(region, i + 1, region.key === selected)));
    this.list.hidden = regions.length === 0;
    const isDrawn = edits.drawn.length + edits.kept.length > 0;
    this.buttons.hidden = isOff || !isDrawn;
    this.turnOn.hidden = !isOff;
    this.scope.setAttribute('aria-pressed', String(edits.scope === 'series'));
  }

  private row(region: ShownRegion, number: number, isSelected: boolean): HTMLLIElement {
    const { key, note, isKept, canChange, isBlack } = region;
    // Of text and ultrasound the word says it all.
    const why = region.kind === 'device' || region.kind === 'profile' ? note : '';
    const name = make('button', { class: 'quiet region-name', title: note === '' ? undefined : note, 'aria-pressed': String(isSelected), onClick: () => this.events.select(key) },
      make('span', { class: `number number-${isBlack ? region.kind : 'left'}` }, String(number)), make('span', { class: 'region-words' }, kindWord(region), ' ', make('span', { class: 'region-note' }, [why, placeText(region)].filter((part) => part !== '').join(' · '))));
    const action = isKept
      ? make('button', { class: 'quiet', onClick: () => this.events.restore(region) }, t('Make Black'))
      : canChange && isBlack
        ? make('button', { class: 'quiet square', title: t('Remove'), 'aria-label': t('Remove region {0}', number), onClick: () => this.events.remove(region) }, icon('close'))
        : make('span', { class: 'locked', title: t('It cannot be changed here.') }, icon('locked'));
    return make('li', {}, name, action);
  }
}

function stateText(stage: LookStage | undefined, { drawn, kept, scope }: RegionEdits): string {
  if (stage === 'off') return t('Clean Pixel Data is off: nothing goes black.');
  if (stage === 'known' || stage === 'found' || stage === undefined) return t('Looking for text…');
  if (drawn.length + kept.length === 0) return t('Press N to draw one.');
  return scope === 'series' ? t('What you drew holds for the series.') : t('What you drew holds for this image.');
}
