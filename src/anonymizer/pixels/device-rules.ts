import type { DataSet } from '../dicom/data-set.ts';
import { groupOf, type Tag, tagOf } from '../dicom/tag.ts';
import { indexOf } from '../dicom/data-set.ts';
import { unpadded } from '../dicom/values.ts';
import { BURNED_IN_REGIONS } from '../rules/data/burned-in-regions.ts';
import { IMAGE, textAt } from './image.ts';
import { clipped, type Region } from './region.ts';

/** A condition on the header; its form is described where the data are. */
type Condition = true | { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | readonly [tag: string, test: Test, value?: string];
type Test = 'contains' | 'equals' | 'notcontains' | 'notequals' | 'missing' | 'empty' | 'present';

interface DeviceRule {
  readonly recipe: string;
  readonly list: 'white' | 'gray' | 'black';
  readonly action: 'clean' | 'flag' | 'blank' | 'reject';
  readonly when: Condition;
  readonly rects?: readonly (readonly [number, number, number, number] | 'all')[];
  readonly label: string;
}

/** What the rules of devices say of an instance. */
export interface DeviceFindings {
  /** Where the device writes text, inside the image. */
  readonly regions: readonly Region[];
  /** Labels of rules that only say that images of this kind bear text. */
  readonly flags: readonly string[];
}

let parsed: readonly DeviceRule[] | undefined;

function rules(): readonly DeviceRule[] {
  return (parsed ??= BURNED_IN_REGIONS.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as DeviceRule));
}

/** Matches the header against the rules for burned-in text; `columns` and `rows` are those of the image. */
export function deviceFindings(dataSet: DataSet, columns: number, rows: number): DeviceFindings {
  const regions: Region[] = [];
  const flags: string[] = [];
  for (const rule of rules()) {
    // Rules for everything, and lists of what a project takes or rejects, say nothing of a device.
    if (rule.when === true || rule.list === 'white' || !holds(dataSet, rule.when)) continue;
    const label = rule.label.replace(/\s*#.*$/, '');
    if (rule.action === 'flag' || rule.action === 'reject') flags.push(label);
    for (const rect of rule.rects ?? []) {
      const [x, y, width, height] = rect === 'all' ? [0, 0, columns, rows] : rect;
      const inside = clipped({ x, y, width, height }, columns, rows);
      if (inside !== undefined) regions.push({ ...inside, reason: 'device-rule', note: label });
    }
  }
  return { regions, flags };
}

let widths: ReadonlySet<string> | undefined;

/**
 * Whether a rule asks for this Window Width. It differs from slice to slice, and to the rules all others are one.
 * @throws Error where rules look at it in another way than by comparing it
 */
export function isTellingWidth(text: string): boolean {
  widths ??= comparedWith(IMAGE.WindowWidth);
  return widths.has(unpadded(text).trim().toLowerCase());
}

/** The values with which the rules compare an attribute as a whole, in small letters. */
function comparedWith(tag: Tag): ReadonlySet<string> {
  const values = new Set<string>();
  const gather = (condition: Condition): void => {
    if (condition === true) return;
    if ('all' in condition || 'any' in condition) {
      for (const each of 'all' in condition ? condition.all : condition.any) gather(each);
      return;
    }
    const [key, test, value = ''] = condition;
    if (/x/i.test(key) || Number.parseInt(key, 16) !== tag) return;
    if (test !== 'equals' && test !== 'notequals') throw new Error('rules of devices look at an attribute in a way that is not expected');
    values.add(value.toLowerCase());
  };
  for (const { when } of rules()) gather(when);
  return values;
}

function holds(dataSet: DataSet, condition: Condition): boolean {
  if (condition === true) return true;
  if ('all' in condition) return condition.all.every((each) => holds(dataSet, each));
  if ('any' in condition) return condition.any.some((each) => holds(dataSet, each));
  const [key, test, value = ''] = condition;
  return tagsOf(dataSet, key).some((tag) => passes(dataSet, tag, test, value));
}

/** The tag itself; for 60xx the tag in each overlay group that the data set has, or in the first. */
function tagsOf({ elements }: DataSet, key: string): number[] {
  if (!/^60xx/i.test(key)) return [Number.parseInt(key, 16)];
  const element = Number.parseInt(key.slice(4), 16);
  const groups = [...new Set(elements.map(({ tag }) => groupOf(tag)).filter((group) => group >= 0x6000 && group <= 0x601e && group % 2 === 0))];
  return (groups.length === 0 ? [0x6000] : groups).map((group) => tagOf(group, element));
}

function passes(dataSet: DataSet, tag: number, test: Test, value: string): boolean {
  const index = indexOf(dataSet, tag);
  const text = index < 0 ? '' : numberOrText(dataSet, tag);
  switch (test) {
    case 'missing': return index < 0;
    case 'present': return index >= 0;
    case 'empty': return index >= 0 && dataSet.elements[index].length === 0;
    case 'equals': return index >= 0 && text.toLowerCase() === value.toLowerCase();
    case 'notequals': return text.toLowerCase() !== value.toLowerCase();
    case 'contains': return index >= 0 && contains(text, value);
    case 'notcontains': return !contains(text, value);
    default: return false;
  }
}

function numberOrText(dataSet: DataSet, tag: number): string {
  const element = dataSet.elements[indexOf(dataSet, tag)];
  if (element.vr !== 'US') return textAt(dataSet, tag);
  const bytes = dataSet.source.read(element.valueStart, Math.min(element.valueEnd, element.valueStart + 2));
  return bytes.length < 2 ? '' : String(dataSet.littleEndian ? bytes[0] | (bytes[1] << 8) : bytes[1] | (bytes[0] << 8));
}

const patterns = new Map<string, RegExp[]>();

/** A regular expression; parts that a plus joins must all be there, in any order. */
function contains(text: string, value: string): boolean {
  let all = patterns.get(value);
  if (all === undefined) {
    const parts = value.split('+').map((part) => part.trim());
    all = (parts.includes('') ? [value] : parts).map(pattern);
    patterns.set(value, all);
  }
  return all.every((each) => each.test(text));
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source, 'i');
  } catch {
    return new RegExp(source.replace(/[.*+?^${}()[\]\\]/g, '\\$&'), 'i');
  }
}
