import type { SchemaError } from './data/profile-check.js';
import { OPTION_NAMES, RULE_ACTIONS } from './profile.ts';

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
};

const MATCHES = 'tag, keyword, creator, vr';
const TOP_KEYS = 'name, options, descriptors, rules';
const RULE_KEYS = `${MATCHES}, group, element, action, value`;

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
    case 'additionalProperties': return { path: [...path, String(params.additionalProperty)], message: `is unknown; allowed here: ${path.length === 0 ? TOP_KEYS : RULE_KEYS}` };
    case 'required': return schemaPath.includes('/oneOf/') ? undefined : { path, message: `lacks an action: ${RULE_ACTIONS.join(', ')}` };
    case 'oneOf': return isOption ? { path, message: `is no option; the options are ${OPTION_NAMES.join(', ')}` } : { path, message: `must have exactly one of ${MATCHES}` };
    case 'dependencies': return { path: [...path, String(params.property)], message: 'goes with creator alone' };
    case 'const': return isOption ? undefined : { path: [...path.slice(0, -1), 'value'], message: 'goes with the action replace alone' };
    default: return { path, message: isOption ? `is no option; the options are ${OPTION_NAMES.join(', ')}` : expectedAt(path) };
  }
}

function expectedAt(path: ProfilePath): string {
  const last = path.at(-1);
  if (last === undefined) return `must be a list of keys: ${TOP_KEYS}`;
  if (typeof last === 'number') return `must be a rule with the keys ${RULE_KEYS}`;
  return EXPECTED[last] ?? 'is not allowed';
}
