// Makes dicom-anonymizer-<version>.vsix in the project's folder; a path as argument makes it there.
import { readFileSync } from 'node:fs';
import { ensureInstall, root, run } from './ensure-install.mjs';

ensureInstall();
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const out = process.argv[2] ?? `dicom-anonymizer-${version}.vsix`;
run(process.execPath, ['esbuild.mjs', '--production']);
// Dependencies are in the bundles. There is no public repository to rewrite links to.
run('npx', ['vsce', 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', ...(hasLicense() ? [] : ['--skip-license']), '-o', out]);

function hasLicense() {
  try {
    return readFileSync(`${root}LICENSE`).length > 0;
  } catch {
    return false;
  }
}
