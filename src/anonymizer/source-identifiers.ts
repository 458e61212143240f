import type { DataSet } from './dicom/data-set.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import { byteString } from './dicom/values.ts';
import { isStringVr, type VR } from './dicom/vr.ts';
import { type Identifier, isMoreTelling } from './identifiers.ts';
import { isBulk, isTelling } from './kept-values.ts';
import { createMatcher, type Hit, type Matcher } from './matcher.ts';
import type { Planner } from './planner.ts';
import type { Profile } from './profile.ts';

/** An identifier of the originals that was found in a result, by the attributes it was found in and comes from. */
export interface FoundIdentifier {
  /** Undefined for what is no Data Element: the preamble, and what follows the last one. */
  readonly tag: Tag | undefined;
  readonly from: Tag;
}

const UID = /[0-2](?:\.\d+){2,}/g;

/**
 * What a profile takes out of a set of originals, to be searched for in their results. UIDs, of which there are many
 * and alike, are looked up whole; everything else is searched for in the bytes.
 */
export class SourceIdentifiers {
  private readonly uids = new Map<string, Tag>();
  private readonly others = new Map<string, Identifier>();
  private made: Matcher | undefined;

  constructor(private readonly planner: Planner, private readonly profile: Profile) {}

  /**
   * Adds what the profile takes out of one of the originals.
   * @throws DicomError where it is none that can be planned for
   */
  add(dataSet: DataSet): void {
    for (const identifier of this.planner.plan(dataSet).matcher.identifiers) {
      const { kind, text } = identifier;
      if (kind === 'uid') {
        this.uids.set(text, identifier.tag);
        continue;
      }
      // A number of the patient may look like a date, and both are looked for in their own way.
      const key = kind === 'date' ? `${kind} ${text}` : text;
      const other = this.others.get(key);
      if (other === undefined || isMoreTelling(identifier, other)) this.others.set(key, identifier);
    }
    this.made = undefined;
  }

  get count(): number {
    return this.uids.size + this.others.size;
  }

  /** Searches everything but pixels and other samples. */
  find(dataSet: DataSet): FoundIdentifier[] {
    const matcher = (this.made ??= createMatcher([...this.others.values()]));
    const found: FoundIdentifier[] = [];
    const search = (bytes: Uint8Array, tag: Tag | undefined, vr: VR) => {
      const tells = (hit: Hit) => isTelling(hit, tag ?? 0, vr, bytes, this.profile);
      for (const hit of matcher.find(bytes, 0, bytes.length, tells)) found.push({ tag, from: hit.identifier.tag });
      const isText = isStringVr(vr) || vr === 'UN' || vr === 'OB';
      for (const [uid] of isText ? byteString(bytes).matchAll(UID) : []) {
        const from = this.uids.get(uid);
        if (from !== undefined) found.push({ tag, from });
      }
    };
    const { source, metaSource, meta, elements } = dataSet;
    for (const { tag, vr, valueStart, valueEnd } of meta) search(metaSource.read(valueStart, valueEnd), tag, vr as VR);
    if (meta.length > 0) search(metaSource.read(0, meta[0].start), undefined, 'UN');
    for (const element of elements) {
      const { tag, vr, isItem, valueStart, valueEnd } = element;
      if (!isItem && vr !== 'SQ' && tag !== TAG.PixelData && !isBulk(element)) search(source.read(valueStart, valueEnd), tag, vr as VR);
    }
    search(source.read(dataSet.end, source.size), undefined, 'UN');
    return found;
  }
}
