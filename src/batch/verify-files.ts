import { basename } from 'node:path';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import type { DataSet } from '../anonymizer/dicom/data-set.ts';
import type { Limits } from '../anonymizer/dicom/limits.ts';
import { formatTag, type Tag } from '../anonymizer/dicom/tag.ts';
import { LeftoverFinder, optionsInForce } from '../anonymizer/leftovers.ts';
import { createPlanner } from '../anonymizer/planner.ts';
import { createProfile, type OptionName } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { SourceIdentifiers } from '../anonymizer/source-identifiers.ts';
import { systemReason } from './errors.ts';
import { FileOpener } from './file-source.ts';
import { newKey } from './key-file.ts';
import { type OpenOptions, withDataSet } from './open-data-set.ts';
import { type Found, walk } from './walk.ts';

/** Something that is left in a file: where, and why it identifies. Never a value. */
export interface Finding {
  readonly tag: Tag | undefined;
  readonly path: string;
  readonly text: string;
}

export interface VerifiedFile {
  /** The path as given, or as found under the given folder. */
  readonly path: string;
  /** `unchecked`: it could not be judged, and `reason` says why. */
  readonly outcome: 'clean' | 'identifying' | 'unchecked';
  readonly findings: readonly Finding[];
  readonly reason?: string | undefined;
}

export interface VerifyRequest {
  readonly inputs: readonly string[];
  /** Folder or file of the originals, for whose identifiers the files are searched. */
  readonly source?: string | undefined;
  /** On what one file may cost; the usual ones where undefined. */
  readonly limits?: Limits | undefined;
}

/** What `verifyFiles` says of the originals, once it has read them. */
export interface SourcesRead {
  readonly files: number;
  readonly unread: number;
  readonly identifiers: number;
}

/**
 * Looks through files, one after another and DICOMDIRs last, for what still identifies.
 * @throws UsageError where an input does not exist
 */
export function* verifyFiles({ inputs, source, limits }: VerifyRequest, onSources: (read: SourcesRead) => void = () => {}): Generator<VerifiedFile> {
  const finder = new LeftoverFinder();
  const originals = source === undefined ? undefined : new Originals(source, onSources, limits);
  const options: OpenOptions = { opener: new FileOpener(), limits };
  const directories: Found[] = [];
  for (const found of walk(inputs)) {
    if (basename(found.path) === 'DICOMDIR') directories.push(found);
    else yield verifyFile(found, finder, originals, options);
  }
  for (const found of directories) yield verifyFile(found, finder, originals, options);
}

function verifyFile({ path, refusal }: Found, finder: LeftoverFinder, originals: Originals | undefined, options: OpenOptions): VerifiedFile {
  if (refusal !== undefined) return { path, outcome: 'unchecked', findings: [], reason: refusal };
  try {
    const findings = withDataSet(path, (dataSet) => {
      const left = leftoversIn(dataSet, finder);
      // What an attribute says by itself needs not be said again by the originals.
      const tags = new Set(left.map(({ tag }) => tag));
      return [...left, ...(originals?.find(dataSet) ?? []).filter(({ tag }) => !tags.has(tag))];
    }, options);
    return { path, outcome: findings.length === 0 ? 'clean' : 'identifying', findings };
  } catch (error) {
    return { path, outcome: 'unchecked', findings: [], reason: reasonOf(error) };
  }
}

function leftoversIn(dataSet: DataSet, finder: LeftoverFinder): Finding[] {
  return finder.find(dataSet).map(({ tag, path, text, args }) => ({ tag, path, text: text.replace(/\{(\d)\}/g, (_, i: string) => args[Number(i)] ?? '') }));
}

function reasonOf(error: unknown): string {
  if (error instanceof DicomError) return `${error.code}: ${error.message}`;
  if (error instanceof Error && 'code' in error) return systemReason(error);
  throw error;
}

/** The identifiers of the originals, gathered when a file first asks; once for each set of options that files name. */
class Originals {
  private readonly byOptions = new Map<string, SourceIdentifiers>();

  constructor(private readonly path: string, private readonly onSources: (read: SourcesRead) => void, private readonly limits: Limits | undefined) {}

  find(dataSet: DataSet): Finding[] {
    const options = optionsInForce(dataSet);
    const key = options.join();
    const identifiers = this.byOptions.get(key) ?? this.gather(options);
    this.byOptions.set(key, identifiers);
    const findings = identifiers.find(dataSet).map(({ tag, from }) => {
      const place = tag === undefined ? '' : formatTag(tag);
      return { tag, path: place, text: `It holds an identifier that stood in ${formatTag(from)} of an original` };
    });
    return [...new Map(findings.map((finding) => [`${finding.path} ${finding.text}`, finding])).values()];
  }

  private gather(options: readonly OptionName[]): SourceIdentifiers {
    const profile = createProfile({ options });
    const identifiers = new SourceIdentifiers(createPlanner(profile, createPseudonyms(newKey())), profile);
    const opener = new FileOpener();
    let files = 0;
    let unread = 0;
    for (const { path, refusal } of walk([this.path])) {
      try {
        if (refusal !== undefined) throw new DicomError('unsafe', refusal);
        withDataSet(path, (dataSet) => identifiers.add(dataSet), { opener, limits: this.limits });
        files += 1;
      } catch (error) {
        reasonOf(error);
        unread += 1;
      }
    }
    this.onSources({ files, unread, identifiers: identifiers.count });
    return identifiers;
  }
}
