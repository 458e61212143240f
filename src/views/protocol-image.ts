/** What the image pane and the contact sheet say to the host and hear from it. Types alone, as in `protocol.ts`. */

/** A rectangle in pixels of the stored frame. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a region comes from; only text that shows no value of the patient, and what was drawn, can be changed. */
export type RegionKind = 'device' | 'ultrasound' | 'profile' | 'text' | 'identifying' | 'drawn';

/** A region that will be black, or text that stays. */
export interface RegionView extends Box {
  readonly kind: RegionKind;
  /** Why, in the language of the person; never what was read. */
  readonly note: string;
  /** Text that the chosen mode leaves. */
  readonly isLeft: boolean;
}

/** What a person has changed of the regions of an image. */
export interface RegionEdits {
  readonly drawn: readonly Box[];
  /** Places where text that was found stays, unless it shows a value of the patient. */
  readonly kept: readonly Box[];
  readonly scope: 'image' | 'series';
}

/** How far looking at a frame is: by the header alone, for text, reading it; or Clean Pixel Data is off. */
export type LookStage = 'off' | 'known' | 'found' | 'read';

/** From the image pane to the host. */
export type ImageToHost =
  | { readonly type: 'frame'; readonly frame: number; /** Black in the frame that comes back. */ readonly black?: readonly Box[] | undefined }
  | { readonly type: 'regions'; readonly frame: number }
  | { readonly type: 'edit'; readonly edits: RegionEdits }
  | { readonly type: 'saveRegions' };

/** From the host to the image pane. */
export type HostToImage =
  | { readonly type: 'regions'; readonly frame: number; readonly stage: LookStage; readonly regions: readonly RegionView[]; readonly edits: RegionEdits; readonly problem?: string | undefined };

/** One series on the contact sheet. */
export interface SheetSeries {
  /** Names of folder and file alone, never a value. */
  readonly label: string;
  readonly files: number;
}

/** From the contact sheet to the host. */
export type SheetToHost =
  | { readonly type: 'ready' }
  /** The series that are seen, first of all. */
  | { readonly type: 'want'; readonly from: number; readonly count: number }
  | { readonly type: 'open'; readonly index: number }
  | { readonly type: 'stop' };

/** From the host to the contact sheet. */
export type HostToSheet =
  | { readonly type: 'texts'; readonly texts: Readonly<Record<string, string>>; readonly locale: string }
  | { readonly type: 'scanning'; readonly files: number }
  | { readonly type: 'series'; readonly series: readonly SheetSeries[]; readonly isStopped: boolean }
  | { readonly type: 'tile'; readonly index: number; readonly width: number; readonly height: number; /** Grey, one byte a pixel. */ readonly bytes: Uint8Array; /** Images that are not in it, since they cannot be decoded. */ readonly missing: number }
  | { readonly type: 'noTile'; readonly index: number; readonly text: string }
  | { readonly type: 'stopped' };
