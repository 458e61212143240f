import { concat } from '../dicom/encode.ts';
import { isRegisteredUid } from '../dicom/uids.ts';
import type { Identifier } from '../identifiers.ts';
import type { Shared, Step, Stretch, ValueStep } from './step.ts';
import { uidOf } from './value-forms.ts';

/**
 * The same steps with the values fixed that never differed: what stood there in the first slice must stand there, and
 * what came of it does. Fewer and longer stretches are sooner compared, and fewer slices fit.
 * @param differed by step
 */
export function tighten(shared: Shared, differed: readonly boolean[]): Shared {
  const { steps } = shared;
  const stays = stayingSteps(steps, differed);
  const identifiers: (readonly Identifier[])[] = [...shared.identifiers];
  const tight: Step[] = [];
  let before: Stretch[] = [];
  steps.forEach((step, i) => {
    before.push(step);
    if (stays[i]) {
      tight.push({ ...step, fixed: concat(before.map(({ fixed }) => fixed)), output: concat(before.map(({ output }) => output)) });
      before = [];
      return;
    }
    if (step.next === 'end' || step.next === 'close') return;
    before.push(step.sample);
    const uid = step.next === 'value' && namesUid(step) ? uidOf(step.sample.fixed.subarray(step.lengthBytes)) : undefined;
    if (step.next === 'value' && uid !== undefined && !isRegisteredUid(uid)) identifiers.push([{ kind: 'uid', text: uid, tag: step.tag }]);
  });
  return { ...shared, steps: tight, identifiers };
}

function namesUid({ variable }: ValueStep): boolean {
  return variable === 'gone-uid' || variable === 'remapped' || variable === 'instance';
}

/** Steps that are still needed: values that differed, the instance's own UID, and what is around them. */
function stayingSteps(steps: readonly Step[], differed: readonly boolean[]): boolean[] {
  const stays = steps.map((step, i) => step.next === 'end' || (step.next === 'value' && (differed[i] || step.variable === 'instance')));
  const open: number[] = [];
  steps.forEach((step, i) => {
    if (step.next === 'open') open.push(i);
    else if (step.next === 'close') stays[i] = stays[open.pop() ?? i];
    else if (step.next === 'value' && stays[i]) for (const container of open) stays[container] = true;
  });
  return stays;
}
