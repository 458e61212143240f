import type { FileReports, Report } from '../anonymizer/report.ts';

/**
 * The report as JSON, a line for each file and each count: as easy to read as to search with line tools. In pieces,
 * since the report of a million files is longer than a string may be.
 */
export function* jsonReport({ actions, files, ...head }: Report<FileReports>): Generator<string> {
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "actions": [`;
  yield* lines(jsonOf(actions));
  yield '],\n  "files": [';
  yield* lines(files.lines?.() ?? jsonOf(files));
  yield ']\n}\n';
}

function* jsonOf(rows: Iterable<unknown>): Generator<string> {
  for (const row of rows) yield JSON.stringify(row);
}

function* lines(rows: Iterable<string>): Generator<string> {
  let isFirst = true;
  for (const row of rows) {
    yield `${isFirst ? '' : ','}\n    ${row}`;
    isFirst = false;
  }
  if (!isFirst) yield '\n  ';
}
