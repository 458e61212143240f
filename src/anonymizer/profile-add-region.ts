import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { parseProfile } from './profile-file.ts';
import { type WrittenRegion, writtenRegion } from './profile-region.ts';
import type { RegionRule } from './profile.ts';

/**
 * The text of a profile file with a region more; one for the same images is replaced. Whatever else stands there,
 * remarks and all, stays. Regions go black only under Clean Pixel Data, so that option is there afterwards.
 * @throws ProfileFileError where the text has mistakes
 */
export function addRegion(text: string, rule: RegionRule): string {
  parseProfile(text);
  const document: Document = parseDocument(text, { schema: 'failsafe', prettyErrors: false });
  if (!isMap(document.contents)) document.contents = document.createNode({});
  const region = writtenRegion(rule);
  const regions = document.get('regions');
  if (!isSeq(regions) || regions.items.length === 0) document.set('regions', document.createNode([asText(region)]));
  else {
    const same = regions.items.findIndex((item) => isMap(item) && holdsForSame(item.toJS(document) as WrittenRegion, region));
    if (same < 0) regions.add(document.createNode(asText(region)));
    else regions.set(same, document.createNode(asText(region)));
  }
  const options = document.get('options');
  if (!isSeq(options) || options.items.length === 0) document.set('options', document.createNode(['clean-pixel-data']));
  else if (!(options.toJS(document) as string[]).includes('clean-pixel-data')) options.add('clean-pixel-data');
  const added = document.toString({ lineWidth: 0 });
  parseProfile(added);
  return added;
}

function holdsForSame(a: WrittenRegion, b: WrittenRegion): boolean {
  const key = ({ when = {}, series = '' }: WrittenRegion) => JSON.stringify([series, Object.entries(when).map(([keyword, value]) => [keyword, String(value)]).sort()]);
  return key(a) === key(b);
}

/** Every scalar of a profile file is text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)])) : String(value);
}
