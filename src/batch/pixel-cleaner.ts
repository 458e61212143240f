import { createPixelCleaner, type PixelCleaner, pixelChoices } from '../anonymizer/pixels/cleaner.ts';
import type { Profile } from '../anonymizer/profile.ts';
import { loadFrameCodecs } from '../codecs/load.ts';
import { createTextReader } from '../ocr/text-reader.ts';

/** Cleans the pixels of the files that one thread handles. */
export interface ThreadCleaner extends PixelCleaner {
  /** Ends the reader's own thread. */
  close(): void;
}

/**
 * The cleaner that a profile asks for, with what it remembers of a series; undefined without Clean Pixel Data. Codecs
 * and the reader of text are loaded by the first frame and the first line that need them. Reading makes the thread wait.
 * @param explains whether lines are read that go anyway, for whoever looks at the reasons
 */
export function openPixelCleaner(profile: Profile, explains = false): ThreadCleaner | undefined {
  const choices = pixelChoices(profile);
  if (choices === undefined) return undefined;
  const reader = createTextReader();
  return { ...createPixelCleaner({ ...choices, explains }, { codecs: loadFrameCodecs(), reader }), close: () => reader.close() };
}
