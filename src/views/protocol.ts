/**
 * The one list of messages between the extension host and the webviews. Types alone: the webviews import nothing else
 * from here, so that no code of the host gets into them.
 */

import type { HostToImage, ImageToHost } from './protocol-image.ts';

/** What happens to an element, as a word for people. */
export type Outcome = 'kept' | 'removed' | 'emptied' | 'replaced' | 'remapped' | 'cleaned' | 'added';

export type Chip = 'all' | 'changed' | 'kept' | 'private' | 'attention';

/** What a person has chosen to see; the webview keeps it over hiding and reloading. */
export interface ViewState {
  readonly query: string;
  readonly chip: Chip;
  /** Identifiers of the rows that are folded. */
  readonly folded: readonly number[];
  /** Path of the profile file; empty for the Basic Profile. */
  readonly profile: string;
  readonly options: readonly string[];
  /** What Clean Pixel Data blacks out, where that option is chosen. */
  readonly pixels?: string | undefined;
}

/** A value as far as a cell shows it. */
export interface CellText {
  /** Control characters and marks that turn the direction of text are spelled out. */
  readonly text: string;
  /** Characters that were left out at the end. */
  readonly more: number;
}

export interface Row {
  /** Stays the same for the same element whatever is searched or chosen. */
  readonly id: number;
  readonly level: number;
  /** Undefined where there is nothing to unfold. */
  readonly expanded?: boolean | undefined;
  /** `(GGGG,EEEE)`; empty for an Item. */
  readonly tag: string;
  readonly name: string;
  readonly vr: string;
  readonly creator?: string | undefined;
  readonly before: CellText;
  readonly after: CellText;
  readonly outcome: Outcome;
  /** The sentence of the standard, in the language of the person. */
  readonly why: string;
  readonly attention: boolean;
  /** Shown only because something inside it was found. */
  readonly isContext: boolean;
}

/** All there is to say about one row. */
export interface Detail {
  readonly id: number;
  readonly tag: string;
  readonly name: string;
  readonly path: string;
  readonly creator?: string | undefined;
  readonly vr: string;
  readonly length: number;
  readonly outcome: Outcome;
  readonly why: string;
  /** Sentences about what a person should look at. */
  readonly warnings: readonly string[];
  readonly before: CellText;
  readonly after: CellText;
  /** SHA-256 of a binary value, in hexadecimal digits; absent for one that is too long. */
  readonly digest?: string | undefined;
}

/** What the header of the editor says of the file. */
export interface FileFacts {
  readonly transferSyntax: string;
  readonly sopClass: string;
  readonly size: number;
  readonly elements: number;
  /** Frames that the image pane can ask for; 0 where there is no image, or only a video. */
  readonly frames: number;
  readonly isVideo: boolean;
  /** Why it cannot be anonymized as things stand; then the After column is empty. */
  readonly refusal?: string | undefined;
  readonly warnings: readonly string[];
}

export interface OptionChoice {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** Not to be switched on yet. */
  readonly disabled: boolean;
}

export interface ProfileChoice {
  readonly path: string;
  readonly title: string;
  readonly options: readonly string[];
  /** What Clean Pixel Data blacks out. */
  readonly pixels: string;
}

/** A way in which Clean Pixel Data chooses what is black. */
export interface PixelModeChoice {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

export interface Choices {
  readonly profiles: readonly ProfileChoice[];
  readonly options: readonly OptionChoice[];
  readonly pixelModes: readonly PixelModeChoice[];
}

export type Counts = Readonly<Record<Chip, number>>;

/** How the samples of an image are to be read; window and level where the file names them. */
export interface FrameImage {
  readonly frame: number;
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  readonly bits: 8 | 16;
  readonly signed: boolean;
  readonly planar: boolean;
  readonly photometric: string;
  readonly center?: number | undefined;
  readonly width?: number | undefined;
  readonly slope: number;
  readonly intercept: number;
  /** Red, green and blue of each entry. */
  readonly palette?: { readonly first: number; readonly colors: Uint8Array } | undefined;
  /** Samples, little endian. */
  readonly bytes: Uint8Array;
  /** It is the frame as it is written, with its regions black. */
  readonly isBlacked: boolean;
}

export type CopyPart = 'before' | 'after' | 'tag' | 'path' | 'row';

/** From the tags editor's webview to the host. */
export type TagsToHost =
  | { readonly type: 'ready'; readonly state?: ViewState | undefined }
  | { readonly type: 'view'; readonly serial: number; readonly state: ViewState; /** The row that has the focus; -1 for none. */ readonly focus: number }
  | { readonly type: 'page'; readonly version: number; readonly from: number; readonly count: number }
  | { readonly type: 'detail'; readonly version: number; readonly id: number; readonly whole: boolean }
  | ImageToHost
  | { readonly type: 'copy'; readonly id: number; readonly part: CopyPart }
  | { readonly type: 'openStandard'; readonly id: number }
  | { readonly type: 'openAsText' }
  | { readonly type: 'retry' }
  | { readonly type: 'browseProfile' };

/** From the host to the tags editor's webview. */
export type HostToTags =
  | { readonly type: 'texts'; readonly texts: Readonly<Record<string, string>>; readonly locale: string }
  | { readonly type: 'opened'; readonly facts: FileFacts; readonly choices: Choices; readonly state: ViewState }
  | { readonly type: 'unreadable'; readonly title: string; readonly text: string }
  | { readonly type: 'view'; readonly serial: number; readonly version: number; readonly total: number; readonly matches: number; readonly counts: Counts; readonly facts: FileFacts; readonly focusIndex: number }
  | { readonly type: 'page'; readonly version: number; readonly from: number; readonly rows: readonly Row[] }
  | { readonly type: 'detail'; readonly version: number; readonly detail: Detail }
  | { readonly type: 'frame'; readonly image: FrameImage }
  | { readonly type: 'noFrame'; readonly frame: number; readonly text: string }
  | HostToImage
  /** Show or focus something, or ask for the view again: the plan has changed. */
  | { readonly type: 'do'; readonly what: 'toggleImage' | 'focusSearch' | 'askAgain' };

/** A bar of the report's charts. */
export interface Bar {
  readonly label: string;
  readonly count: number;
  readonly kind: string;
}

/** The report in the words of the person; nothing here is a value of a source. */
export interface ReportView {
  readonly title: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly outcomes: readonly Bar[];
  readonly actions: readonly Bar[];
  readonly tags: readonly { readonly tag: string; readonly name: string; readonly action: string; readonly count: number }[];
  readonly files: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

export interface ReportFileRow {
  readonly input: string;
  readonly output: string;
  readonly status: 'written' | 'skipped' | 'failed';
  readonly note: string;
}

export type FileFilter = 'all' | 'written' | 'skipped' | 'failed' | 'warned';

/** From the report's webview to the host. */
export type ReportToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'files'; readonly filter: FileFilter; readonly from: number; readonly count: number }
  | { readonly type: 'export'; readonly format: 'json' | 'csv' | 'html' }
  | { readonly type: 'openFile'; readonly index: number; readonly filter: FileFilter }
  | { readonly type: 'openFolder' };

/** From the host to the report's webview. */
export type HostToReport =
  | { readonly type: 'report'; readonly texts: Readonly<Record<string, string>>; readonly locale: string; readonly report: ReportView }
  | { readonly type: 'files'; readonly filter: FileFilter; readonly from: number; readonly total: number; readonly rows: readonly ReportFileRow[] };
