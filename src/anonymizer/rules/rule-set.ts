import { vrOfTag } from '../dicom/dictionary.ts';
import { DicomError } from '../dicom/errors.ts';
import { groupOf, isGroupLength, type Tag, TAG } from '../dicom/tag.ts';
import { isSameKind, isStringVr, type VR } from '../dicom/vr.ts';
import { OPTIONS, type OptionName, type Profile } from '../profile.ts';
import { type AttributeRow, attributeRow } from './attribute-table.ts';
import { type AttributeType, attributeType, hasModule } from './iod.ts';
import { type ActionCode, type Rule, rule } from './rule.ts';
import { vrRule } from './vr-rules.ts';

/** The rules of a profile for the instances of one SOP Class. */
export interface RuleSet {
  /**
   * The rule for a standard element (PS3.15 Table E.1-1, then what it lacks, then the VR). Private elements and the
   * user's own rules are the planner's.
   * @param pathOf tags of the Sequences around the element, then its own; asked for only where the Type matters
   */
  ruleFor(tag: Tag, vr: VR, depth: number, pathOf: () => readonly Tag[]): Rule;
}

/** Attributes that the table removes, though a Sequence requires them in its Items. */
const REQUIRED_IN: ReadonlyMap<Tag, { readonly sequence: Tag; readonly rule: Rule }> = new Map([
  [0x00401001, { sequence: 0x0040a370, rule: rule('Z', 'basic', 'Basic Profile X, but Type 2 in the Referenced Request Sequence (PS3.3 C.17.2): emptied') }],
]);

/** Items and Sequences around an attribute whose Type the facts can know; deeper ones are none of any IOD's. */
const DEEPEST_TYPED = 16;

const HANGING_PROTOCOL = '1.2.840.10008.5.1.4.38.1';

const GROUP_LENGTH = rule('X', 'file-structure', 'Group lengths are retired (PS3.5 7.2)');
const COMMAND = rule('X', 'file-structure', 'Command elements have no place in a file (PS3.7)');
const META = rule('X', 'file-structure', 'File Meta Information has no place in a Data Set (PS3.10 7.1)');
const DIRECTORY = rule('X', 'file-structure', 'Directory records have no place outside a DICOMDIR');
const RECORD = rule('X', 'file-structure', 'Written anew: the record of this de-identification');

/** What this de-identification writes itself at the top level (PS3.15 E.1.1, E.2). */
const RECORD_TAGS: ReadonlySet<Tag> = new Set([
  TAG.PatientIdentityRemoved, TAG.DeidentificationMethod, TAG.DeidentificationMethodCodeSequence,
  TAG.LongitudinalTemporalInformationModified,
]);

export function createRuleSet(profile: Profile, sopClass: string): RuleSet {
  // A tag nearly always has one VR; the memory holds the last one seen for each tag.
  const known = new Map<Tag, { readonly vr: VR; readonly rule: Rule }>();
  const compound = new Map<string, Rule>();
  const compoundFor = (row: AttributeRow, path: readonly Tag[]): Rule => {
    const key = path.join('/');
    let made = compound.get(key);
    if (made === undefined) compound.set(key, (made = compoundRule(row, attributeType(sopClass, path))));
    return made;
  };
  return {
    ruleFor(tag, vr, depth, pathOf) {
      if (depth === 0 && RECORD_TAGS.has(tag)) return RECORD;
      const required = depth > 0 && depth <= DEEPEST_TYPED ? REQUIRED_IN.get(tag) : undefined;
      if (required !== undefined && pathOf().at(-2) === required.sequence) return checkedKind(tag, vr, required.rule);
      const old = known.get(tag);
      if (old !== undefined && old.vr === vr && (depth === 0 || !old.rule.byType)) return old.rule;
      const row = attributeRow(tag);
      const isByType = row !== undefined && isCompound(row, profile);
      if (isByType && depth > 0) return checkedKind(tag, vr, depth > DEEPEST_TYPED ? compoundRule(row, undefined) : compoundFor(row, pathOf()));
      const made = structureRule(tag) ?? (row === undefined ? vrRule(tag, vr, profile)
        : isByType ? compoundRule(row, attributeType(sopClass, [tag]))
        : requiredRule(tag, sopClass, simpleRule(row, profile)));
      const checked = checkedKind(tag, vr, made);
      known.set(tag, { vr, rule: checked });
      return checked;
    },
  };
}

/**
 * A value that would stay must be of the kind that its tag promises: bytes in the place of numbers or Items could hold
 * anything. A value that gets another must take text where the other one is text.
 * @throws DicomError `damaged` for what describes the pixels, without which they are none, and for a UID that is none
 */
