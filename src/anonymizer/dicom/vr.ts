/** Value Representations (PS3.5 Table 6.2-1). The empty string marks an Item, which has none. */
export const VRS = [
  'AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FD', 'FL', 'IS', 'LO', 'LT', 'OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'PN',
  'SH', 'SL', 'SQ', 'SS', 'ST', 'SV', 'TM', 'UC', 'UI', 'UL', 'UN', 'UR', 'US', 'UT', 'UV',
] as const;

export type VR = (typeof VRS)[number];

/** Explicit VR with two reserved bytes and a 32-bit length (PS3.5 Table 7.1-1); all others have a 16-bit length. */
const LONG_FORM = new Set<VR>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

const BY_BYTES: (VR | undefined)[] = [];
for (const vr of VRS) BY_BYTES[(vr.charCodeAt(0) << 8) | vr.charCodeAt(1)] = vr;

/** The VR that two bytes of an explicit header name, or undefined where they name none. */
export function vrFromBytes(first: number, second: number): VR | undefined {
  return BY_BYTES[(first << 8) | second];
}

export function hasLongForm(vr: VR): boolean {
  return LONG_FORM.has(vr);
}

/** Bytes of one value of a binary VR, which is also the unit of byte swapping; 1 for strings and byte streams. */
export function unitOf(vr: VR): number {
  switch (vr) {
    case 'US': case 'SS': case 'OW': case 'AT': return 2;
    case 'UL': case 'SL': case 'FL': case 'OF': case 'OL': return 4;
    case 'FD': case 'OD': case 'OV': case 'SV': case 'UV': return 8;
    default: return 1;
  }
}

/** Character data that (0008,0005) governs (PS3.5 6.1.2.3). */
const CHARACTER_SET_VRS = new Set<VR>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** Character data of any kind, the default repertoire included. */
const STRING_VRS = new Set<VR>([
  'AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UC', 'UI', 'UR', 'UT',
]);

/** A backslash is a character and not a separator of values (PS3.5 6.2). */
const SINGLE_VALUED = new Set<VR>(['LT', 'ST', 'UR', 'UT']);

export function isCharacterSetVr(vr: VR): boolean {
  return CHARACTER_SET_VRS.has(vr);
}

export function isStringVr(vr: VR): boolean {
  return STRING_VRS.has(vr);
}

export function isSingleValued(vr: VR): boolean {
  return SINGLE_VALUED.has(vr);
}

type Kind = 'text' | 'term' | 'number' | 'bytes' | 'items';

/** What a VR promises of its values: free text, a term of a strict form, numbers, bytes, Items. */
function kindOf(vr: VR): Kind {
  switch (vr) {
    case 'SQ': return 'items';
    case 'LO': case 'LT': case 'PN': case 'SH': case 'ST': case 'UC': case 'UR': case 'UT': return 'text';
    case 'AE': case 'AS': case 'CS': case 'DA': case 'DS': case 'DT': case 'IS': case 'TM': case 'UI': return 'term';
    case 'AT': case 'FD': case 'FL': case 'SL': case 'SS': case 'SV': case 'UL': case 'US': case 'UV': return 'number';
    default: return 'bytes';
  }
}

/**
 * Whether a value encoded with one VR keeps what another promises. A term may stand where a text is expected, numbers
 * where bytes are (US and OW share tables); bytes or a text in another place could hold anything.
 */
export function isSameKind(encoded: VR, expected: VR): boolean {
  const [is, should] = [kindOf(encoded), kindOf(expected)];
  return is === should || (is === 'term' && should === 'text') || (is === 'number' && should === 'bytes');
}

/** The byte that fills a value to even length (PS3.5 6.2): NUL for UI and binary, space for other strings. */
export function paddingOf(vr: VR): number {
  return vr !== 'UI' && STRING_VRS.has(vr) ? 0x20 : 0x00;
}

/** Longest value in characters (PS3.5 Table 6.2-1), where the replacements need to know it. */
export const MAX_CHARACTERS: Partial<Record<VR, number>> = { AE: 16, CS: 16, LO: 64, PN: 64, SH: 16, UI: 64, ST: 1024, LT: 10240 };
