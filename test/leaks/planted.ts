import type { VR } from '../../src/anonymizer/dicom/vr.ts';
import type { CharacterSet } from './charsets.ts';
import type { Patient } from './people.ts';
import type { Random } from './random.ts';
import type { Concept, TableRow } from './standard.ts';

/** Which words of the standard decide about an element. */
export type Origin =
  /** A row of Table E.1-1. */
  | 'table'
  /** A standard attribute that the table does not list: judged by its VR and its meaning. */
  | 'unlisted'
  /** One of those that identify, though the table lacks them. */
  | 'gap'
  /** A private element of Table E.3.10-1, with its creator. */
  | 'safe-private'
  /** Any other private element, or one without creator. */
  | 'private'
  /** An even tag that PS3.6 does not know. */
  | 'unknown'
  /** Group lengths, command and directory elements: no part of an instance. */
  | 'structure'
  /** A content item of a report, by its concept. */
  | 'concept';

/** What stands in an element. */
export type Content =
  /** A value of its own that stands nowhere else. */
  | 'secret'
  /** A text with the identifiers of its patient in it. */
  | 'sentence'
  /** What identifies nobody and has to be left. */
  | 'benign'
  /** Items. */
  | 'items';

/** An element of a generated file, as the answer key needs to know it. */
export interface Planted {
  /** Tag, number of the Item, tag, …, tag. */
  readonly path: readonly number[];
  readonly vr: VR;
  /** What a report of mistakes calls it: a row, a tag, a creator. Never a value. */
  readonly label: string;
  readonly origin: Origin;
  readonly content: Content;
  readonly row?: TableRow | undefined;
  readonly concept?: Concept | undefined;
  /** Strings that identify. */
  readonly secrets: readonly string[];
  /** Words of a sentence that are to be left where the text is cleaned. */
  readonly benign: readonly string[];
}

/** UIDs that the files of one study share and refer to each other by. */
export interface StudyUids {
  readonly study: string;
  readonly series: readonly string[];
  readonly frameOfReference: string;
  readonly instances: readonly string[];
}

/** What the elements of one file are made from. */
export interface Place {
  readonly random: Random;
  readonly patient: Patient;
  readonly set: CharacterSet;
  readonly uids: StudyUids;
  /** Values that certain tags have at the top level of this file. */
  readonly fixed: ReadonlyMap<number, string>;
  /** The file says its VRs, so that known tags may stand as UN. */
  readonly explicit: boolean;
  /** Sequences may stand as UN: not in big endian, where dicom-parser does not know that what is inside is little endian. */
  readonly unknownSequences: boolean;
}

/** A generated file with its answer key. */
export interface LeakFile {
  /** Relative to the folder of the run, with slashes; holds identifiers too. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sopClass: string;
  readonly syntax: string;
  readonly patient: Patient;
  readonly planted: readonly Planted[];
  /** Identifiers that stand outside Data Elements: preamble, meta, trailing bytes, comments of compressed frames, names. */
  readonly loose: readonly string[];
}