function checkedKind(tag: Tag, vr: VR, made: Rule): Rule {
  const expected = vrOfTag(tag);
  if (made.action === 'X' || made.source === 'file-structure' || expected === undefined) return made;
  const stays = made.action === 'K' || made.action === 'C';
  if (stays && expected !== 'UI' ? isSameKind(vr, expected) : takesText(vr, expected)) return made;
  if (groupOf(tag) === 0x0028 || expected === 'UI') throw new DicomError('damaged', `encoded as ${vr}, where PS3.6 says ${expected}`, { tag });
  return rule('X', 'vr', 'Encoded as {0}, where PS3.6 says {1}', vr, expected);
}

/** Whether what is put in place of a text or UID can be written with the VR that the element has. */
function takesText(vr: VR, expected: VR): boolean {
  return !isStringVr(expected) || (isStringVr(vr) && (vr === 'UI') === (expected === 'UI'));
}

function structureRule(tag: Tag): Rule | undefined {
  if (isGroupLength(tag)) return GROUP_LENGTH;
  switch (groupOf(tag)) {
    case 0x0000: return COMMAND;
    case 0x0002: return META;
    case 0x0004: return DIRECTORY;
    default: return undefined;
  }
}

/** The option in force that overrides the row: one that cleans goes before one that keeps. */
function overridingOption(row: AttributeRow, profile: Profile): { name: OptionName; code: 'K' | 'C' } | undefined {
  let found: { name: OptionName; code: 'K' | 'C' } | undefined;
  for (const name of profile.options) {
    const code = row.options.get(OPTIONS[name].letter);
    if (code === 'C' || (code === 'K' && found === undefined)) found = { name, code };
  }
  return found;
}

function isCompound(row: AttributeRow, profile: Profile): boolean {
  return row.basic.length > 1 && overridingOption(row, profile) === undefined;
}

/**
 * Attributes that Table E.1-1 removes without regard to the Type, though an IOD requires them: nothing of the source is
 * left by a dummy or an empty value either, and the instance stays valid.
 */
function requiredRule(tag: Tag, sopClass: string, found: Rule): Rule {
  if (found.action !== 'X') return found;
  const isCreation = tag === 0x00700082 || tag === 0x00700083;
  if (isCreation && hasModule(sopClass, 'presentation-state-identification')) {
    return rule('D', 'basic', 'Basic Profile X, but Type 1 in this IOD (PS3.3 C.11.10): a dummy');
  }
  if (tag === 0x0040100a && sopClass === HANGING_PROTOCOL) return rule('Z', 'basic', 'Basic Profile X, but Type 2 in this IOD (PS3.3 C.23.1): emptied');
  return found;
}

function simpleRule(row: AttributeRow, profile: Profile): Rule {
  const option = overridingOption(row, profile);
  if (option !== undefined) {
    return rule(option.code, option.name, '{0} (PS3.15 {1}) → {2}', OPTIONS[option.name].title, OPTIONS[option.name].section, option.code);
  }
  const action = row.basic as ActionCode;
  return row.table === 'E.1-1'
    ? rule(action, 'basic', 'Basic Profile (PS3.15 Table E.1-1) → {0}', action)
    : rule(action, 'beyond-table', 'Identifying, though not in Table E.1-1 → {0}', action);
}

function compoundRule(row: AttributeRow, type: AttributeType | undefined): Rule {
  const action = resolveCompound(row.basic, type);
  const source = row.table === 'E.1-1' ? 'basic' : 'beyond-table';
  const made = type === undefined
    ? rule(action, source, 'Basic Profile {0} → {1}: its Type in this IOD is not known, so the stricter', row.basic, action)
    : rule(action, source, 'Basic Profile {0} → {1}: Type {2} in this IOD', row.basic, action, String(type));
  return { ...made, byType: true };
}

/**
 * A compound code by the attribute's Type: X where Type 3, Z where Type 2, D (or U) where Type 1 or unknown. A code
 * that lacks the branch takes the nearest that leaves the attribute conformant.
 */
export function resolveCompound(code: string, type: AttributeType | undefined): ActionCode {
  const branches = code.replace('*', '').split('/') as ActionCode[];
  const wanted: readonly ActionCode[] =
    type === 3 ? ['X', 'Z', 'D'] : type === 2 ? ['Z', 'U', 'D'] : ['D', 'U', 'Z'];
  return wanted.find((branch) => branches.includes(branch)) ?? branches[0];
}
