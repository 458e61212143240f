import { parseOptions, type AttributeRow } from './attribute-table.ts';
import { SR_CONCEPTS } from './data/sr-concepts.ts';

interface Concepts {
  readonly byCode: ReadonlyMap<string, AttributeRow>;
  readonly byMeaning: ReadonlyMap<string, AttributeRow>;
}

let concepts: Concepts | undefined;

/** Schemes that SNOMED CT replaced (PS3.16 8): their codes differ, their meanings do not. */
const OLD_SNOMED = new Set(['SRT', 'SNM3', '99SDM']);

/**
 * The row of Table E.3.4-1 for a content item (PS3.15 E.3.4), by its Concept Name and Value Type.
 * @returns undefined where the table does not list the concept: its attributes are judged one by one
 */
export function conceptRow(scheme: string, code: string, meaning: string, valueType: string): AttributeRow | undefined {
  concepts ??= parseConcepts();
  const { byCode, byMeaning } = concepts;
  const known = `${scheme.toUpperCase()}\t${code.toUpperCase()}`;
  return byCode.get(`${known}\t${valueType.toUpperCase()}`) ?? byCode.get(known)
    ?? (OLD_SNOMED.has(scheme.toUpperCase()) ? byMeaning.get(meaning.toLowerCase()) : undefined);
}

function parseConcepts(): Concepts {
  const byCode = new Map<string, AttributeRow>();
  const byMeaning = new Map<string, AttributeRow>();
  for (const line of SR_CONCEPTS.trim().split('\n')) {
    const [scheme, code, valueType, basic, options, meaning] = line.split('\t');
    const row: AttributeRow = { basic, options: parseOptions(options.split(' ')), table: 'E.1-1' };
    const known = `${scheme.toUpperCase()}\t${code.toUpperCase()}`;
    byCode.set(`${known}\t${valueType}`, row);
    byCode.set(known, row);
    if (scheme === 'SCT') byMeaning.set(meaning.toLowerCase(), row);
  }
  return { byCode, byMeaning };
}
