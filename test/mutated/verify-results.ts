import { readFileSync } from 'node:fs';
import { formatTag } from '../../src/anonymizer/dicom/tag.ts';
import { verifyFiles } from '../../src/batch/verify-files.ts';

/**
 * What the program's own search finds in each result: what its attributes give away, and identifiers of the file that
 * it was made from, as that was before it was damaged; but not those that the damage itself made into something else,
 * so that nobody could know them. Triples as JSON on standard input, a line of JSON for each on standard output.
 */
const triples = JSON.parse(readFileSync(0, 'utf8')) as { readonly result: string; readonly original: string; readonly damaged: string }[];
for (const { result, original, damaged } of triples) {
  const found = findingsIn(result, original);
  const known = found.length === 0 ? found : findingsIn(result, damaged);
  process.stdout.write(`${JSON.stringify(found.filter((finding) => known.includes(finding)))}\n`);
}

function findingsIn(result: string, source: string): string[] {
  return [...verifyFiles({ inputs: [result], source })].flatMap(({ outcome, findings, reason }) => (
    outcome === 'unchecked' ? [`not read: ${reason ?? ''}`] : findings.map(({ tag, text }) => `${tag === undefined ? '' : formatTag(tag)} ${text}`)
  ));
}
