// The suite in a desktop VS Code: VSCODE_EXE names one, else @vscode/test-electron fetches VSCODE_VERSION (stable).
// On Linux without a screen: xvfb-run -a npm run test:desktop.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { ensureInstall, root, run } from '../../scripts/ensure-install.mjs';
import { buildSuite } from './build.mjs';

ensureInstall();
run(process.execPath, ['esbuild.mjs']);
const folder = mkdtempSync(join(tmpdir(), 'dicom-desktop-'));
const results = join(folder, 'results.json');
const code = await runTests({
  ...(process.env.VSCODE_EXE === undefined ? { version: process.env.VSCODE_VERSION ?? 'stable' } : { vscodeExecutablePath: process.env.VSCODE_EXE }),
  extensionDevelopmentPath: root,
  extensionTestsPath: await buildSuite(),
  extensionTestsEnv: { TEST_RESULT_FILE: results },
  launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${join(folder, 'user')}`],
}).catch((error) => {
  console.error(error.message);
  return 1;
});
try {
  const tests = JSON.parse(readFileSync(results, 'utf8'));
  for (const { ok, title, error } of tests) if (!ok) console.log(`not ok  ${title}\n${error}`);
  console.log(`${tests.filter(({ ok }) => ok).length} passed, ${tests.filter(({ ok }) => !ok).length} failed`);
} catch {
  console.log('0 passed, 1 failed');
}
process.exit(code);
