import { elementOf, groupOf, isPrivate, isPrivateCreator, type Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';
import type { Profile, RuleAction, UserRule } from './profile.ts';
import { type ActionCode, type Rule, rule } from './rules/rule.ts';

const ACTIONS: Record<RuleAction, ActionCode> = {
  keep: 'K', remove: 'X', empty: 'Z', replace: 'D', remap: 'U', shift: 'C', clean: 'C',
};

/** The user's rules, made ready for look-up: by tag before by creator before by VR, the first of each. */
export interface UserRules {
  find(tag: Tag, vr: VR, creator: () => string | undefined): UserRule | undefined;
}

export function userRules({ rules }: Profile): UserRules {
  const byTag = new Map<Tag, UserRule>();
  const byVr = new Map<VR, UserRule>();
  const byCreator: UserRule[] = [];
  for (const own of rules) {
    const { match } = own;
    if ('tag' in match) byTag.set(match.tag, byTag.get(match.tag) ?? own);
    else if ('vr' in match) byVr.set(match.vr, byVr.get(match.vr) ?? own);
    else byCreator.push(own);
  }
  return {
    find(tag, vr, creator) {
      const own = byTag.get(tag);
      if (own !== undefined) return own;
      if (byCreator.length > 0 && isPrivate(tag)) {
        const name = creator();
        const found = byCreator.find(({ match }) => 'creator' in match && match.creator === name && matchesElement(match, tag));
        if (found !== undefined) return found;
      }
      return byVr.get(vr);
    },
  };
}

function matchesElement(match: { group?: number | undefined; element?: number | undefined }, tag: Tag): boolean {
  if (match.group !== undefined && match.group !== groupOf(tag)) return false;
  // The creator of a block is kept or goes with what it is asked for as a whole.
  return match.element === undefined || (!isPrivateCreator(tag) && match.element === (elementOf(tag) & 0xff));
}

/** The user's rule in the terms of the standard, and whether it asks for less than the standard's own. */
export function asRule(own: UserRule, standard: Rule): Rule {
  const action = ACTIONS[own.action];
  const weaker = isWeaker(own.action, standard.action);
  return {
    ...rule(action, 'user', weaker ? 'Your rule {0}, weaker than the standard, which asks for {1}' : 'Your rule {0}; the standard asks for {1}', own.action, standard.action),
    weaker,
    value: own.value,
  };
}

function isWeaker(action: RuleAction, standard: ActionCode): boolean {
  switch (action) {
    case 'keep': return standard !== 'K';
    case 'shift': case 'clean': return standard !== 'K' && standard !== 'C';
    default: return false;
  }
}
