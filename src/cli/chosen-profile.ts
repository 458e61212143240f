import { readFileSync } from 'node:fs';
import { createProfile, type Profile } from '../anonymizer/profile.ts';
import { systemReason, UsageError } from '../batch/errors.ts';

/**
 * The profile of a profile file with further options, or the Basic Profile with them.
 * @throws UsageError or ProfileError
 */
export async function chosenProfile(file: string | undefined, options: readonly string[] = []): Promise<Profile> {
  if (file === undefined) return createProfile({ options });
  if (!/\.(ya?ml|json)$/i.test(file)) throw new UsageError('A profile file ends in .yaml, .yml or .json.');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The profile file cannot be read: ${systemReason(error)}.`);
  }
  const { parseProfile } = await import('../anonymizer/profile-file.ts');
  const profile = parseProfile(text);
  return createProfile({ ...profile, options: [...profile.options, ...options] });
}
