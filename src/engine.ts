/** What de-identifies files, the command and its workers, in one bundle, so that what V8 keeps of its code serves both. */
// biome-ignore-start lint/performance/noBarrelFile: one bundle of two parts is what it is for
export { anonymize } from './cli/anonymize.ts';
export { work } from './batch/worker.ts';
// biome-ignore-end lint/performance/noBarrelFile: one bundle of two parts is what it is for
