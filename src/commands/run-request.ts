import type { Chosen } from './choices.ts';

/** What a batch is asked for, once all questions are answered. */
export interface BatchRequest {
  /** Absolute paths of files and folders. */
  readonly inputs: readonly string[];
  readonly chosen: Chosen;
  /** Absolute path; not used by a dry run. */
  readonly output: string;
  readonly isDryRun: boolean;
  /** Goes on with a run that was cancelled. */
  readonly isResume: boolean;
}

/** A run that was cancelled, and can go on with the same answers. */
export const CANCELLED_RUN = 'cancelledRun';
/** The answers of the last batch. */
export const LAST_BATCH = 'lastBatch';
/** Path of the last report that was written. */
export const LAST_REPORT = 'lastReport';
