import { summarySentence, timeSentence } from '../batch/report-sentences.ts';
import { mergeReports, readReports } from '../batch/report-merge.ts';
import { checkReportPath, tryToWriteReport } from '../batch/report-write.ts';
import { UsageError } from '../batch/errors.ts';
import { parseArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible-text.ts';

/** `report merge`: one report of several; exit code 0 where every file was written by one of the runs. */
export async function report(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values: { output }, positionals: [verb, ...paths] } = parseArguments(args, { output: { type: 'string' } });
  if (verb !== 'merge') throw new UsageError('The one thing to do with reports is: report merge <reports>... --output FILE.');
  if (paths.length === 0) throw new UsageError('Name at least one report.');
  if (output === undefined) throw new UsageError('Name the report to write with --output FILE.');
  checkReportPath(output);
  const merged = mergeReports(readReports(paths, output), output);
  const outcome = await tryToWriteReport(output, merged);
  if ('problem' in outcome) {
    terminal.err(`${outcome.problem}\n`);
    return 1;
  }
  terminal.out(`${summarySentence(merged)}\nReport: ${visible(outcome.path)}\n${timeSentence(merged)}\n`);
  return merged.summary.written === merged.files.length ? 0 : 1;
}
