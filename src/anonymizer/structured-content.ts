import { type DataSet, indexOf } from './dicom/data-set.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import { valueText } from './dicom/values.ts';
import { OPTIONS, type Profile } from './profile.ts';
import { type ActionCode, type Rule, rule } from './rules/rule.ts';
import { resolveCompound } from './rules/rule-set.ts';
import { conceptRow } from './rules/sr-concepts.ts';

/** Sequences whose Items are content items with a Concept Name (PS3.3 C.17.3, C.7.6.14, C.7.6.22). */
const CONTENT: ReadonlySet<Tag> = new Set([TAG.ContentSequence, 0x00400555, 0x00400612]);

/** Attributes that hold the value of a content item (PS3.3 Table C.17.3-2). */
const VALUES: ReadonlySet<Tag> = new Set([
  0x0040a120, 0x0040a121, 0x0040a122, 0x0040a123, 0x0040a124, 0x0040a160, 0x0040a168,
]);

/**
 * The rule for a content item by its concept (PS3.15 E.3.4, Table E.3.4-1); undefined where the Item is none, or its
 * concept is not listed.
 */
export function contentItemRule(dataSet: DataSet, item: number, profile: Profile): Rule | undefined {
  const { elements } = dataSet;
  if (!CONTENT.has(elements[elements[item].parent].tag)) return undefined;
  const concepts = indexOf(dataSet, TAG.ConceptNameCodeSequence, item);
  if (concepts < 0 || elements[concepts].next === concepts + 1) return undefined;
  const text = (tag: Tag, inside: number) => {
    const index = indexOf(dataSet, tag, inside);
    return index < 0 ? '' : valueText(dataSet, elements[index]).trim();
  };
  const code = text(TAG.CodeValue, concepts + 1) || text(TAG.LongCodeValue, concepts + 1);
  const row = conceptRow(text(TAG.CodingSchemeDesignator, concepts + 1), code, text(TAG.CodeMeaning, concepts + 1), text(TAG.ValueType, item));
  if (row === undefined) return undefined;
  for (const name of ['retain-longitudinal-modified-dates', 'clean-descriptors', ...profile.options] as const) {
    const action = profile.options.has(name) ? row.options.get(OPTIONS[name].letter) : undefined;
    if (action !== undefined) return rule(action, name, 'Content item (PS3.15 Table E.3.4-1), {0} → {1}', OPTIONS[name].title, action);
  }
  // X/D: an Item may only go where its template does not ask for it, which is not known.
  return rule(resolveCompound(row.basic, undefined), 'clean-structured-content', 'Content item (PS3.15 Table E.3.4-1) → {0}', row.basic);
}

/**
 * The rule that a listed content item gives to the attribute that holds its value, instead of the attribute's own;
 * undefined for its other attributes.
 */
export function contentValueRule(itemRule: Rule, tag: Tag): Rule | undefined {
  if (!VALUES.has(tag)) return undefined;
  const action: ActionCode = itemRule.action === 'D' && tag === 0x0040a124 ? 'U' : itemRule.action;
  return action === itemRule.action ? itemRule : { ...itemRule, action };
}
