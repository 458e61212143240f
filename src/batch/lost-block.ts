import { type Block, type BlockResult, partOf } from './block.ts';

/** What is left of a block when the thread that had it is lost. */
export interface LostBlock {
  /** Of the file that it was at, which failed. */
  readonly result: BlockResult;
  /** To be done again: those before it, since nobody heard what became of them, and those behind it. */
  readonly returned: readonly Block[];
}

/** @param at place in the block of the file that is lost */
export function lostBlock(block: Block, at: number, reason: string): LostBlock {
  const returned = [{ ...partOf(block, 0, at), replace: true }, partOf(block, at + 1)].filter(({ files }) => files.length > 0);
  return { result: failedBlock(partOf(block, at, at + 1), reason), returned };
}

/** Every file of a block failed for one reason, and nothing of it was done. */
export function failedBlock({ first, files }: Block, reason: string): BlockResult {
  return {
    first, reports: files.map(({ path }) => ({ input: path, status: 'failed', reason })), bytes: files.map(() => 0),
    times: { count: 0, mean: 0, standardDeviation: 0 }, actions: new Float64Array(0),
    records: [], tallies: [], keptTallies: [], directory: [], evidence: [], pairs: '',
  };
}
