import type { InstanceUids } from '../anonymizer/plan.ts';
import type { Pseudonyms } from '../anonymizer/pseudonyms.ts';

export type Layout = 'uid' | 'mirror';

/** Letters of the part that tells two files with the same SOP Instance UID apart: 40 bits. */
const MARK_LENGTH = 8;

/**
 * Where the result of a file goes, relative to the output folder, with slashes: a function of key, input path and
 * file alone, so that any number of workers agrees. `uid` says nothing of the source's names; `mirror` repeats them.
 * @param input relative to the folder that was given, with slashes
 */
export function outputPath(layout: Layout, input: string, instance: InstanceUids, pseudonyms: Pseudonyms): string {
  if (layout === 'mirror') return input;
  const mark = pseudonyms.code('output-name', input, MARK_LENGTH);
  const folder = (uid: string, otherwise: string) => (/^[\d.]{1,64}$/.test(uid) && !/^\.*$/.test(uid) ? uid : otherwise);
  const study = folder(instance.study, 'no-study');
  const series = folder(instance.series, 'no-series');
  return `${study}/${series}/${folder(instance.sopInstance, 'instance')}-${mark}.dcm`;
}
