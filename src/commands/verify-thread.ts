import { parentPort } from 'node:worker_threads';
import { systemReason, UsageError } from '../batch/errors.ts';
import { type Finding, verifyFiles } from '../batch/verify-files.ts';
import { describeTag } from '../anonymizer/dicom/dictionary-names.ts';
import { type Failure, serve } from '../views/thread-calls.ts';

/** A file that still identifies, or could not be judged. */
export interface Suspect {
  readonly path: string;
  readonly outcome: 'identifying' | 'unchecked';
  readonly findings: readonly (Finding & { readonly name: string })[];
  readonly reason?: string | undefined;
}

export interface Verified {
  readonly clean: number;
  readonly identifying: number;
  readonly unchecked: number;
  readonly isCancelled: boolean;
  readonly suspects: readonly Suspect[];
}

/** Files and findings that are handed on; the numbers count all. */
const SUSPECTS = 1000;
const FINDINGS = 50;
/** Milliseconds between two looks at what else was asked. */
const PAUSE = 50;

let done = 0;
let isCancelled = false;

const calls = {
  async verify({ inputs }: { inputs: readonly string[] }): Promise<Verified> {
    const counts = { clean: 0, identifying: 0, unchecked: 0 };
    const suspects: Suspect[] = [];
    let looked = performance.now();
    for (const { path, outcome, findings, reason } of verifyFiles({ inputs })) {
      counts[outcome] += 1;
      done += 1;
      if (outcome !== 'clean' && suspects.length < SUSPECTS) {
        suspects.push({ path, outcome, reason, findings: findings.slice(0, FINDINGS).map((finding) => ({ ...finding, name: finding.tag === undefined ? '' : describeTag(finding.tag)?.name ?? '' })) });
      }
      if (performance.now() - looked > PAUSE) {
        await new Promise((resolve) => { setImmediate(resolve); });
        looked = performance.now();
      }
      if (isCancelled) break;
    }
    return { ...counts, isCancelled, suspects };
  },
  progress(_: undefined): number {
    return done;
  },
  cancel(_: undefined): void {
    isCancelled = true;
  },
};

export type VerifyCalls = typeof calls;

function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { name: error.name, text: error.message };
  if (error instanceof Error && 'code' in error) return { name: 'SystemError', code: String(error.code), text: systemReason(error) };
  return { name: error instanceof Error ? error.name : 'Error', code: 'internal', text: '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
