// The main job on a fresh clone: build, make the sample study, de-identify it, say what was done and where it lies.
import { rmSync } from 'node:fs';
import { ensureInstall, root, run } from './ensure-install.mjs';

ensureInstall();
run(process.execPath, ['esbuild.mjs']);
rmSync(`${root}sample`, { recursive: true, force: true });
run(process.execPath, ['dist/sample.js', 'sample/source']);
run(process.execPath, ['dist/cli.js', 'anonymize', 'sample/source', '--output', 'sample/anonymized', '--report', 'sample/report.json', '--option', 'retain-safe-private', '--option', 'clean-descriptors']);
