import type { DataSet } from './dicom/data-set.ts';
import { groupOf, type Tag, tagOf } from './dicom/tag.ts';
import { valueText } from './dicom/values.ts';
import type { Draft } from './draft.ts';
import { type Rule, rule } from './rules/rule.ts';

const BLANKED = rule('C', 'clean-graphics', 'Overlay of graphics, which may hold text: its plane is blanked');
const KEPT = rule('K', 'clean-graphics', 'Overlay that marks a region of interest');
const CURVE = rule('K', 'clean-graphics', 'Coordinates of a curve');
const AUDIO = rule('X', 'clean-graphics', 'Audio, in which somebody may be named');

/**
 * What Clean Graphics does with the bytes of an overlay or a curve (PS3.15 E.3.3): a plane of graphics is blanked, a
 * region of interest and coordinates stay, audio goes. `value` where the value changes.
 */
export function overlayRule({ dataSet, warnings }: Draft, index: number): { readonly rule: Rule; readonly value?: Uint8Array } {
  const element = dataSet.elements[index];
  const group = groupOf(element.tag);
  if (group < 0x6000) return element.tag === tagOf(group, 0x200c) ? { rule: AUDIO } : { rule: CURVE };
  if (!regionsOf(dataSet).has(`${element.parent} ${group}`)) return { rule: BLANKED, value: new Uint8Array(element.length + (element.length & 1)) };
  warnings.push({ code: 'overlay-kept', text: 'An overlay that marks a region of interest was kept; look whether it holds text', args: [], tag: element.tag });
  return { rule: KEPT };
}

/** Overlays that mark a region of interest (Overlay Type R, PS3.3 C.9.2), by their Item and group. */
const regions = new WeakMap<DataSet, ReadonlySet<string>>();

function regionsOf(dataSet: DataSet): ReadonlySet<string> {
  let known = regions.get(dataSet);
  if (known === undefined) {
    const found = dataSet.elements.filter((element) => (element.tag & 0xffe1ffff) === 0x60000040 && valueText(dataSet, element).trim() === 'R');
    known = new Set(found.map(({ parent, tag }) => `${parent} ${groupOf(tag)}`));
    regions.set(dataSet, known);
  }
  return known;
}

const NO_DATA = rule('X', 'basic', 'Describes an overlay whose data are removed');

/** An overlay without its data is none (PS3.3 C.9.2): what describes it goes with it. */
export function dropOverlayPlanes({ dataSet, rules }: Draft): void {
  const { elements } = dataSet;
  const isOverlay = (tag: Tag) => groupOf(tag) >= 0x6000 && groupOf(tag) <= 0x601e;
  const gone = new Set<string>();
  elements.forEach(({ tag, parent }, index) => {
    if (isOverlay(tag) && tag === tagOf(groupOf(tag), 0x3000) && rules[index]?.action === 'X') gone.add(`${parent} ${groupOf(tag)}`);
  });
  if (gone.size === 0) return;
  elements.forEach(({ tag, parent }, index) => {
    if (isOverlay(tag) && rules[index] !== undefined && rules[index].action !== 'X' && gone.has(`${parent} ${groupOf(tag)}`)) rules[index] = NO_DATA;
  });
}
