import { UsageError } from './errors.ts';

/** One of several runs that share the work; every file belongs to exactly one. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/**
 * `I/N`, I from 1 to N.
 * @throws UsageError for any other text
 */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const shard = { index: Number(match?.[1]), count: Number(match?.[2]) };
  if (match === null || shard.index < 1 || shard.index > shard.count) throw new UsageError('A shard is written I/N, with I from 1 to N.');
  return shard;
}

/**
 * The shard that a Slurm job array (any first index and step) or a Kubernetes indexed job asks for; undefined outside
 * of both.
 * @throws UsageError where the environment names a task but not how many there are
 */
export function shardOfEnvironment(env: Readonly<Record<string, string | undefined>>): Shard | undefined {
  const number = (name: string, otherwise: number) => (/^\d+$/.test(env[name] ?? '') ? Number(env[name]) : otherwise);
  if (env.SLURM_ARRAY_TASK_ID !== undefined) {
    const step = number('SLURM_ARRAY_TASK_STEP', 1) || 1;
    const index = (number('SLURM_ARRAY_TASK_ID', 0) - number('SLURM_ARRAY_TASK_MIN', 0)) / step + 1;
    return checked(index, number('SLURM_ARRAY_TASK_COUNT', 0), 'SLURM_ARRAY_TASK_COUNT');
  }
  if (env.JOB_COMPLETION_INDEX !== undefined) {
    return checked(number('JOB_COMPLETION_INDEX', 0) + 1, number('JOB_COMPLETIONS', 0), 'JOB_COMPLETIONS');
  }
  return undefined;
}

function checked(index: number, count: number, name: string): Shard {
  if (count < 1 || !Number.isInteger(index) || index < 1 || index > count) {
    throw new UsageError(`This runs as a task of an array, but ${name} does not say of how many. Give --shard I/N.`);
  }
  return { index, count };
}

/** Whether a file belongs to the shard, by a hash of its relative path (FNV-1a, with a final mix for small counts). */
export function isInShard({ index, count }: Shard, relative: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < relative.length; i++) hash = Math.imul(hash ^ relative.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) % count === index - 1;
}

/** Begins the names of what belongs to one shard alone: journal, lock, temporary files. */
export function shardName(shard: Shard | undefined): string {
  return shard === undefined ? '' : `shard-${shard.index}-of-${shard.count}`;
}
