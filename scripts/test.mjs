// All tests on a fresh clone; further arguments go to vitest.
import { ensureInstall, run } from './ensure-install.mjs';

ensureInstall();
run(process.execPath, ['esbuild.mjs']);
run('npx', ['vitest', 'run', ...process.argv.slice(2)]);
