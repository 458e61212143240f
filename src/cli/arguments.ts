import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../batch/errors.ts';

/**
 * Arguments by node's own rules.
 * @throws UsageError with one sentence for what is unknown, or lacks its value
 */
export function parseArguments<T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`${error.message.split(/\.\s|\n/)[0].replace(/\.$/, '')}.`);
    throw error;
  }
}

/** A whole number from 1. */
export function positiveNumber(text: string, option: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new UsageError(`${option} takes a whole number from 1, such as ${option} 4.`);
  return number;
}
