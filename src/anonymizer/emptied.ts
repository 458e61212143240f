import { TAG } from './dicom/tag.ts';
import type { Draft } from './draft.ts';
import { rule } from './rules/rule.ts';

const EMPTIED = rule('X', 'clean-structured-content', 'All its content items are removed');

/** A Content Sequence must not be empty (PS3.3 Table C.17-5): where all its Items go, it goes too, innermost first. */
export function dropEmptied({ dataSet, rules, profile }: Draft): void {
  if (!profile.options.has('clean-structured-content')) return;
  const { elements } = dataSet;
  for (let index = elements.length - 1; index >= 0; index--) {
    const element = elements[index];
    if (element.tag !== TAG.ContentSequence || rules[index]?.action !== 'C' || element.next === index + 1) continue;
    let anyLeft = false;
    for (let item = index + 1; item < element.next && !anyLeft; item = elements[item].next) anyLeft = rules[item]?.action !== 'X';
    if (!anyLeft) rules[index] = EMPTIED;
  }
}
