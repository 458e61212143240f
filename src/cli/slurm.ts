import { resolve } from 'node:path';
import { UsageError } from '../batch/errors.ts';
import { readOrMakeKey } from '../batch/key-file.ts';
import { checkPlaces } from '../batch/output-folder.ts';
import { checkReportPath, defaultReportPath } from '../batch/report-write.ts';
import { prepareSlurm } from '../batch/slurm.ts';
import { parseArguments, positiveNumber } from './arguments.ts';
import { chosenLimits } from './chosen-limits.ts';
import { chosenManifest, MANIFEST_ARGUMENTS } from './chosen-manifest.ts';
import { chosenProfile, PIXEL_ARGUMENTS } from './chosen-profile.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible-text.ts';

const OPTIONS = {
  output: { type: 'string' }, profile: { type: 'string' }, option: { type: 'string', multiple: true }, 'key-file': { type: 'string' },
  layout: { type: 'string' }, report: { type: 'string' }, tasks: { type: 'string' }, 'at-once': { type: 'string' }, cores: { type: 'string' },
  'no-verify': { type: 'boolean' }, ...PIXEL_ARGUMENTS, limit: { type: 'string', multiple: true }, timeout: { type: 'string' }, ...MANIFEST_ARGUMENTS,
} as const;

/** `slurm`: prepares a job array that de-identifies the inputs, and says how to submit it. */
export async function slurm(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals: inputs } = parseArguments(args, OPTIONS);
  const { output, profile, option = [], layout, 'key-file': keyFile } = values;
  if (inputs.length === 0) throw new UsageError('Name at least one file or folder.');
  if (output === undefined || output === '') throw new UsageError('Name the output folder with --output DIR.');
  if (keyFile === undefined) throw new UsageError('Name the key file with --key-file FILE: it is what the tasks share.');
  if (layout !== undefined && layout !== 'uid' && layout !== 'mirror') throw new UsageError('--layout is uid or mirror.');
  const tasks = positiveNumber(values.tasks ?? '8', '--tasks');
  const report = values.report ?? defaultReportPath(output);
  checkReportPath(report);
  // Told now, and not by every task: what is wrong with the profile, and a key that all of them would make.
  await chosenProfile(profile, option, values);
  checkPlaces({ inputs, output, keyFile, mayHoldFiles: false });
  readOrMakeKey(keyFile);
  chosenLimits(values.limit);
  if (values.timeout !== undefined) positiveNumber(values.timeout, '--timeout');
  await chosenManifest(values, output, false);
  const job = prepareSlurm({
    inputs, output, keyFile, report, tasks, atOnce: positiveNumber(values['at-once'] ?? String(tasks), '--at-once'),
    cores: positiveNumber(values.cores ?? '1', '--cores'), command: [process.execPath, resolve(process.argv[1])],
    options: [
      ...(profile === undefined ? [] : ['--profile', resolve(profile)]), ...option.flatMap((name) => ['--option', name]),
      ...(layout === undefined ? [] : ['--layout', layout]), ...(values['no-verify'] === true ? ['--no-verify'] : []),
      ...(values.pixels === undefined ? [] : ['--pixels', values.pixels]), ...(values['refuse-suspects'] === true ? ['--refuse-suspects'] : []),
      ...(values.limit ?? []).flatMap((limit) => ['--limit', limit]),
      ...(values.timeout === undefined ? [] : ['--timeout', values.timeout]),
      ...(values.digests === undefined ? [] : ['--digests', values.digests]), ...(values['no-manifest'] === true ? ['--no-manifest'] : []),
      ...(values['sign-key'] === undefined ? [] : ['--sign-key', resolve(values['sign-key'])]),
    ],
  });
  const files = job.filesOfTasks.reduce((sum, count) => sum + count, 0);
  terminal.out(`${files} files in ${tasks} tasks. Look at the scripts in ${visible(job.folder)}, then submit them:\nsh ${visible(job.script)}\n`);
  return 0;
}
