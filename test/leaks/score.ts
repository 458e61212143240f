import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { isEntered, lawfulOutcomes, mayStay, type Outcome } from './lawful.ts';
import { daysMoved, isTemporal, observe, type Observation } from './observe.ts';
import type { LeakFile, Planted } from './planted.ts';
import { createPipeline, type Result } from './pipeline.ts';
import { pixelsAreKept } from './pixels-kept.ts';
import { type Leaf, Reading } from './reading.ts';
import { Searcher } from './search.ts';
import { hexOf } from './standard.ts';
import { type CheckKind, Tally } from './tally.ts';

const TEXT = new Set(['AE', 'AS', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT', 'UI', 'DA', 'DT', 'TM']);
/** Compressed frames of the bench hold words and no picture; to clean them is refused (PS3.15 E.3.1), as it is for numbers. */
const NO_PICTURE = /frame \d+: |pixels of floating-point/;
const UID = /^[0-2](\.(0|[1-9]\d*))+$/;

/**
 * De-identifies the files under some options and compares the results with the answer key.
 * @param resultOf where the results are made elsewhere, by the command line say
 */
export function score(files: readonly LeakFile[], options: readonly OptionName[], resultOf?: (file: LeakFile) => Result): Tally {
  const scorer = new Scorer(new Set(options));
  const pipeline = createPipeline(options);
  for (const file of files) scorer.file(file, resultOf?.(file) ?? pipeline(file.name, file.bytes));
  return scorer.finish();
}

class Scorer {
  private readonly tally = new Tally();
  private readonly uids = new Map<string, Set<string>>();
  /** By patient's own ID: the new ones, the days moved. */
  private readonly patients = new Map<string, Set<string>>();
  private readonly offsets = new Map<string, number>();

  constructor(private readonly options: ReadonlySet<OptionName>) {}

  file(file: LeakFile, result: Result): void {
    this.tally.files++;
    if (result.bytes === undefined) {
      if (this.options.has('clean-pixel-data') && NO_PICTURE.test(result.refusal)) return;
      this.tally.refused(`${result.refusal}`);
      return;
    }
    const source = readingOf(file);
    const after = new Reading(result.bytes);
    const staying = new Set(file.planted.filter((planted) => mayStay(planted, this.options, file.sopClass)).flatMap(({ secrets }) => secrets));
    for (const planted of file.planted) this.element(file, planted, source, after, staying);
    // What looks like text in noise may be black.
    if (!this.options.has('clean-pixel-data')) this.tally.check('pixels retained', pixelsAreKept(source, after, file.syntax), () => file.syntax);
    this.instance(file, source, after);
    this.search(file, after, result, staying);
  }

  finish(): Tally {
    const seen = new Map<string, number>();
    for (const made of this.uids.values()) for (const uid of made) seen.set(uid, (seen.get(uid) ?? 0) + 1);
    for (const made of this.uids.values()) {
      const shared = [...made].some((uid) => (seen.get(uid) ?? 0) > 1);
      this.tally.check('uid consistent', made.size === 1 && !shared, () => `${made.size} for one${shared ? ', shared' : ''}`);
    }
    const ids = [...this.patients.values()].flatMap((each) => [...each]);
    for (const made of this.patients.values()) {
      const isOwn = [...made].every((id) => id !== '' && ids.filter((other) => other === id).length === 1);
      this.tally.check('patid consistent', made.size === 1 && isOwn, () => `${made.size} for one patient`);
    }
    return this.tally;
  }

  private element(file: LeakFile, planted: Planted, source: Reading, after: Reading, staying: ReadonlySet<string>): void {
    const observed = observe(planted, source, after, staying);
    if (observed === undefined) return;
    const isInside = this.isInside(planted, source, after);
    if (isInside === 'gone') return;
    const lawful = lawfulOutcomes(planted, this.options, file.sopClass);
    const kind = this.kindOf(planted, lawful);
    const isRight = isInside === 'replaced' ? planted.content === 'benign' || observed.outcome !== 'same' : this.isRight(file, planted, lawful, observed);
    this.tally.check(kind, isRight, () => `${planted.label} ${planted.vr} ${planted.origin}${planted.path.length > 1 ? ' nested' : ''} ${observed.outcome}, lawful ${[...lawful].join('/')}`);
    // A text with escape sequences may be replaced as a whole: E.3.5 lets it, and a cut inside them would spoil it.
    const isCleaned = lawful.has('clean') && lawful.size === 1 && observed.outcome === 'clean' && !observed.before.includes('\x1b');
    if (isCleaned && this.options.has('clean-descriptors')) {
      for (const words of planted.benign) this.tally.check('text retained', observed.after.includes(Buffer.from(words).toString('latin1')), () => `words of ${planted.label} ${planted.vr}`);
    }
    if (planted.vr === 'UI' && observed.outcome === 'changed' && lawful.has('changed')) this.remember(observed);
  }

  /** Elements inside a Sequence that is lawfully gone are gone; inside a replaced one they must not be the same. */
  private isInside({ path, concept }: Planted, source: Reading, after: Reading): 'entered' | 'replaced' | 'gone' {
    if (concept !== undefined) return this.options.has('clean-structured-content') ? 'entered' : 'replaced';
    let inside: 'entered' | 'replaced' = 'entered';
    for (let length = 1; length < path.length; length += 2) {
      const outer = path.slice(0, length);
      if ((outer[length - 1] & 0x10000) !== 0 && !this.options.has('retain-safe-private')) return 'gone';
      const found = after.find(outer);
      if (found?.items === undefined || (found.items ?? 0) !== source.find(outer)?.items) return 'gone';
      if (!isEntered(outer[length - 1], this.options)) inside = 'replaced';
    }
    return inside;
  }

  private isRight({ patient }: LeakFile, { vr }: Planted, lawful: ReadonlySet<Outcome>, { outcome, before, after }: Observation): boolean {
    if (outcome === 'clean') return lawful.has('clean') || lawful.has('changed');
    if (vr === 'UI' && outcome === 'changed' && !UID.test(after)) return false;
    if (lawful.has('shifted') && isTemporal(vr) && (outcome === 'same' || outcome === 'changed')) {
      if (vr === 'TM') return outcome === 'same';
      const days = daysMoved(before, after);
      const known = this.offsets.get(patient.id) ?? days;
      if (known !== undefined) this.offsets.set(patient.id, known);
      return days !== undefined && days !== 0 && days === known;
    }
    return lawful.has(outcome);
  }

  private kindOf({ vr, path }: Planted, lawful: ReadonlySet<Outcome>): CheckKind {
    if (path.length === 1 && path[0] === 0x00100020) return 'patid consistent';
    if (lawful.has('shifted')) return 'date shifted';
    if (lawful.has('same') || lawful.has('entered')) return TEXT.has(vr) ? 'text retained' : 'tag retained';
    if (lawful.has('clean') || lawful.has('absent') || lawful.has('empty')) return 'text removed';
    return vr === 'UI' ? 'uid changed' : 'text notnull';
  }

  private remember({ before, after }: Observation): void {
    const made = this.uids.get(before);
    if (made === undefined) this.uids.set(before, new Set([after]));
    else made.add(after);
  }

  /** The record and the File Meta Information (PS3.15 E.1.1), and who the patient has become. */
  private instance({ patient }: LeakFile, source: Reading, after: Reading): void {
    const ids = this.patients.get(patient.id) ?? new Set<string>();
    this.patients.set(patient.id, ids.add(after.text(0x00100020)));
    const must = (isRight: boolean, what: string) => this.tally.check('tag retained', isRight, () => `${what}`);
    must(after.text(0x00020003) === after.text(0x00080018), '00020003 is 00080018');
    must(after.text(0x00120062) === 'YES', '00120062');
    must(after.text(0x00080016) === source.text(0x00080016) && after.text(0x00020002) === source.text(0x00080016), 'SOP Class');
    const temporal = this.options.has('retain-longitudinal-full-dates') ? 'UNMODIFIED' : this.options.has('retain-longitudinal-modified-dates') ? 'MODIFIED' : 'REMOVED';
    must(after.text(0x00280303) === temporal, '00280303');
    for (const tag of [0x00020016, 0x00020017, 0x00020018, 0x00020100, 0x00020102]) this.tally.check('text removed', after.find([tag]) === undefined, () => hexOf(tag));
    this.tally.check('text removed', after.bytes.subarray(0, 128).every((byte) => byte === 0), () => 'preamble');
  }

  /** Every string that identifies, in every spelling, in the whole result but the samples of its pixels. */
  private search(file: LeakFile, after: Reading, { output, told }: Result, staying: ReadonlySet<string>): void {
    // A day may be spelled as a part of UIDs that stay: 1.3.12 and 2.2.11 stand in the root 1.3.12.2.1107.
    const uids = [...staying].filter((text) => /^\d+(?:\.\d+){4,}$/.test(text));
    const isPart = (text: string) => /^\d{1,2}\.\d{1,2}\.\d\d$/.test(text) && uids.some((uid) => uid.includes(text));
    const all = [...file.loose, ...file.planted.flatMap(({ secrets }) => secrets)].filter((text) => !staying.has(text) && !isPart(text));
    const searcher = new Searcher(all);
    const origin = (text: string) => file.planted.find(({ secrets }) => secrets.includes(text))?.label ?? 'outside elements';
    const leaves = after.leaves();
    const pixels = file.syntax.startsWith('1.2.840.10008.1.2.4') ? undefined : after.pixels();
    for (const { text, offset, isEscaped } of searcher.find(after.bytes)) {
      const leaf = leafAt(leaves, offset);
      if (pixels !== undefined && offset >= pixels.start && offset < pixels.end) continue;
      if (leaf !== undefined && (isChance(text, leaf) || (isEscaped && !after.bytes.subarray(leaf.start, leaf.end).includes(0x1b)))) continue;
      this.tally.leak(`${leaf === undefined ? 'outside values' : hexOf(leaf.tag)} has what stood in ${origin(text)}`);
    }
    for (const [place, bytes] of [['output name', output], ['report', told]] as const) {
      for (const { text, isEscaped } of searcher.find(Buffer.from(bytes))) if (!isEscaped && !/^\d+$/.test(text)) this.tally.leak(`${place} has what stood in ${origin(text)}`);
    }
  }
}

function leafAt(leaves: readonly Leaf[], offset: number): Leaf | undefined {
  return leaves.findLast(({ start, end }) => offset >= start && offset < end);
}

/** A moved date may be another's, and the figures of a new UID a number, a date or two characters of JIS X 0208. */
function isChance(text: string, { tag, vr }: Leaf): boolean {
  const known = vr === '' || vr === 'UN' ? vrOfTag(tag) : vr;
  return known === 'UI' ? !/[a-z.]/i.test(text) : /^\d+$/.test(text) && isTemporal(known ?? '');
}

const readings = new WeakMap<LeakFile, Reading>();

function readingOf(file: LeakFile): Reading {
  const known = readings.get(file) ?? new Reading(file.bytes);
  readings.set(file, known);
  return known;
}
