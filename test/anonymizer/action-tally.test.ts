import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/anonymizer/plan.ts';
import { ActionTally } from '../../src/anonymizer/report.ts';

const ACTIONS = ['D', 'Z', 'X', 'C', 'U'] as const;

/** As much of a Plan as is counted. */
function planOf(elements: readonly (readonly [tag: number, action: (typeof ACTIONS)[number]])[], added: readonly number[]): Plan {
  return {
    dataSet: { elements: elements.map(([tag]) => ({ tag, isItem: false })) }, rules: elements.map(([, action]) => ({ action })),
    replacements: new Map(), additions: added.map((tag) => ({ tag })),
  } as unknown as Plan;
}

/** The next slice of a series, for which the same rules hold. */
const sliceOf = (plan: Plan): Plan => ({ ...plan });

const plan = fc.tuple(
  fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(...ACTIONS)), { maxLength: 6 }), fc.array(fc.constantFrom(0x00120062, 0x00120063), { maxLength: 2 }),
).map(([elements, added]) => planOf(elements, added));

describe('the tally of actions', () => {
  it('counts every plan once, whatever comes in which order and however often it is taken', () => {
    fc.assert(fc.property(fc.array(plan, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(8), { maxLength: 40 }), (plans, steps) => {
      const tally = new ActionTally();
      const total = new ActionTally();
      const expected = new Map<string, number>();
      for (const step of steps) {
        const next = plans[step];
        if (next === undefined) {
          if (step > 5) total.addPacked(tally.take());
          continue;
        }
        tally.add(sliceOf(next));
        const counted = [...next.rules.map((rule, i) => [next.dataSet.elements[i].tag, rule?.action] as const), ...next.additions.map(({ tag }) => [tag, 'added'] as const)];
        for (const [tag, action] of counted) {
          const name = `${tag.toString(16).toUpperCase().padStart(8, '0')} ${action}`;
          expected.set(name, (expected.get(name) ?? 0) + 1);
        }
      }
      total.addPacked(tally.take());
      expect(tally.take()).toHaveLength(0);
      expect(new Map(total.list().map(({ tag, action, count }) => [`${tag} ${action}`, count]))).toEqual(expected);
    }), { numRuns: 2000 });
  });
});
