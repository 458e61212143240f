import type { OptionName } from '../profile.ts';

/** Action codes of Table E.1-1 after a compound code was resolved (PS3.15 E.1.1). */
export type ActionCode = 'D' | 'Z' | 'X' | 'K' | 'C' | 'U';

/** Who asks for an action. */
export type RuleSource = 'basic' | OptionName | 'beyond-table' | 'vr' | 'file-structure' | 'identifier' | 'user';

/** What to do with an element and why; made once for a tag and shared by all its Decisions. */
export interface Rule {
  readonly action: ActionCode;
  readonly source: RuleSource;
  /** A sentence with numbered blanks, so that it can be translated, and what stands in them. */
  readonly why: string;
  readonly args: readonly string[];
  /** Resolved by the Type that the attribute has at its place in the IOD: not to be reused at another place. */
  readonly byType?: boolean | undefined;
  /** A rule of the user's that asks for less than the standard. */
  readonly weaker?: boolean | undefined;
  /** For a user's `replace`. */
  readonly value?: string | undefined;
}

/** The sentence with its blanks filled, in English. */
export function explain(rule: Rule): string {
  return rule.why.replace(/\{(\d)\}/g, (_, i: string) => rule.args[Number(i)]);
}

export function rule(action: ActionCode, source: RuleSource, why: string, ...args: string[]): Rule {
  return { action, source, why, args };
}
