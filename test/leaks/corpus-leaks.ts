import type { OptionName } from '../../src/anonymizer/profile.ts';
import { DICTIONARY_NAMES } from '../../src/anonymizer/dicom/data/dictionary-names.ts';
import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import { CORPUS, corpusBytes } from '../fixtures/corpus.ts';
import { overriding } from './lawful.ts';
import { createPipeline } from './pipeline.ts';
import { type Leaf, Reading } from './reading.ts';
import { Searcher } from './search.ts';
import { hexOf, rowOf } from './standard.ts';

/** What was found in results of the corpus of real files. */
export interface CorpusLeaks {
  readonly searched: number;
  /** Files that the second library cannot read, before or after. */
  readonly unread: number;
  readonly refused: number;
  /** How often, by file and tags; never a value. */
  readonly leaks: ReadonlyMap<string, number>;
}

/** Labels of persons, orders, devices and places; names, UIDs and dates go by their VR. */
const IDS: ReadonlySet<number> = new Set([
  0x00080050, 0x00080080, 0x00080081, 0x00081010, 0x00081040, 0x00100020, 0x00100021, 0x00101000, 0x00101040, 0x00101090, 0x00102154, 0x00181000,
  0x00200010, 0x00321032, 0x00380010, 0x00400009, 0x00400253, 0x00401001, 0x00402016, 0x00402017, 0x00120020, 0x00120040, 0x00080055, 0x00400241,
]);

/** Manufacturer and model stay, even where an AE title is called after them. */
const MAKERS: ReadonlySet<number> = new Set([0x00080070, 0x00081090]);

/** What stands in such attributes of files that were de-identified already, or made for tests. */
const NOBODY = /^(anon\w*|none|unknown|test\w*|patient\w*|name|removed|hidden|default|empty|study|series|hospital|xxx+|deidentified|null|phantom\w*|\^+)$/i;

/** De-identifies every file of the corpus and looks for the source's own identifiers in the result. */
export function searchCorpus(options: readonly OptionName[]): CorpusLeaks {
  const pipeline = createPipeline(options);
  const inForce = new Set(options);
  const leaks = new Map<string, number>();
  let [searched, unread, refused] = [0, 0, 0];
  for (const entry of CORPUS) {
    const bytes = corpusBytes(entry);
    const result = pipeline(entry.path, bytes);
    if (result.bytes === undefined) {
      refused++;
      continue;
    }
    try {
      for (const where of leaksOf(new Reading(bytes), new Reading(result.bytes), inForce)) leaks.set(`${entry.path}: ${where}`, (leaks.get(`${entry.path}: ${where}`) ?? 0) + 1);
      searched++;
    } catch {
      unread++;
    }
  }
  return { searched, unread, refused, leaks };
}

function leaksOf(source: Reading, result: Reading, options: ReadonlySet<OptionName>): string[] {
  const from = new Map<string, number>();
  const leavesBefore = source.leaves();
  const kept = new Set<string>();
  for (const leaf of leavesBefore) {
    const row = rowOf(leaf.tag);
    // Of a listed concept a UID is retained (Table E.3.4-1), though its own row has no option.
    const isOfConcept = leaf.tag === 0x0040a124 && options.has('clean-structured-content') && options.has('retain-uids');
    const isKept = isOfConcept || MAKERS.has(leaf.tag) || (row !== undefined && overriding(row.options, options) !== undefined);
    for (const text of MAKERS.has(leaf.tag) ? textsOf(source, leaf) : identifiersIn(source, leaf)) {
      if (isKept) kept.add(text);
      else if (!from.has(text)) from.set(text, leaf.tag);
    }
  }
  const spared = new Set([...kept].map((text) => text.toLowerCase()));
  const searcher = new Searcher([...from.keys()].filter((text) => !spared.has(text.toLowerCase())));
  const leaves = result.leaves();
  const pixels = result.pixels();
  return searcher.find(result.bytes).flatMap(({ text, offset }) => {
    if (pixels !== undefined && offset >= pixels.start && offset < pixels.end) return [];
    const leaf = leaves.findLast(({ start, end }) => offset >= start && offset < end);
    if (leaf === undefined ? text.length < 6 : isChance(text, offset, leaf, result.bytes)) return [];
    return [`${hexOf(leaf?.tag ?? 0)} has what stood in ${hexOf(from.get(text) ?? 0)}`];
  });
}

/** Values, and the words of names, that are long enough to tell somebody and no words of the standard's. */
function identifiersIn(reading: Reading, { start, end, tag, vr }: Leaf): string[] {
  const known = vr === '' || vr === 'UN' ? vrOfTag(tag) : vr;
  if (tag % 0x20000 >= 0x10000 || tag < 0x00080000) return [];
  const text = textsOf(reading, { start, end, tag, vr })[0];
  const isOfTable = rowOf(tag) !== undefined;
  const parts = known === 'PN' ? text.split(/[\\^= ,]+/) : known === 'UI' && isOfTable ? text.split('\\') : IDS.has(tag) ? text.split('\\') : [];
  const least = known === 'PN' ? 5 : 6;
  return parts.map((part) => part.trim()).filter((part) => (
    part.length >= least && /^[ -~]+$/.test(part) && !/^[\d.]{1,7}$|^0+$|^1\.2\.840\.10008\./.test(part) && !NOBODY.test(part) && !isStandardWord(part)
  ));
}

/** The value, the first 256 bytes of it, one character a byte. */
function textsOf({ bytes }: Reading, { start, end }: Leaf): [string] {
  return [Buffer.from(bytes.subarray(start, Math.min(end, start + 256))).toString('latin1').replace(/[\0 ]+$/, '')];
}

let words: ReadonlySet<string> | undefined;

function isStandardWord(text: string): boolean {
  words ??= new Set(DICTIONARY_NAMES.toLowerCase().split(/[^a-z]+/));
  return words.has(text.toLowerCase());
}

/** Part of a longer word or number, or figures in a number. */
function isChance(text: string, offset: number, { vr, tag }: Leaf, bytes: Uint8Array): boolean {
  const known = vr === '' ? vrOfTag(tag) : vr;
  const isWord = (byte: number | undefined) => byte !== undefined && /[\w.]/.test(String.fromCharCode(byte));
  if (isWord(bytes[offset - 1]) || isWord(bytes[offset + text.length])) return true;
  return /^\d+$/.test(text) && ['DA', 'TM', 'DT', 'DS', 'IS', 'UI'].includes(known ?? '');
}
