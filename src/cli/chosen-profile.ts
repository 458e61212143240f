import { readFileSync } from 'node:fs';
import { createProfile, PIXEL_CHOICES, type Profile, type ProfileChoices } from '../anonymizer/profile.ts';
import { systemReason, UsageError } from '../batch/errors.ts';

/**
 * The profile of a profile file with further options, or the Basic Profile with them.
 * @throws UsageError or ProfileError
 */
export async function chosenProfile(file: string | undefined, options: readonly string[] = [], pixels?: PixelArguments): Promise<Profile> {
  const profile = file === undefined ? createProfile({ options }) : await profileOfFile(file, options);
  return pixels === undefined ? profile : createProfile({ ...profile, ...pixelChoices(profile, pixels) });
}

/** What the command line says of pixels, over what the profile says. */
export interface PixelArguments {
  readonly pixels?: string | undefined;
  readonly 'refuse-suspects'?: boolean | undefined;
}

export const PIXEL_ARGUMENTS = { pixels: { type: 'string' }, 'refuse-suspects': { type: 'boolean' } } as const;

function pixelChoices({ options }: Profile, { pixels, 'refuse-suspects': refuses }: PixelArguments): Pick<ProfileChoices, 'pixels' | 'suspects'> {
  const choice = PIXEL_CHOICES.find((name) => name === pixels);
  if (pixels !== undefined && choice === undefined) throw new UsageError(`--pixels is one of ${PIXEL_CHOICES.join(', ')}.`);
  if (pixels !== undefined && !options.has('clean-pixel-data')) throw new UsageError('--pixels says what clean-pixel-data does: give --option clean-pixel-data too.');
  return { ...(choice === undefined ? {} : { pixels: choice }), ...(refuses === true ? { suspects: 'refuse' } : {}) };
}

async function profileOfFile(file: string, options: readonly string[]): Promise<Profile> {
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
