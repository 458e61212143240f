import { DicomError } from '../anonymizer/dicom/errors.ts';
import type { InstanceUids } from '../anonymizer/plan.ts';
import type { Pseudonyms } from '../anonymizer/pseudonyms.ts';

export type Layout = 'uid' | 'mirror';

/** Letters of the part that tells two files with the same SOP Instance UID apart: 40 bits. */
const MARK_LENGTH = 8;

/**
 * Where the result of a file goes, relative to the output folder, with slashes: a function of key, input path and
 * file alone, so that any number of workers agrees. `uid` says nothing of the source's names; `mirror` repeats them.
 * @param input relative to the folder that was given, with slashes
 * @throws DicomError for a name of the source that cannot be repeated without harm
 */
export function outputPath(layout: Layout, input: string, instance: InstanceUids, pseudonyms: Pseudonyms, platform: string = process.platform): string {
  if (layout === 'mirror') return mirrored(input, platform === 'win32');
  const mark = pseudonyms.code('output-name', input, MARK_LENGTH);
  const folder = (uid: string, otherwise: string) => (uid.length <= 64 && UID_NAME.test(uid) ? uid : otherwise);
  const study = folder(instance.study, 'no-study');
  const series = folder(instance.series, 'no-series');
  return `${study}/${series}/${folder(instance.sopInstance, 'instance')}-${mark}.dcm`;
}

/** Digits and dots, and not dots alone, which are other folders. */
const UID_NAME = /^\.*\d[\d.]*$/;

/** Devices, with or without an ending, whatever the folder: what is written to NUL.dcm is gone. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9\xb9\xb2\xb3]|lpt[0-9\xb9\xb2\xb3]|conin\$|conout\$) *(?:\..*)?$/i;
/** A colon begins a hidden stream of another file, dots and spaces at the end are dropped; the rest is refused there anyway. */
const WINDOWS_SPECIAL = /[<>:"|?*\\\x00-\x1f]|[. ]$/;

function mirrored(input: string, isWindows: boolean): string {
  const names = input.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) throw new DicomError('unsafe', 'a name that leads out of the output folder');
  if (isWindows && names.some((name) => WINDOWS_DEVICE.test(name) || WINDOWS_SPECIAL.test(name))) throw new DicomError('unsafe', 'a name that means something else on Windows');
  return input;
}
