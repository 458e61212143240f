import { REGISTERED_UIDS } from './data/uids.ts';

/** Root of the UIDs that the standard itself defines (PS3.5 9.1). */
const DICOM_ROOT = '1.2.840.10008';
/** Characters of a UID (PS3.5 9.1); a text that only begins like one is none. */
const LONGEST_UID = 64;
const BELOW_ROOT = /^(?:\.\d+)*$/;

/**
 * Whether the UID belongs to the standard and therefore identifies nobody: the root itself or anything below it,
 * registered in PS3.6 Annex A or not. The UID comes without padding.
 */
export function isRegisteredUid(uid: string): boolean {
  return uid.startsWith(DICOM_ROOT) && uid.length <= LONGEST_UID && BELOW_ROOT.test(uid.slice(DICOM_ROOT.length));
}

/** Name of a UID of PS3.6 Tables. */
export function nameOfUid(uid: string): string | undefined {
  names ??= parseNames();
  return names.get(uid);
}

let names: Map<string, string> | undefined;

/** Lines `uid type name`, the type one letter. */
function parseNames(): Map<string, string> {
  const map = new Map<string, string>();
  for (const line of REGISTERED_UIDS.trim().split('\n')) {
    const end = line.indexOf(' ');
    map.set(line.slice(0, end), line.slice(end + 3));
  }
  return map;
}
