import { isRegisteredUid } from '../dicom/uids.ts';
import { byteString } from '../dicom/values.ts';
import type { Identifier } from '../identifiers.ts';
import type { Mark, Shared } from './mark.ts';
import { uidOf } from './value-forms.ts';
import { isUidVariable } from './variable.ts';

/**
 * The same without the marks whose values never differed: what stood there in the first slice must stand there. Fewer
 * and longer stretches are sooner compared, and fewer slices fit.
 * @param differed by mark
 */
export function tighten({ plan, source, result, metaBytes, marks, identifiers, pixelBytes }: Shared, differed: readonly boolean[]): Shared {
  const stays = stayingMarks(marks, differed);
  const uids = marks.flatMap((mark, i) => (stays[i] ? [] : uidsAt(source, mark)));
  // Written out: an object of another make would have the code that reads both made anew.
  return { plan, source, result, metaBytes, marks: marks.filter((_, i) => stays[i]), identifiers: [...identifiers, uids], pixelBytes };
}

function uidsAt(source: Uint8Array, mark: Mark): Identifier[] {
  if (!isUidVariable(mark.is)) return [];
  const text = uidOf(byteString(source.subarray(mark.start + mark.lengthBytes, mark.end)));
  return text === undefined || isRegisteredUid(text) ? [] : [{ kind: 'uid', text, tag: mark.tag }];
}

/** What is still needed: values that differed, the instance's own UID, and the lengths around them. */
function stayingMarks(marks: readonly Mark[], differed: readonly boolean[]): boolean[] {
  const stays = marks.map(({ is }, i) => is === 'instance' || differed[i]);
  const open: number[] = [];
  marks.forEach(({ is }, i) => {
    if (is === 'open') open.push(i);
    else if (is === 'close') stays[i] = stays[open.pop() ?? i];
    else if (stays[i]) for (const container of open) stays[container] = true;
  });
  return stays;
}
