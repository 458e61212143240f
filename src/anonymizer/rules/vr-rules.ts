import { vrOfTag } from '../dicom/dictionary.ts';
import type { Tag } from '../dicom/tag.ts';
import type { VR } from '../dicom/vr.ts';
import type { Profile } from '../profile.ts';
import { CLASS_UIDS, TECHNICAL_TEXT } from './beyond-table.ts';
import { type Rule, rule } from './rule.ts';

const FREE_TEXT = new Set<VR>(['ST', 'LT', 'UT', 'UC', 'UR']);

const KEPT = rule('K', 'vr', 'Not listed, and {0} identifies nobody by itself');

/**
 * The rule for a standard attribute that no list names, by its VR (PS3.15 E.1.1: what is not listed must be judged
 * too). Its Type is unknown, so a value that has to go is replaced and not removed: that suits every Type.
 */
export function vrRule(tag: Tag, vr: VR, profile: Profile): Rule {
  const { options } = profile;
  const expected = vrOfTag(tag);
  if (vr === 'UN' || expected === undefined) return rule('X', 'vr', 'Not in the dictionary of PS3.6: what it holds is not known');
  if (FREE_TEXT.has(vr) && !TECHNICAL_TEXT.has(tag)) {
    return options.has('clean-descriptors') && vr !== 'UR'
      ? rule('C', 'clean-descriptors', 'Not listed: {0} is free text, cleaned', vr)
      : rule('D', 'vr', 'Not listed: {0} may hold anything', vr);
  }
  switch (vr) {
    case 'PN': return rule('D', 'vr', 'Not listed: a person is named');
    case 'UI': return uidRule(tag, profile);
    case 'DA': case 'DT': case 'TM': return dateRule(vr, profile);
    default: return { ...KEPT, args: [vr] };
  }
}

function uidRule(tag: Tag, { options }: Profile): Rule {
  if (CLASS_UIDS.has(tag)) return rule('K', 'vr', 'Names a class or a coding scheme, not an instance');
  return options.has('retain-uids')
    ? rule('K', 'retain-uids', 'Not listed: UIDs of instances are retained')
    : rule('U', 'vr', 'Not listed: the UID of an instance');
}

function dateRule(vr: VR, { options }: Profile): Rule {
  if (options.has('retain-longitudinal-full-dates')) return rule('K', 'retain-longitudinal-full-dates', 'Not listed: dates and times are retained');
  if (options.has('retain-longitudinal-modified-dates')) return rule('C', 'retain-longitudinal-modified-dates', 'Not listed: dates are moved');
  return rule('D', 'vr', 'Not listed: {0} is a date or a time', vr);
}
