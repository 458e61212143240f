import type { Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';

/** One of the options of PS3.15 E.3: its letter in the data files, its code in CID 7050 and its section. */
interface OptionFacts {
  readonly letter: string;
  readonly code: string;
  readonly section: string;
  readonly title: string;
}

export const OPTIONS = {
  'retain-safe-private': { letter: 'S', code: '113111', section: 'E.3.10', title: 'Retain Safe Private' },
  'retain-uids': { letter: 'U', code: '113110', section: 'E.3.9', title: 'Retain UIDs' },
  'retain-device-identity': { letter: 'D', code: '113109', section: 'E.3.8', title: 'Retain Device Identity' },
  'retain-institution-identity': { letter: 'I', code: '113112', section: 'E.3.11', title: 'Retain Institution Identity' },
  'retain-patient-characteristics': { letter: 'P', code: '113108', section: 'E.3.7', title: 'Retain Patient Characteristics' },
  'retain-longitudinal-full-dates': { letter: 'F', code: '113106', section: 'E.3.6', title: 'Retain Longitudinal Temporal Information with Full Dates' },
  'retain-longitudinal-modified-dates': { letter: 'M', code: '113107', section: 'E.3.6', title: 'Retain Longitudinal Temporal Information with Modified Dates' },
  'clean-descriptors': { letter: 'C', code: '113105', section: 'E.3.5', title: 'Clean Descriptors' },
  'clean-structured-content': { letter: 'T', code: '113104', section: 'E.3.4', title: 'Clean Structured Content' },
  'clean-graphics': { letter: 'G', code: '113103', section: 'E.3.3', title: 'Clean Graphics' },
  'clean-pixel-data': { letter: 'X', code: '113101', section: 'E.3.1', title: 'Clean Pixel Data' },
  'clean-recognizable-visual-features': { letter: 'V', code: '113102', section: 'E.3.2', title: 'Clean Recognizable Visual Features' },
} as const satisfies Record<string, OptionFacts>;

export type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** What a user's own rule does with what it matches. */
export const RULE_ACTIONS = ['keep', 'remove', 'empty', 'replace', 'remap', 'shift', 'clean'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

/** A rule of the user's own. It goes before the standard's; where it asks for less, the plan and the report say so. */
export interface UserRule {
  /** Exactly one way to match. A private element is matched by creator, group and the low byte of its element. */
  readonly match:
    | { readonly tag: Tag }
    | { readonly creator: string; readonly group?: number | undefined; readonly element?: number | undefined }
    | { readonly vr: VR };
  readonly action: RuleAction;
  /** ASCII; for `replace` alone. */
  readonly value?: string | undefined;
}

/**
 * What Clean Pixel Data blacks out (PS3.15 E.3.1): all text that is found, only lines in which a value of the patient is
 * read, or nothing but what devices, ultrasound regions and the user mark; `refuse` does not write an image with any.
 */
export const PIXEL_CHOICES = ['all-text', 'matching-text', 'regions', 'refuse'] as const;
export type PixelChoice = (typeof PIXEL_CHOICES)[number];

/** What becomes of an image that is likely to show who the patient is, and whose pixels are not cleaned. */
export const SUSPECT_CHOICES = ['warn', 'refuse'] as const;
export type SuspectChoice = (typeof SUSPECT_CHOICES)[number];

/** A rectangle to be blacked out, in pixels of the stored frame from its top left. */
export interface DrawnBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Frames that it holds for, from 0; absent for all. */
  readonly frames?: readonly number[] | undefined;
}

/** Regions that the user has drawn, and the images that they hold for: all conditions must be met. */
export interface RegionRule {
  /** Attributes of the top level and the values that they must have; none of them identifies anybody. */
  readonly when: readonly { readonly tag: Tag; readonly value: string }[];
  /** Digest of a Series Instance UID, so that the UID itself stands in no profile. */
  readonly series?: string | undefined;
  readonly boxes: readonly DrawnBox[];
  /** Places where text that is found stays, unless a value of the patient is read in it; none where absent. */
  readonly keep?: readonly DrawnBox[] | undefined;
  /** For people; empty where none was given. */
  readonly reason: string;
}

/** The Basic Application Confidentiality Profile (PS3.15 E.2) with its options and the user's own rules. */
export interface Profile {
  readonly name: string;
  readonly options: ReadonlySet<OptionName>;
  /** With Clean Descriptors: take identifiers out of texts and keep the rest, or take the texts out whole. */
  readonly descriptors: 'clean' | 'remove';
  readonly rules: readonly UserRule[];
  /** For Clean Pixel Data alone. */
  readonly pixels: PixelChoice;
  /** For Clean Pixel Data alone, whatever `pixels` says. */
  readonly regions: readonly RegionRule[];
  readonly suspects: SuspectChoice;
}

/** A profile that cannot be carried out, with a sentence for the person who wrote it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

export interface ProfileChoices {
  readonly name?: string | undefined;
  readonly options?: Iterable<string> | undefined;
  readonly descriptors?: 'clean' | 'remove' | undefined;
  readonly rules?: readonly UserRule[] | undefined;
  readonly pixels?: PixelChoice | undefined;
  readonly regions?: readonly RegionRule[] | undefined;
  readonly suspects?: SuspectChoice | undefined;
}

/**
 * @throws ProfileError for an option that does not exist, does not work yet, or excludes another
 */
export function createProfile({
  name, options = [], descriptors = 'clean', rules = [], pixels = 'all-text', regions = [], suspects = 'warn',
}: ProfileChoices = {}): Profile {
  const chosen = new Set<OptionName>();
  for (const option of options) {
    if (!isOptionName(option)) throw new ProfileError(`There is no option "${option}". The options are: ${OPTION_NAMES.join(', ')}.`);
    if (option === 'clean-recognizable-visual-features') {
      throw new ProfileError(`The option "${option}" does not work yet, so it is refused: nothing would be cleaned.`);
    }
    chosen.add(option);
  }
  if (chosen.has('retain-longitudinal-full-dates') && chosen.has('retain-longitudinal-modified-dates')) {
    throw new ProfileError('The options "retain-longitudinal-full-dates" and "retain-longitudinal-modified-dates" exclude each other.');
  }
  return { name: name ?? 'Basic Application Confidentiality Profile', options: chosen, descriptors, rules, pixels, regions, suspects };
}

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
