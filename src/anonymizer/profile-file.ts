import { Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { checkProfile } from './data/profile-check.js';
import { describeTag } from './dicom/dictionary-names.ts';
import { formatTag } from './dicom/tag.ts';
import { createProfile, OPTION_NAMES, PIXEL_CHOICES, type PixelChoice, type Profile, ProfileError, type RegionRule, type SuspectChoice, type UserRule } from './profile.ts';
import { type FoundProblem, type ProfilePath, problemsOf } from './profile-problems.ts';
import { readRegion, type WrittenRegion, writtenRegion } from './profile-region.ts';
import { optionProblems, readRule, type WrittenRule } from './profile-rule.ts';

/** Something wrong in a profile file, with its place for a person and for an editor. */
export interface ProfileProblem {
  /** Such as `rules[2].action`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A profile file that cannot be carried out; the message names every problem in a line of its own. */
export class ProfileFileError extends ProfileError {
  constructor(readonly problems: readonly ProfileProblem[]) {
    super(problems.map(({ path, line, message }) => `Profile, line ${line}: ${path === '' ? 'the file' : path} ${message}.`).join('\n'));
  }
}

interface WrittenProfile {
  readonly name?: string;
  readonly options?: readonly string[];
  readonly descriptors?: 'clean' | 'remove';
  readonly rules?: readonly WrittenRule[];
  readonly pixels?: PixelChoice;
  readonly suspects?: SuspectChoice;
  readonly regions?: readonly WrittenRegion[];
}

/**
 * Reads a profile file: YAML, of which JSON is a part. Every scalar is text, so that `group: 0019` means what it
 * says. An empty file is the Basic Profile.
 * @throws ProfileFileError
 */
export function parseProfile(text: string): Profile {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const placed = ({ path, message }: FoundProblem): ProfileProblem => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { path: pathText(path), line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const fail = (problems: readonly FoundProblem[]): never => {
    throw new ProfileFileError(problems.map(placed).sort((a, b) => a.line - b.line || a.column - b.column));
  };
  if (document.errors.length > 0) {
    throw new ProfileFileError(document.errors.map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { path: '', line: Math.max(1, line), column: Math.max(1, col), message: `is not valid YAML or JSON: ${message.split('\n')[0].replace(/[.:]$/, '')}` };
    }));
  }
  const content = contentOf(document);
  if (!checkProfile(content)) fail(problemsOf(checkProfile.errors ?? []));
  const { name, options = [], descriptors, rules = [], pixels, suspects, regions = [] } = content as WrittenProfile;
  const problems: FoundProblem[] = [...optionProblems(options)];
  const read = rules.flatMap((written, i): UserRule[] => {
    const rule = readRule(written);
    if ('match' in rule) return [rule];
    problems.push({ path: ['rules', i, ...rule.path], message: rule.message });
    return [];
  });
  const drawn = regions.flatMap((written, i): RegionRule[] => {
    const region = readRegion(written);
    if ('boxes' in region) return [region];
    problems.push({ path: ['regions', i, ...region.path], message: region.message });
    return [];
  });
  if (problems.length > 0) fail(problems);
  return createProfile({ name, options, descriptors, rules: read, pixels, suspects, regions: drawn });
}

/** Keys that nothing follows, as in a file of which all rules are commented out, are as good as absent. */
function contentOf(document: Document): unknown {
  const { contents } = document;
  if (contents === null || isEmpty(contents)) return {};
  if (isMap(contents)) contents.items = contents.items.filter(({ value }) => !isEmpty(value));
  return document.toJS();
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === '' && node.type === 'PLAIN');
}

/** Where a value begins, or its key, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: ProfilePath): number {
  for (let length = path.length; length > 0; length--) {
    const around = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(around)) {
      const pair = around.items.find((item) => isScalar(item.key) && item.key.value === key);
      const node = (pair?.value ?? pair?.key) as Node | undefined;
      if (node?.range) return node.range[0];
      continue;
    }
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function pathText(path: ProfilePath): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');
}

const HEAD = ` The Basic Application Confidentiality Profile (DICOM PS3.15 Annex E) with options and rules of your own.
 options: ${OPTION_NAMES.join(',\n          ')}
 rules:   what a rule matches (tag, keyword, creator with group and element, or vr) and an action:
          keep, remove, empty, replace (by value), remap, shift, clean
 pixels:  with clean-pixel-data: ${PIXEL_CHOICES.join(', ')}
 regions: with clean-pixel-data: what was drawn, and for which images`;

/** A profile as the text of a YAML file, which reads back as the same profile. */
export function formatProfile({ name, options, descriptors, rules, pixels, suspects, regions }: Profile): string {
  const document = new Document({
    name,
    options: OPTION_NAMES.filter((option) => options.has(option)),
    ...(descriptors === 'clean' ? {} : { descriptors }),
    ...(pixels === 'all-text' ? {} : { pixels }),
    ...(suspects === 'warn' ? {} : { suspects }),
    rules: rules.map(writtenRule),
    ...(regions.length === 0 ? {} : { regions: regions.map(writtenRegion) }),
  });
  document.commentBefore = HEAD;
  rules.forEach(({ match }, i) => {
    const keyword = 'tag' in match ? describeTag(match.tag)?.keyword : undefined;
    const node = keyword === undefined ? undefined : document.getIn(['rules', i, 'tag'], true);
    if (isScalar(node)) node.comment = ` ${keyword}`;
  });
  return document.toString({ lineWidth: 0 });
}

function writtenRule({ match, action, value }: UserRule): WrittenRule {
  const hex = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, '0');
  const rest = { action, ...(value === undefined ? {} : { value }) };
  if ('tag' in match) return { tag: formatTag(match.tag), ...rest };
  if ('vr' in match) return { vr: match.vr, ...rest };
  const { creator, group, element } = match;
  return { creator, ...(group === undefined ? {} : { group: hex(group, 4) }), ...(element === undefined ? {} : { element: hex(element, 2) }), ...rest };
}
