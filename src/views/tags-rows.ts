import { TAG } from '../anonymizer/dicom/tag.ts';
import { isStringVr, type VR } from '../anonymizer/dicom/vr.ts';
import type { Say } from '../anonymizer/inspect.ts';
import { cell } from './cell-text.ts';
import type { Detail, Outcome, Row } from './protocol.ts';
import type { TagsDocument } from './tags-document.ts';
import type { Shown } from './tags-view.ts';

/** Characters of a value that the details show at first, and when all of it is asked for. */
const FOLDED = 2_000;
const UNFOLDED = 200_000;
/** Bytes of a binary value that its digest covers at most. */
const DIGESTED = 64 << 20;

export function rowOf(document: TagsDocument, { place, isContext, isFolded }: Shown): Row {
  const { depth, tag, name, vr, creator, before, after, action, why, needsAttention } = document.rows[place];
  const isItem = vr === '';
  const id = document.ids[place];
  return {
    id, level: depth, expanded: document.hasChildren(place) ? !isFolded : undefined, tag: isItem ? '' : tag, name, vr, creator,
    before: valueCell(document, id, vr, before, 'before'), after: valueCell(document, id, vr, after, 'after'),
    outcome: action.toLowerCase() as Outcome, why, attention: needsAttention, isContext,
  };
}

/** Of a long text how much is left out, as far as its bytes tell. */
function valueCell(document: TagsDocument, id: number, vr: string, text: string, side: 'before' | 'after'): Row['before'] {
  const isLong = text.length > 4000 && isStringVr(vr as VR);
  return cell(text, isLong ? Math.max(text.length, document.lengthOf(id, side)) : text.length);
}

export function detailOf(document: TagsDocument, id: number, isWhole: boolean, say: Say, digest: (bytes: Uint8Array) => string): Detail {
  const place = document.placeOf(id);
  const { path, tag, name, vr, creator, action, why } = document.rows[place];
  const element = document.elementOf(id);
  const limit = isWhole ? UNFOLDED : FOLDED;
  const side = (which: 'before' | 'after') => {
    const text = document.wholeText(id, which, limit * 4);
    const length = document.lengthOf(id, which);
    return cell(text, isStringVr(vr as VR) && length > limit * 4 ? length : text.length, limit);
  };
  const isBinary = element !== undefined && /^(O[BDFLVW]|UN)$/.test(vr) && element.length > 0;
  return {
    id, tag: vr === '' ? '' : tag, name, path, creator, vr, length: document.lengthOf(id, 'before'), outcome: action.toLowerCase() as Outcome, why,
    warnings: (document.plan?.warnings ?? []).filter((warning) => element !== undefined && warning.tag === element.tag).map(({ text, args }) => say(text, args)),
    before: side('before'), after: side('after'),
    // Of pixels that are too large for it, the digest of nothing would mislead.
    digest: isBinary && element.length <= DIGESTED && element.tag !== TAG.Item ? digest(document.dataSet.source.read(element.valueStart, element.valueEnd)) : undefined,
  };
}

