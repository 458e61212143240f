import type { Report } from '../anonymizer/report.ts';

/**
 * The report as JSON, a line for each file and each count: as easy to read as to search with line tools. In pieces,
 * since the report of a million files is longer than a string may be.
 */
export function* jsonReport({ actions, files, ...head }: Report): Generator<string> {
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "actions": [`;
  yield* lines(actions);
  yield '],\n  "files": [';
  yield* lines(files);
  yield ']\n}\n';
}

function* lines(rows: readonly unknown[]): Generator<string> {
  for (let i = 0; i < rows.length; i++) yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(rows[i])}`;
  if (rows.length > 0) yield '\n  ';
}
