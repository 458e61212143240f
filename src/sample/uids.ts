/** UIDs of the sample, of the form that PS3.5 B.2 derives from a UUID. One fixed UUID, counted up. */
const FIRST = 0x6b1f_0c52_9d3e_4a77_8e21_5f0a_7c60_0000n;

function uid(count: number): string {
  return `2.25.${FIRST + BigInt(count)}`;
}

export const SOP_CLASS = {
  ct: '1.2.840.10008.5.1.4.1.1.2',
  ultrasound: '1.2.840.10008.5.1.4.1.1.6.1',
  ultrasoundMultiFrame: '1.2.840.10008.5.1.4.1.1.3.1',
  computedRadiography: '1.2.840.10008.5.1.4.1.1.1',
  basicTextReport: '1.2.840.10008.5.1.4.1.1.88.11',
  presentationState: '1.2.840.10008.5.1.4.1.1.11.1',
  /** Retired, and still written by devices in Referenced Study Sequence. */
  detachedStudy: '1.2.840.10008.3.1.2.3.1',
  performedStep: '1.2.840.10008.3.1.2.3.3',
} as const;

export const SAMPLE_UID = {
  study: uid(1),
  frameOfReference: uid(2),
  device: uid(3),
  instanceCreator: uid(4),
  irradiationEvent: uid(5),
  performedStep: uid(6),
  privateBookmark: uid(7),
  priorStudy: uid(8),
  ctSeries: uid(10),
  ultrasoundSeries: uid(11),
  reportSeries: uid(12),
  presentationSeries: uid(13),
  ultrasound: uid(20),
  ultrasoundBurnedIn: uid(21),
  ultrasoundMultiFrame: uid(22),
  report: uid(30),
  observation: uid(31),
  presentation: uid(40),
  japaneseStudy: uid(50),
  japaneseSeries: uid(51),
  radiograph: uid(52),
} as const;

export const CT_SLICES = 8;

/** SOP Instance UID of a CT slice, from 0. */
export function ctInstance(slice: number): string {
  return uid(100 + slice);
}

/** Every UID that the sample invents, the referenced ones included. */
export const SAMPLE_UIDS: readonly string[] = [
  ...Object.values(SAMPLE_UID),
  ...Array.from({ length: CT_SLICES }, (_, slice) => ctInstance(slice)),
];
