import { type DataSet, indexOf } from './dicom/data-set.ts';
import { DicomError } from './dicom/errors.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import { byteString, valueBytes } from './dicom/values.ts';
import type { Draft } from './draft.ts';
import { isTellingWidth } from './pixels/device-rules.ts';
import { IMAGE } from './pixels/image.ts';
import { type BurnedInRisk, burnedInRisk } from './pixels/risk.ts';

/** Everything that the risk is judged by: what the rules of devices ask for, and what `burnedInRisk` itself does. */
const JUDGED: ReadonlySet<Tag> = new Set([
  0x00080008, 0x00080016, 0x00080060, 0x00080064, 0x00080070, 0x00080104, 0x00081030, 0x0008103e, 0x00081090, 0x00180015,
  0x00181012, 0x00181016, 0x00181018, 0x00181019, 0x00181030, 0x00186011, 0x00280002, 0x00280010, 0x00280011, 0x00280100,
  0x00280301, IMAGE.WindowWidth, 0x00400310, 0x7fe00010,
]);
/** Longer values are no reason to remember a file. */
const LONGEST = 256;

/** The risk of earlier files, since the slices of a series share all of it; emptied when full. */
const MEMORY = 256;
const known = new Map<string, BurnedInRisk>();

/**
 * A picture that may show who the patient is, and whose pixels were not cleaned, gets a warning (PS3.15 E.3.1).
 * @throws DicomError `unsafe` where the profile refuses such pictures
 */
export function warnOfBurnedIn({ dataSet, warnings, profile, pixels }: Draft): void {
  if (pixels?.plan.isChecked === true) return;
  const risk = riskOf(dataSet);
  if (risk.level !== 'high') return;
  // A document is replaced as a whole, whatever its pages show.
  if (profile.suspects === 'refuse' && indexOf(dataSet, TAG.PixelData) >= 0) throw new DicomError('unsafe', `text may be burned into the picture: ${risk.reasons[0]}`, { tag: TAG.PixelData });
  for (const reason of risk.reasons) warnings.push({ code: 'burned-in-risk', text: `Text may be burned into the picture: ${reason}`, args: [] });
}

function riskOf(dataSet: DataSet): BurnedInRisk {
  const key = keyOf(dataSet);
  const old = key === undefined ? undefined : known.get(key);
  if (old !== undefined) return old;
  const risk = burnedInRisk(dataSet);
  if (known.size >= MEMORY) known.clear();
  if (key !== undefined) known.set(key, risk);
  return risk;
}

/** The judged values of the top level; undefined where one is too long to be remembered. */
function keyOf(dataSet: DataSet): string | undefined {
  const { elements } = dataSet;
  let key = '';
  for (let i = 0; i < elements.length; i = elements[i].next) {
    const element = elements[i];
    const isOverlay = (element.tag & 0xffe1ffff) === 0x60000022;
    if (!isOverlay && !JUDGED.has(element.tag)) continue;
    const isPresence = element.tag === TAG.PixelData || element.vr === 'SQ';
    if (!isPresence && element.length > LONGEST) return undefined;
    const text = isPresence ? '' : byteString(valueBytes(dataSet, element));
    // It may be another in every slice, of which nobody asks.
    key += `${element.tag}=${element.tag === IMAGE.WindowWidth && element.vr === 'DS' && !isTellingWidth(text) ? '' : text}\0`;
  }
  return key;
}
