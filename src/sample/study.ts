import { ctFile } from './ct.ts';
import { CT_SLICES } from './uids.ts';

export interface SampleFile {
  /** With `/` between folders; names the patient, as file names in the field do. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * A small study of an invented Italian patient and a radiograph of an invented Japanese one, full of identifiers,
 * made by code and the same each time.
 */
export function sampleStudy(): SampleFile[] {
  return [
    ...Array.from({ length: CT_SLICES }, (_, slice) => ({ path: `DANDRA_NICOLO/CT/IM000${slice + 1}`, bytes: ctFile(slice) })),
  ];
}
