import { OPTION_NAMES, type OptionName } from '../../src/anonymizer/profile.ts';

/** Options that work. */
const WORKING = OPTION_NAMES.filter((name) => name !== 'clean-recognizable-visual-features');

/** The Basic Profile, and each option alone. */
export const SINGLE_RUNS: readonly (readonly OptionName[])[] = [[], ...WORKING.map((name) => [name])];

/** The combinations that are usual in research: for sharing, for longitudinal studies, for a registry of one's own, all. */
export const COMBINED_RUNS: readonly (readonly OptionName[])[] = [
  ['retain-safe-private', 'clean-descriptors'],
  ['retain-longitudinal-modified-dates', 'clean-descriptors', 'retain-safe-private'],
  ['retain-longitudinal-modified-dates', 'clean-descriptors', 'clean-structured-content', 'clean-graphics', 'retain-safe-private', 'retain-patient-characteristics'],
  ['retain-longitudinal-full-dates', 'retain-patient-characteristics', 'clean-descriptors'],
  ['retain-uids', 'retain-device-identity', 'retain-institution-identity', 'retain-longitudinal-full-dates', 'retain-patient-characteristics'],
  WORKING.filter((name) => name !== 'retain-longitudinal-modified-dates'),
  WORKING.filter((name) => name !== 'retain-longitudinal-full-dates'),
];
