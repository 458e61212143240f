import { elementOf, groupOf, type Tag } from '../dicom/tag.ts';
import { SAFE_PRIVATE } from './data/safe-private.ts';

let safe: Set<string> | undefined;

/** Whether Table E.3.10-1 lists the private element of this creator; the block it stands in is arbitrary. */
export function isSafePrivate(creator: string, tag: Tag): boolean {
  safe ??= new Set(SAFE_PRIVATE.trim().split('\n').map((line) => `${line.slice(0, 7)} ${line.split(' ').slice(3).join(' ')}`));
  const group = groupOf(tag).toString(16).toUpperCase().padStart(4, '0');
  const low = (elementOf(tag) & 0xff).toString(16).toUpperCase().padStart(2, '0');
  return safe.has(`${group} ${low} ${creator.trim()}`);
}
