import { type InspectRow, inspectRows } from '../anonymizer/inspect.ts';
import { createPlanner } from '../anonymizer/planner.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { systemReason, UsageError } from '../batch/errors.ts';
import { newKey } from '../batch/key-file.ts';
import { withDataSet } from '../batch/open-data-set.ts';
import { openPixelCleaner } from '../batch/pixel-cleaner.ts';
import { parseArguments } from './arguments.ts';
import { chosenLimits } from './chosen-limits.ts';
import { chosenProfile, PIXEL_ARGUMENTS } from './chosen-profile.ts';
import { tableText } from './table.ts';
import type { Terminal } from './terminal.ts';

const OPTIONS = { profile: { type: 'string' }, option: { type: 'string', multiple: true }, json: { type: 'boolean' }, ...PIXEL_ARGUMENTS, limit: { type: 'string', multiple: true } } as const;

/** Columns of a table that goes to no screen; there the sentences at its end are not cut. */
const USUAL_COLUMNS = 160;

/** Rows of a table, whose columns are only as wide as all of them need; `--json` has no end but the file's. */
const MOST_ROWS = 100_000;
/** Characters that are gathered before they are written. */
const BLOCK = 1 << 16;

/** `inspect`: the elements of one file before and after; pseudonyms are those of a key that is made for the look. */
export async function inspect(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals: [path, ...others] } = parseArguments(args, OPTIONS);
  if (path === undefined || others.length > 0) throw new UsageError('Name one file to inspect.');
  const profile = await chosenProfile(values.profile, values.option, values);
  const cleaner = openPixelCleaner(profile);
  const limits = chosenLimits(values.limit);
  try {
    const warnings = withDataSet(path, (dataSet) => {
      const plan = createPlanner(profile, createPseudonyms(newKey()), cleaner).plan(dataSet);
      if (values.json === true) printJson(inspectRows(plan), terminal);
      else printTable(inspectRows(plan), terminal);
      return [...new Set(plan.warnings.map(({ text, args: blanks }) => text.replace(/\{(\d)\}/g, (_, i: string) => blanks[Number(i)] ?? '')))];
    }, { limits });
    for (const warning of warnings) terminal.err(`Note: ${warning}\n`);
    return 0;
  } catch (error) {
    if (error instanceof DicomError) terminal.err(`This file would be refused: ${error.code}: ${error.message}\n`);
    else if (error instanceof Error && 'code' in error) throw new UsageError(`The file cannot be read: ${systemReason(error)}.`);
    else throw error;
    return 1;
  } finally {
    cleaner?.close();
  }
}

/** Row by row, in blocks. */
function printJson(rows: Iterable<InspectRow>, terminal: Terminal): void {
  let block = '[';
  let between = '\n  ';
  for (const row of rows) {
    block += `${between}${JSON.stringify(row)}`;
    between = ',\n  ';
    if (block.length < BLOCK) continue;
    terminal.out(block);
    block = '';
  }
  terminal.out(`${block}\n]\n`);
}

function printTable(rows: Iterable<InspectRow>, terminal: Terminal): void {
  const shown: InspectRow[] = [];
  let more = 0;
  for (const row of rows) if (shown.length < MOST_ROWS) shown.push(row); else more += 1;
  terminal.out(table(shown, terminal.columns));
  if (more > 0) terminal.err(`and ${more} more rows; --json has them all\n`);
}

function table(rows: readonly InspectRow[], columns: number | undefined): string {
  // Tag, VR, arrow and gaps are as wide as they are; the rest is shared out.
  const room = Math.max(80, (columns ?? USUAL_COLUMNS) - 40);
  const value = Math.floor(room * 0.24);
  return tableText(
    [{ title: 'Tag', max: 24 }, { title: 'Name', max: Math.floor(room * 0.24) }, { title: 'VR' }, { title: 'Before', max: value }, { title: '→' }, { title: 'After', max: value }, columns === undefined ? { title: 'Why' } : { title: 'Why', max: Math.max(40, Math.floor(room * 0.28)) }],
    rows.map(({ tag, depth, name, vr, before, after, action, why, needsAttention }) => (
      [`${' '.repeat(Math.min(depth, 6))}${tag}`, name, vr, before, '→', after, `${needsAttention ? '! ' : ''}${action}: ${why}`]
    )),
  );
}
