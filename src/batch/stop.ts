/** Tells all threads of a run at once that it is to stop: between two files, or within a large one. */
export type StopFlag = Int32Array<SharedArrayBuffer>;

/** A file that was not finished since the run stops; nothing of it is left, and nothing is reported of it. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** A flag that is raised when the signal is. */
export function stopFlagOf(signal: AbortSignal | undefined): StopFlag {
  const flag: StopFlag = new Int32Array(new SharedArrayBuffer(4));
  const raise = () => { Atomics.store(flag, 0, 1); };
  if (signal?.aborted === true) raise();
  else signal?.addEventListener('abort', raise, { once: true });
  return flag;
}

export function isRaised(flag: StopFlag | undefined): boolean {
  return flag !== undefined && Atomics.load(flag, 0) !== 0;
}
