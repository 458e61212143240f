import { type DataSet, indexOf } from './dicom/data-set.ts';
import { creatorTagOf, elementOf, groupOf, isPrivate, isPrivateCreator, TAG, type Tag, tagOf } from './dicom/tag.ts';
import { valueBytes, valueText } from './dicom/values.ts';
import { isSameKind, isStringVr, unitOf, type VR } from './dicom/vr.ts';
import type { Profile } from './profile.ts';
import { type Rule, rule } from './rules/rule.ts';
import { safePrivateVr } from './rules/safe-private.ts';

const REMOVED = rule('X', 'basic', 'Basic Profile: private elements are removed');
const UNSAFE = rule('X', 'retain-safe-private', 'Private, and not on the list of safe attributes (PS3.15 E.3.10)');
const NO_CREATOR = rule('X', 'retain-safe-private', 'Private, without the creator that its block needs');
const CREATOR = rule('K', 'retain-safe-private', 'Private Creator of elements that are retained');
const LISTED = rule('C', 'retain-safe-private', 'On the list of safe private attributes (PS3.15 Table E.3.10-1)');
const DECLARED = rule('C', 'retain-safe-private', 'Declared safe by Private Data Element Characteristics (0008,0300)');

/** The private blocks of a data set (PS3.5 7.8.1). */
export interface PrivateBlocks {
  /** The Private Creator of the block that a private element stands in, of the same Data Set or Item; trimmed. */
  creatorOf(index: number): string | undefined;
  /** The rule for a private element or a Private Creator (PS3.15 E.3.10). */
  ruleFor(index: number): Rule;
}

export function privateBlocks(dataSet: DataSet, { options }: Profile): PrivateBlocks {
  if (!options.has('retain-safe-private')) {
    let known: ReadonlyMap<string, string> | undefined;
    return {
      creatorOf: (index) => (known ??= creatorsOf(dataSet)).get(blockOf(dataSet, index)),
      ruleFor: () => REMOVED,
    };
  }
  const creators = creatorsOf(dataSet);
  const declared = declaredSafe(dataSet);
  const elementRule = (index: number): Rule => {
    const { tag, vr } = dataSet.elements[index];
    const creator = creators.get(blockOf(dataSet, index));
    if (creator === undefined || elementOf(tag) < 0x1000) return NO_CREATOR;
    const safe = safePrivateVr(creator, tag);
    if (safe !== undefined) return safe === '-' || isSameKind(vr as VR, safe) ? LISTED : UNSAFE;
    // What a file says of itself counts for values that can be looked into.
    const isPlain = isStringVr(vr as VR) || unitOf(vr as VR) > 1 || vr === 'SQ';
    return isPlain && declared(creator, tag) ? DECLARED : UNSAFE;
  };
  const retained = new Set<string>();
  dataSet.elements.forEach(({ tag }, index) => {
    if (isPrivate(tag) && !isPrivateCreator(tag) && elementRule(index).action === 'C') retained.add(blockOf(dataSet, index));
  });
  return {
    creatorOf: (index) => creators.get(blockOf(dataSet, index)),
    ruleFor: (index) => {
      const { tag, parent } = dataSet.elements[index];
      if (!isPrivateCreator(tag)) return elementRule(index);
      return retained.has(`${parent} ${tag}`) ? CREATOR : UNSAFE;
    },
  };
}

/** A block by the Item that holds it and the tag of its creator. */
function blockOf(dataSet: DataSet, index: number): string {
  const { parent, tag } = dataSet.elements[index];
  return `${parent} ${creatorTagOf(tag)}`;
}

function creatorsOf(dataSet: DataSet): Map<string, string> {
  const creators = new Map<string, string>();
  const claimed = new Set<string>();
  for (const element of dataSet.elements) {
    if (!isPrivateCreator(element.tag)) continue;
    const block = `${element.parent} ${element.tag}`;
    // A block with two creators belongs to neither.
    if (claimed.has(block)) creators.delete(block);
    else creators.set(block, valueText(dataSet, element).trim());
    claimed.add(block);
  }
  return creators;
}

/** PS3.3 C.12.1.1.7: a block is SAFE as a whole, or MIXED with a list of the elements that identify nobody. */
function declaredSafe(dataSet: DataSet): (creator: string, tag: Tag) => boolean {
  const { elements } = dataSet;
  const safe = new Map<string, ReadonlySet<number> | 'all'>();
  const sequence = indexOf(dataSet, TAG.PrivateDataElementCharacteristicsSequence);
  if (sequence >= 0) {
    for (let item = sequence + 1; item < elements[sequence].next; item = elements[item].next) {
      const text = (tag: Tag) => {
        const found = indexOf(dataSet, tag, item);
        return found < 0 ? '' : valueText(dataSet, elements[found]).trim();
      };
      const key = `${numbersAt(dataSet, tagOf(0x0008, 0x0301), item)[0]} ${text(tagOf(0x0008, 0x0302))}`;
      const status = text(tagOf(0x0008, 0x0303));
      if (status === 'SAFE') safe.set(key, 'all');
      if (status === 'MIXED') safe.set(key, new Set(numbersAt(dataSet, tagOf(0x0008, 0x0304), item).map((number) => number & 0xff)));
    }
  }
  return (creator, tag) => {
    const block = safe.get(`${groupOf(tag)} ${creator}`);
    return block === 'all' || (block?.has(elementOf(tag) & 0xff) ?? false);
  };
}

/** Values of a US element inside an Item. */
function numbersAt(dataSet: DataSet, tag: Tag, item: number): number[] {
  const found = indexOf(dataSet, tag, item);
  if (found < 0) return [];
  const bytes = valueBytes(dataSet, dataSet.elements[found]);
  const [low, high] = dataSet.littleEndian ? [0, 1] : [1, 0];
  return Array.from({ length: bytes.length >> 1 }, (_, i) => bytes[2 * i + low] | (bytes[2 * i + high] << 8));
}
