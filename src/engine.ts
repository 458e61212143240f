/** What de-identifies files, the command and its workers, in one bundle, so that what V8 keeps of its code serves both. */
export { anonymize } from './cli/anonymize.ts';
export { work } from './batch/worker.ts';
