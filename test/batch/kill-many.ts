import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeData } from '../bench/data.ts';
import { killAndResume, start } from './kill.ts';
import { treeOf } from './tree.ts';

/** `npm run test:kill [MOMENTS]`: kill -9 at many random moments of a run, and a resume after each. */
const moments = Number(process.argv[2] ?? 50);
const program = join(process.cwd(), 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'dicom-anonymizer-kill-'));
try {
  writeData(join(folder, 'source'), { files: 600, rows: 92, columns: 92 });
  const began = performance.now();
  const undisturbed = [program, 'anonymize', join(folder, 'source'), '--output', join(folder, 'whole'), '--key-file', join(folder, 'key'), '--workers', '2'];
  if ((await start(undisturbed)) !== 0) throw new Error('the undisturbed run failed');
  const duration = performance.now() - began;
  const expected = treeOf(join(folder, 'whole'));
  let failed = 0;
  let during = 0;
  for (let i = 0; i < moments; i++) {
    const { after, finished, faults } = await killAndResume(program, folder, expected, Math.random() * duration * 1.05);
    if (finished > 0 && finished < expected.size) during += 1;
    if (faults.length > 0) failed += 1;
    for (const fault of new Set(faults)) console.log(`killed after ${after.toFixed(0)} ms with ${finished} files: ${fault}`);
  }
  console.log(`${moments} kills, ${during} of them amid the files: ${moments - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
