import type { Chip, Choices, Counts, FileFacts, ViewState } from '../../src/views/protocol.ts';
import { icon, make } from '../elements.ts';
import { formatNumber, t } from '../texts.ts';
import { OptionsPicker } from './options-picker.ts';

const CHIPS: readonly Chip[] = ['all', 'changed', 'kept', 'private', 'attention'];
/** Warnings that are shown above the grid; the rows of all of them need attention. */
const WARNINGS = 3;
const BROWSE = '\0browse';

export interface ToolbarEvents {
  changed(state: Partial<ViewState>): void;
  browseProfile(): void;
  /** Down from the search field: into the grid. */
  leave(): void;
}

/** Search, chips, profile and options: everything that changes what the grid shows. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly search = make('input', { type: 'search', class: 'search', spellcheck: 'false', autocomplete: 'off', placeholder: t('Search tag, keyword, name or value'), 'aria-label': t('Search tag, keyword, name or value') });
  private readonly chips = new Map<Chip, { button: HTMLButtonElement; count: HTMLElement }>();
  private readonly profile = make('select', { 'aria-label': t('Profile') });
  private readonly options: OptionsPicker;
  private readonly count = make('p', { role: 'status', class: 'count' });
  private readonly facts = make('p', { class: 'facts' });
  private readonly refusal = make('p', { role: 'alert', class: 'refusal', hidden: true });
  private readonly warnings = make('div', { class: 'warnings' });
  private waiting: number | undefined;
  private chosenProfile = '';

  constructor(private readonly events: ToolbarEvents) {
    this.options = new OptionsPicker((names) => events.changed({ options: names }), (pixels) => events.changed({ pixels }));
    this.search.addEventListener('input', () => {
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.typed(), 120);
    });
    this.search.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        this.typed();
        events.leave();
      }
      if (event.key === 'Escape' && this.search.value !== '') { this.search.value = ''; this.typed(); }
    });
    this.profile.addEventListener('change', () => {
      if (this.profile.value !== BROWSE) return events.changed({ profile: this.profile.value });
      this.profile.value = this.chosenProfile;
      events.browseProfile();
    });
    const chips = make('div', { class: 'chips', role: 'group', 'aria-label': t('Show') });
    for (const chip of CHIPS) {
      const count = make('span', { class: 'chip-count' });
      const button = make('button', { class: `chip chip-${chip}`, 'aria-pressed': 'false', onClick: () => { this.typed(); events.changed({ chip }); } }, chipWord(chip), ' ', count);
      this.chips.set(chip, { button, count });
      chips.append(button);
    }
    this.element = make('header', { class: 'toolbar' },
      make('h1', { class: 'unseen' }, t('DICOM tags')),
      make('div', { class: 'line' }, make('div', { class: 'search-box' }, icon('search'), this.search), chips),
      make('div', { class: 'line' }, make('label', { class: 'picker' }, make('span', {}, t('Profile')), this.profile), this.options.element, this.count, this.facts),
      this.refusal, this.warnings);
  }

  setChoices({ profiles, options, pixelModes }: Choices): void {
    this.profile.replaceChildren(...profiles.map(({ path, title }) => make('option', { value: path }, title)), make('option', { value: BROWSE }, t('Another profile file…')));
    this.options.setOptions(options, pixelModes);
  }

  setState({ query, chip, profile, options, pixels = 'all-text' }: ViewState): void {
    if (this.waiting === undefined) this.search.value = query;
    for (const [name, { button }] of this.chips) button.setAttribute('aria-pressed', String(name === chip));
    this.chosenProfile = profile;
    this.profile.value = profile;
    this.options.setChosen(options, pixels);
  }

  setCounts(counts: Counts, matches: number, facts: FileFacts): void {
    for (const [name, { count }] of this.chips) count.textContent = formatNumber(counts[name]);
    this.count.textContent = matches === counts.all ? t('{0} elements', counts.all) : t('{0} of {1} elements', matches, counts.all);
    this.facts.textContent = [facts.sopClass, facts.transferSyntax].filter((fact) => fact !== '').join(' · ');
    this.facts.title = this.facts.textContent;
    this.warnings.replaceChildren(...[...new Set(facts.warnings)].slice(0, WARNINGS).map((warning) => make('p', { class: 'warning' }, icon('attention'), warning)));
    this.refusal.hidden = facts.refusal === undefined;
    this.refusal.replaceChildren(...(facts.refusal === undefined ? [] : [icon('attention'), t('It cannot be anonymized this way: {0}', facts.refusal)]));
  }

  /** What was typed is searched for, even where another click came before it rested. */
  private typed(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.events.changed({ query: this.search.value });
  }

  focusSearch(): void {
    this.search.focus();
    this.search.select();
  }
}

function chipWord(chip: Chip): string {
  switch (chip) {
    case 'all': return t('All');
    case 'changed': return t('Changed');
    case 'kept': return t('Kept');
    case 'private': return t('Private');
    case 'attention': return t('Needs attention');
  }
}
