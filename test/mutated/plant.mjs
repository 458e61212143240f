// Identifiers that no file has by chance, put in place of its own: same place, same length.
import { elementsOf } from './elements.mjs';

/** What every planted identifier holds, by what it replaces. None of them can come from anywhere else. */
export const MARKS = { text: 'QJZXKV', date: '18370229', uid: '1.2.826.0.1.9973551.' };

const TEXTS = new Set([
  '00080050', '00080080', '00080081', '00081010', '00081040', '00100020', '00101000', '00101001', '00101040', '00102154', '00102180', '00104000', '00181000',
  '00200010', '00380010', '00401001',
]);
const NAMES = new Set(['00100010', '00080090', '00081050', '00081060', '00081070', '00321032', '00401010']);
const DATES = new Set(['00100030', '00080020', '00080021', '00080022', '00080023']);
const UIDS = new Set(['0020000d', '0020000e', '00080018', '00020003', '00200052', '00081155']);
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** @returns a copy with marks, and how many it got */
export function plant(source, random) {
  const bytes = Buffer.from(source);
  let count = 0;
  const uids = new Map();
  for (const { tag, vr, value, end, isOpen } of elementsOf(bytes).elements) {
    const made = isOpen ? undefined : standIn(tag, vr, bytes.toString('latin1', value, end), random, uids);
    if (made === undefined) continue;
    bytes.write(made, value, 'latin1');
    count += 1;
  }
  return { bytes, count };
}

function standIn(tag, vr, text, random, uids) {
  const { length } = text;
  if (vr === 'PN' || (vr === undefined && NAMES.has(tag))) return length < 8 ? undefined : MARKS.text + fill(length - 6, random);
  if (DATES.has(tag)) return length === 8 && /^\d{8}$/.test(text) ? MARKS.date : undefined;
  if (UIDS.has(tag)) {
    const uid = text.replace(/\0$/, '');
    if (uid.length < MARKS.uid.length + 4 || uid.includes('\\')) return undefined;
    if (!uids.has(uid)) uids.set(uid, MARKS.uid + digits(uid.length - MARKS.uid.length, random));
    return uids.get(uid);
  }
  return TEXTS.has(tag) && length >= 8 ? MARKS.text + digits(length - 6, random) : undefined;
}

function fill(length, random) {
  return Array.from({ length }, () => LETTERS[random(LETTERS.length)]).join('');
}

function digits(length, random) {
  return Array.from({ length }, () => String(1 + random(9))).join('');
}

/** The marks that stand in bytes, in capitals or small letters. */
export function marksIn(bytes) {
  const found = [];
  for (const mark of Object.values(MARKS)) {
    for (const spelled of new Set([mark, mark.toLowerCase()])) {
      const at = bytes.indexOf(spelled, 0, 'latin1');
      if (at >= 0) found.push({ mark, at });
    }
  }
  return found;
}
