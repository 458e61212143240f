import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import type { Result } from './pipeline.ts';
import type { LeakFile } from './planted.ts';

/** Where `npm run build` leaves the command line, from the folder of the project. */
const PROGRAM = resolve('dist/cli.js');

interface ReportedFile {
  readonly input: string;
  readonly output?: string;
  readonly status: string;
  readonly reason?: string;
}

/**
 * De-identifies the files by the command line, from a folder whose names identify too into another, and reads back
 * what it wrote and reported. Each file's share of the report is without its input, which is the operator's own; what
 * is left of the report, and what was printed but for names of inputs, goes with the first.
 */
export function runCommandLine(files: readonly LeakFile[], options: readonly OptionName[], program = PROGRAM): (file: LeakFile) => Result {
  const folder = mkdtempSync(join(tmpdir(), 'dicom-anonymizer-leaks-'));
  try {
    const [input, output, report] = ['in', 'out', 'report.json'].map((name) => join(folder, name));
    for (const { name, bytes } of files) {
      mkdirSync(dirname(join(input, name)), { recursive: true });
      writeFileSync(join(input, name), bytes);
    }
    const asked = options.flatMap((option) => ['--option', option]);
    const { stdout, stderr } = spawnSync(process.execPath, [program, 'anonymize', input, '--output', output, '--report', report, ...asked], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const { files: reported, ...rest } = JSON.parse(readFileSync(report, 'utf8')) as { files: readonly ReportedFile[] };
    const printed = reported.reduce((text, each) => text.replaceAll(each.input, ''), stdout + stderr);
    const results = new Map<string, Result>();
    for (const each of reported) {
      const { input: _, ...told } = each;
      const path = join(output, each.output ?? '-');
      const general = results.size === 0 ? JSON.stringify(rest) + printed : '';
      results.set(each.input, {
        bytes: each.status === 'written' && existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined,
        output: each.output ?? '', told: JSON.stringify(told) + general, refusal: each.reason ?? each.status,
      });
    }
    return ({ name }) => results.get(join(input, name)) ?? { bytes: undefined, output: '', told: '', refusal: 'not reported' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
