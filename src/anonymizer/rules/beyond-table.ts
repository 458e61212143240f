import type { Tag } from '../dicom/tag.ts';

/**
 * Identifying attributes of PS3.6 that Table E.1-1 does not list (PS3.15 E.1.1 warns that it is not sufficient), in
 * the form of that table. What neither lists is judged by its VR in `vr-rules`.
 */
export const BEYOND_TABLE = `
00080051 X
00080300 X S=K
00100024 X
00100026 X
00100033 X
00100034 X
00100035 X
00100217 X
00120083 X
00181003 X/D D=K
00181801 X/D D=K
00321031 X
00380100 X
00400026 X
00400027 X
00401006 X
00401007 X
00402006 X
00402007 X
00420010 Z/D C=C
00720008 D
00720010 D
0074100C X
00880130 X
00880910 X
04000500 X
20000050 X
21000160 X
30020020 X/Z/D D=K
4FFE0001 X
60000022 X G=C
60001500 X G=C
`;

/** Texts (ST, LT, UT, UC, UR) that hold codes, formats or physics by their definition, and no person. */
export const TECHNICAL_TEXT: ReadonlySet<Tag> = new Set([
  0x00080108, 0x0008010e, 0x00080114, 0x00080115, 0x00080116, 0x00080119, 0x00080120, 0x00160008, 0x0016000c, 0x00160017,
  0x00160020, 0x00187008, 0x00187040, 0x00187041, 0x00660032, 0x20100010, 0x300a007b, 0x3010000c,
]);

/** UIs that name a class, a syntax or a coding scheme, and never an instance. */
export const CLASS_UIDS: ReadonlySet<Tag> = new Set([
  0x00041510, 0x00041512, 0x0004151a, 0x00080016, 0x0008001a, 0x0008001b, 0x00080062, 0x0008010c, 0x00080117, 0x00080118,
  0x0008040e, 0x00081150, 0x0008115a, 0x00083002, 0x00340003, 0x04000010, 0x04000510, 0x30100052, 0x30100053,
]);
