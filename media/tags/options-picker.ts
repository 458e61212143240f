import type { OptionChoice, PixelModeChoice } from '../../src/views/protocol.ts';
import { icon, make } from '../elements.ts';
import { t } from '../texts.ts';

/** A button that opens the options of the standard as a list of boxes to tick. */
export class OptionsPicker {
  readonly element: HTMLElement;
  private readonly label = make('span');
  private readonly list = make('div', { class: 'options', id: 'options', role: 'group', 'aria-label': t('Options'), hidden: true });
  private readonly button = make('button', { class: 'select', 'aria-expanded': 'false', 'aria-controls': 'options', onClick: () => this.open(this.list.hidden !== false) }, this.label, icon('unfolded'));
  private boxes: HTMLInputElement[] = [];
  private readonly mode = make('select', { id: 'pixel-mode', 'aria-describedby': 'text-pixel-mode', onChange: () => { this.describeMode(); this.chosenMode(this.mode.value); } });
  private readonly modeText = make('p', { id: 'text-pixel-mode' });
  private modes: readonly PixelModeChoice[] = [];

  constructor(private readonly changed: (names: string[]) => void, private readonly chosenMode: (name: string) => void) {
    this.element = make('div', { class: 'picker options-picker' }, this.button, this.list);
    this.element.addEventListener('keydown', (event) => this.keydown(event));
    document.addEventListener('mousedown', (event) => { if (event.target instanceof Node && !this.element.contains(event.target)) this.open(false); });
    this.element.addEventListener('focusout', (event) => { if (event.relatedTarget instanceof Node && !this.element.contains(event.relatedTarget)) this.open(false); });
  }

  setOptions(options: readonly OptionChoice[], modes: readonly PixelModeChoice[]): void {
    this.modes = modes;
    this.mode.replaceChildren(...modes.map(({ name, title }) => make('option', { value: name }, title)));
    this.boxes = options.map(({ name, disabled }) => make('input', { type: 'checkbox', value: name, id: `option-${name}`, disabled, 'aria-describedby': `text-${name}`, onChange: () => this.ticked(name) }));
    this.list.replaceChildren(...options.map(({ name, title, text }, i) => make('div', { class: 'option' }, this.boxes[i],
      make('div', {}, make('label', { for: `option-${name}` }, title), make('p', { id: `text-${name}` }, text), ...(name === 'clean-pixel-data' ? [this.modeLine] : [])))));
  }

  setChosen(names: readonly string[], mode: string): void {
    this.mode.value = mode;
    this.mode.disabled = !names.includes('clean-pixel-data');
    this.describeMode();
    for (const box of this.boxes) box.checked = names.includes(box.value);
    this.label.textContent = t('Options: {0} of {1}', names.length, this.boxes.length);
  }

  private readonly modeLine = make('div', { class: 'pixel-mode' }, make('label', { for: 'pixel-mode' }, t('Goes black:')), ' ', this.mode, this.modeText);

  private describeMode(): void {
    this.modeText.textContent = this.modes.find(({ name }) => name === this.mode.value)?.text ?? '';
  }

  /** Full dates and modified dates exclude each other (PS3.15 E.3.6). */
  private ticked(name: string): void {
    const dates = ['retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates'];
    if (dates.includes(name)) for (const box of this.boxes) if (dates.includes(box.value) && box.value !== name) box.checked = false;
    this.changed(this.boxes.filter(({ checked }) => checked).map(({ value }) => value));
  }

  private open(isOpen: boolean): void {
    if (this.list.hidden === !isOpen) return;
    this.list.hidden = !isOpen;
    this.button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) this.boxes.find(({ disabled }) => !disabled)?.focus();
  }

  private keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !this.list.hidden) {
      this.open(false);
      this.button.focus();
      event.stopPropagation();
    }
    const usable = this.boxes.filter(({ disabled }) => !disabled);
    const at = usable.indexOf(document.activeElement as HTMLInputElement);
    if (at < 0 || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    usable[(at + (event.key === 'ArrowDown' ? 1 : usable.length - 1)) % usable.length].focus();
    event.preventDefault();
  }
}
