import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createProfile, ProfileError } from './anonymizer/profile.ts';
import type { Report } from './anonymizer/report.ts';
import { UsageError } from './batch/errors.ts';
import { newKey, readOrMakeKey } from './batch/key-file.ts';
import { run } from './batch/run.ts';

declare const VERSION: string;

const USAGE = `dicom-anonymizer anonymize <file or folder>... --output DIR [--profile FILE] [--option NAME]... [--key-file FILE]
                           [--layout uid|mirror] [--report FILE] [--workers N] [--shard I/N] [--dry-run] [--resume] [--no-verify]
`;

function anonymize(args: string[]): number {
  const { values, positionals } = parseArgs({
    args, allowPositionals: true, allowNegative: true,
    options: {
      output: { type: 'string' }, option: { type: 'string', multiple: true }, 'key-file': { type: 'string' },
      layout: { type: 'string', default: 'uid' }, report: { type: 'string' }, 'dry-run': { type: 'boolean', default: false },
      verify: { type: 'boolean', default: true },
    },
  });
  if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
  if (values.output === undefined) throw new UsageError('Name the output folder with --output DIR.');
  if (values.layout !== 'uid' && values.layout !== 'mirror') throw new UsageError('--layout is uid or mirror.');
  const profile = createProfile({ options: values.option ?? [] });
  const keyFile = values['key-file'];
  const report = run({
    inputs: positionals, output: values.output, profile, key: keyFile === undefined ? newKey() : readOrMakeKey(keyFile),
    keyIsKept: keyFile !== undefined, layout: values.layout, verify: values.verify, dryRun: values['dry-run'], version: VERSION,
  });
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(report, null, 1));
  print(report);
  return report.summary.written === report.files.length ? 0 : 1;
}

function print({ summary, timing }: Report): void {
  console.log(`${summary.written} written, ${summary.skipped} skipped, ${summary.failed} failed`);
  console.log(`${timing.perImage.mean.toFixed(3)} ms an image, standard deviation ${timing.perImage.standardDeviation.toFixed(3)} ms; ${(timing.bytesPerSecond / 1e6).toFixed(1)} MB/s`);
}

function main([command, ...args]: string[]): number {
  try {
    if (command === 'anonymize') return anonymize(args);
    process.stderr.write(USAGE);
    return 2;
  } catch (error) {
    if (error instanceof UsageError || error instanceof ProfileError || (error instanceof TypeError && 'code' in error)) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

process.exitCode = main(process.argv.slice(2));
