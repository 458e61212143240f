import { elementOf, groupOf, type Tag } from '../dicom/tag.ts';
import type { VR } from '../dicom/vr.ts';
import { SAFE_PRIVATE } from './data/safe-private.ts';

let safe: Map<string, VR | '-'> | undefined;

/**
 * The VR that Table E.3.10-1 gives to the private element of this creator, `-` where it gives none; undefined for what
 * it does not list. The block that the element stands in is arbitrary.
 */
export function safePrivateVr(creator: string, tag: Tag): VR | '-' | undefined {
  safe ??= new Map(SAFE_PRIVATE.trim().split('\n').map((line) => {
    const [group, low, vr, ...name] = line.split(' ');
    return [`${group} ${low} ${name.join(' ')}`, vr.slice(0, 2).trim() as VR | '-'];
  }));
  const group = groupOf(tag).toString(16).toUpperCase().padStart(4, '0');
  const low = (elementOf(tag) & 0xff).toString(16).toUpperCase().padStart(2, '0');
  return safe.get(`${group} ${low} ${creator.trim()}`);
}
