import { ctFile } from './ct.ts';
import { presentationStateFile } from './presentation-state.ts';
import { radiographFile } from './radiograph.ts';
import { reportFile } from './report.ts';
import { CT_SLICES } from './uids.ts';
import { burnedInUltrasoundFile, multiFrameUltrasoundFile, ultrasoundFile } from './ultrasound.ts';

export interface SampleFile {
  /** With `/` between folders; names the patient, as file names in the field do. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * A study of an invented Italian patient (CT, ultrasound, report, presentation state) and a radiograph of an invented
 * Japanese one, full of identifiers, made by code and the same each time.
 */
export function sampleStudy(): SampleFile[] {
  return [
    ...Array.from({ length: CT_SLICES }, (_, slice) => ({ path: `DANDRA_NICOLO/CT/IM000${slice + 1}`, bytes: ctFile(slice) })),
    { path: 'DANDRA_NICOLO/ECO_20240517/IM0001.dcm', bytes: ultrasoundFile() },
    { path: 'DANDRA_NICOLO/ECO_20240517/IM0002.dcm', bytes: burnedInUltrasoundFile() },
    { path: 'DANDRA_NICOLO/ECO_20240517/IM0003', bytes: multiFrameUltrasoundFile() },
    { path: 'DANDRA_NICOLO/REFERTO/referto_dandra.dcm', bytes: reportFile() },
    { path: 'DANDRA_NICOLO/PR/PS0001', bytes: presentationStateFile() },
    { path: 'YAMADA_TAROU/CR/IM0001.dcm', bytes: radiographFile() },
  ];
}
