// What dciodvfy (Debian: dicom3tools) says of a file, by kinds that two files have in common.
import { runTool } from './tools.mjs';

/** Lines that say that dciodvfy gave up: what it says beside them cannot be compared. */
const GAVE_UP = /Dicom dataset read failed|Information Object Not found|SOP Class .*not found/;

/** The kinds of error in a file: message, attribute and module, without values, indices and counts. */
export async function errorKinds(path) {
  const { output, timedOut } = await runTool('dciodvfy', [path]);
  if (timedOut) return { kinds: new Set(), gaveUp: true };
  const lines = output.split('\n').filter((line) => line.startsWith('Error'));
  return { kinds: new Set(lines.map(kindOf)), gaveUp: lines.some((line) => GAVE_UP.test(line)) };
}

export function kindOf(line) {
  return line
    .replace(/^Error - /, '')
    .replace(/ = '[\s\S]*$/, '') // the character that is invalid
    .replace(/= <[^>]*>/g, '')
    .replace(/<[\d.]+>/g, '<>')
    .replace(/\b(ReferencedSOPInstanceUID|values?|value) [\d.\\]+/g, '$1')
    .replace(/\[\d+\]/g, '')
    .replace(/(expected|got|items|Items|=|>=|<=|==) +\d+/g, '$1')
    .replace(/'[^']*'/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}
