import { LIMIT_NAMES, type Limits, withLimits } from '../anonymizer/dicom/limits.ts';
import { UsageError } from '../batch/errors.ts';

/**
 * The limits on what one file may cost, with those that `--limit NAME=N` names in their place.
 * @throws UsageError for what is no limit or no number for it
 */
export function chosenLimits(given: readonly string[] = []): Limits {
  const changes = given.map((text): [string, number] => {
    const [, name, number] = /^([A-Za-z]+)=(\d{1,10})$/.exec(text) ?? [];
    if (name === undefined) throw new UsageError(`--limit takes a name and a number, such as --limit ${LIMIT_NAMES[0]}=2000000.`);
    return [name, Number(number)];
  });
  try {
    return withLimits(Object.fromEntries(changes));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
