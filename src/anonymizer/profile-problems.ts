import type { SchemaError } from './data/profile-check.js';
import { OPTION_NAMES, PIXEL_CHOICES, RULE_ACTIONS } from './profile.ts';

/** Keys and indices from the top of a profile file to a value. */
export type ProfilePath = readonly (string | number)[];

/** What is wrong at a place of a profile file; `message` goes on after the place: `must be …`. */
export interface FoundProblem {
  readonly path: ProfilePath;
  readonly message: string;
}

/** What each key takes. */
const EXPECTED: Readonly<Record<string, string>> = {
  name: 'must be a text of at most 100 characters',
  options: 'must be a list of options',
  descriptors: 'must be clean or remove',
  rules: 'must be a list of rules',
  tag: 'must be a tag, such as "0010,0010"',
  keyword: 'must be a keyword of PS3.6, such as PatientName',
  creator: 'must be a Private Creator: a text of at most 64 characters without backslash',
  group: 'must be an odd group of four hexadecimal digits, such as "0019"',
  element: 'must be the low byte of an element as two hexadecimal digits, such as "23"',
  vr: 'must be a Value Representation, such as PN',
  action: `must be one of ${RULE_ACTIONS.join(', ')}`,
  value: 'must be a text of at most 1024 ASCII characters',
  pixels: `must be one of ${PIXEL_CHOICES.join(', ')}`,
  suspects: 'must be warn or refuse',
  regions: 'must be a list of regions',
  when: 'must be conditions: keywords of PS3.6 and the values that they must have',
  series: 'must be the digest of a series, twelve hexadecimal digits, as the tags editor writes it',
  boxes: 'must be a list of boxes, at least one',
  keep: 'must be a list of boxes, at least one',
  reason: 'must be a text of at most 100 characters',
  x: 'must be a whole number of pixels',
  y: 'must be a whole number of pixels',
  width: 'must be a whole number of pixels from 1',
  height: 'must be a whole number of pixels from 1',
  frames: 'must be a list of numbers of frames, from 1',
};

const MATCHES = 'tag, keyword, creator, vr';
const TOP_KEYS = 'name, options, descriptors, rules, pixels, regions, suspects';
const RULE_KEYS = `${MATCHES}, group, element, action, value`;
const REGION_KEYS = 'when, series, boxes, keep, reason';
const BOX_KEYS = 'x, y, width, height, frames';

/** The keys that are allowed at a place. */
function keysAt([top, , inside]: ProfilePath): string {
  if (top === undefined) return TOP_KEYS;
  return top !== 'regions' ? RULE_KEYS : inside === 'boxes' || inside === 'keep' ? BOX_KEYS : REGION_KEYS;
}

/** Sentences for what the schema refuses, in the order of the file and each once. */
export function problemsOf(errors: readonly SchemaError[]): FoundProblem[] {
  const problems = new Map<string, FoundProblem>();
  // What has the wrong type altogether fails other checks too, which say less.
  for (const error of [...errors].sort((a, b) => Number(b.keyword === 'type') - Number(a.keyword === 'type'))) {
    const problem = problemOf(error);
    if (problem !== undefined && !problems.has(problem.path.join('/'))) problems.set(problem.path.join('/'), problem);
  }
  return [...problems.values()];
}

/** Undefined for an error that only repeats another. */
function problemOf({ instancePath, schemaPath, keyword, params }: SchemaError): FoundProblem | undefined {
  const path = instancePath.split('/').slice(1).map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
  const isOption = path[0] === 'options' && path.length === 2;
  switch (keyword) {
    case 'if': return undefined;
    case 'additionalProperties': return { path: [...path, String(params.additionalProperty)], message: `is unknown; allowed here: ${keysAt(path)}` };
    case 'anyOf': return typeof path.at(-1) === 'number' && path.length === 2 ? { path, message: schemaPath.includes('/allOf/1/') ? 'needs boxes or keep: what goes black, and what stays' : 'needs when or series: which images it holds for' } : { path, message: expectedAt(path) };
    case 'required': return /\/(oneOf|anyOf)\//.test(schemaPath) ? undefined : { path, message: path[0] === 'regions' ? `lacks ${String(params.missingProperty)}` : `lacks an action: ${RULE_ACTIONS.join(', ')}` };
    case 'oneOf': return isOption ? { path, message: `is no option; the options are ${OPTION_NAMES.join(', ')}` } : { path, message: `must have exactly one of ${MATCHES}` };
    case 'dependencies': return { path: [...path, String(params.property)], message: 'goes with creator alone' };
    case 'const': return isOption ? undefined : { path: [...path.slice(0, -1), 'value'], message: 'goes with the action replace alone' };
    default: return { path, message: isOption ? `is no option; the options are ${OPTION_NAMES.join(', ')}` : expectedAt(path) };
  }
}

function expectedAt(path: ProfilePath): string {
  const last = path.at(-1);
  if (last === undefined) return `must be a list of keys: ${TOP_KEYS}`;
  if (path[0] === 'regions' && path[2] === 'when' && path.length === 4) return 'must be a value: a text of at most 256 characters';
  if (typeof last === 'number') {
    if (path[0] !== 'regions') return `must be a rule with the keys ${RULE_KEYS}`;
    return path[4] === 'frames' ? 'must be the number of a frame, from 1' : path.length === 2 ? `must be a region with the keys ${REGION_KEYS}` : `must be a box with the keys ${BOX_KEYS}`;
  }
  return EXPECTED[last] ?? 'is not allowed';
}
