import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createProfile } from '../../src/anonymizer/profile.ts';
import type { RunRequest } from '../../src/batch/run.ts';
import { testKey } from '../fixtures/deidentify.ts';

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dicom-anonymizer-batch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A run of the Basic Profile with the key of the tests, kept. */
export function requestOf(input: string, output: string, changes: Partial<RunRequest> = {}): RunRequest {
  return {
    inputs: [input], output, profile: createProfile(), key: testKey(), keyIsKept: true, layout: 'uid', verify: true, dryRun: false,
    version: 'test', workers: 1, ...changes,
  };
}
