import type { FileReport, FileReports, Report } from '../anonymizer/report.ts';

const COLUMNS = ['input', 'output', 'status', 'reason', 'verified', 'warnings'] as const;

/** The files of a report as CSV (RFC 4180, UTF-8): a line of names, then a line for each file. */
export function* csvReport({ files }: Report<FileReports>): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const file of files) yield `${COLUMNS.map((column) => csvCell(textOf(file, column))).join(',')}\r\n`;
}

function textOf(file: FileReport, column: (typeof COLUMNS)[number]): string {
  switch (column) {
    case 'verified': return file.verified === undefined ? '' : file.verified ? 'yes' : 'no';
    case 'warnings': return (file.warnings ?? []).join('; ');
    default: return file[column] ?? '';
  }
}

/** A spreadsheet would run a cell that begins so as a formula; an apostrophe before it makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
