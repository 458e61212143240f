import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/anonymizer/report.ts';
import { treeOf } from './tree.ts';

/** What one kill showed. */
export interface Killed {
  /** Milliseconds from the start of the program. */
  readonly after: number;
  /** Files under a final name at that moment. */
  readonly finished: number;
  /** What was wrong; empty where all held. */
  readonly faults: readonly string[];
}

/**
 * Runs the program, kills it without warning after `after` ms, and resumes it. What must hold: every file under a final
 * name is whole, the resumed run completes the tree that an undisturbed run writes, and its report counts every
 * file once.
 * @param expected the tree of the undisturbed run
 */
export async function killAndResume(program: string, folder: string, expected: ReadonlyMap<string, string>, after: number): Promise<Killed> {
  const output = join(folder, 'killed');
  const args = [program, 'anonymize', join(folder, 'source'), '--output', output, '--key-file', join(folder, 'key'), '--workers', '2'];
  await start(args, after);
  const faults: string[] = [];
  const atKill = existsSync(output) ? treeOf(output) : new Map<string, string>();
  const finished = [...atKill].filter(([path]) => !path.endsWith('.partial'));
  for (const [path, digest] of finished) if (expected.get(path) !== digest) faults.push('a file under a final name is not whole');
  const report = join(folder, 'killed-report.json');
  const code = await start([...args, '--resume', '--report', report]);
  if (code !== 0) faults.push(`the resumed run ended with ${code}`);
  else {
    const after = treeOf(output);
    if (after.size !== expected.size || [...expected].some(([path, digest]) => after.get(path) !== digest)) faults.push('the resumed run left another tree');
    const { files, summary } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    if (new Set(files.map(({ input }) => input)).size !== expected.size || summary.written !== expected.size) faults.push('the report does not count every file once');
  }
  for (const path of [output, `${output}.journal`, `${output}.lock`, `${output}.report.json`, report]) rmSync(path, { recursive: true, force: true });
  return { after, finished: finished.length, faults };
}

/** Exit code of the program; -1 where it was killed. */
export function start(args: readonly string[], killAfter?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', process.env.KILL_TEST_LOG === undefined ? 'ignore' : 'inherit'] });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? -1);
    });
  });
}
