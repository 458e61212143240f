import { PRIVATE_DICTIONARY } from './data/private-dictionary.ts';
import { elementOf, groupOf, isPrivate, isPrivateCreator, type Tag } from './tag.ts';
import type { VR } from './vr.ts';

export interface PrivateElement {
  readonly vr: VR;
  /** As the vendor or Table E.3.10-1 writes it; `Unknown` where only the VR is known. */
  readonly name: string;
}

/**
 * What is known of a private element whose block belongs to `creator`: from PS3.15 Table E.3.10-1 and from the
 * private dictionary of dcmjs. The block is arbitrary (PS3.5 7.8.1): group and low byte of the element decide.
 * The creator is compared exactly, but for spaces around it. Undefined for what is not known, for a Private Creator,
 * and for an element below (gggg,1000), which no block holds.
 */
export function privateElement(creator: string, tag: Tag): PrivateElement | undefined {
  if (!isPrivate(tag) || isPrivateCreator(tag) || elementOf(tag) < 0x1000) return undefined;
  sections ??= splitByCreator();
  const name = creator.trim();
  const section = sections.get(name);
  if (section === undefined) return undefined;
  let elements = parsed.get(name);
  if (elements === undefined) {
    elements = parseSection(section);
    parsed.set(name, elements);
  }
  return elements.get(placeOf(groupOf(tag), elementOf(tag) & 0xff));
}

let sections: Map<string, string> | undefined;
const parsed = new Map<string, ReadonlyMap<number, PrivateElement>>();

function splitByCreator(): Map<string, string> {
  const map = new Map<string, string>();
  for (const section of PRIVATE_DICTIONARY.trim().slice(1).split('\n=')) {
    const end = section.indexOf('\n');
    map.set(section.slice(0, end), section.slice(end + 1));
  }
  return map;
}

/** Lines `gggg ee VR name`, or `gggg-gggg ee VR name` for the odd groups of a range. */
function parseSection(section: string): Map<number, PrivateElement> {
  const elements = new Map<number, PrivateElement>();
  for (const line of section.split('\n')) {
    const [groups, element, vr] = line.split(' ', 3);
    const known = { vr: vr as VR, name: line.slice(groups.length + 7) };
    const first = Number.parseInt(groups.slice(0, 4), 16);
    const last = Number.parseInt(groups.slice(-4), 16);
    for (let group = first; group <= last; group += 2) elements.set(placeOf(group, Number.parseInt(element, 16)), known);
  }
  return elements;
}

function placeOf(group: number, lowByte: number): number {
  return group * 0x100 + lowByte;
}
