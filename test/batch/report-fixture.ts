import type { FileReport, Report } from '../../src/anonymizer/report.ts';

/** A report of a run over these files; every number that is not asked for is the same each time. */
export function reportOf(files: readonly FileReport[], more: Partial<Report> = {}): Report {
  const count = (status: FileReport['status']) => files.filter((file) => file.status === status).length;
  return {
    program: 'DICOM Anonymizer', version: '1.2.3', edition: '2026d', profile: 'Basic Application Confidentiality Profile', options: [],
    result: 'without-kept-key', dryRun: false,
    summary: { written: count('written'), skipped: count('skipped'), failed: count('failed'), verified: count('written'), notVerified: 0 },
    actions: [{ tag: '00100010', action: 'Z', count: 3 }, { tag: '00120062', action: 'added', count: 3 }, { tag: '00190010', action: 'X', count: 2 }],
    timing: { seconds: 2, files: files.length, bytes: 4_000_000, bytesPerSecond: 2_000_000, perImage: { mean: 10, standardDeviation: 2 } },
    files, ...more,
  };
}
