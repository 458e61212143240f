import { renameSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

interface Result {
  readonly title: string;
  readonly ok: boolean;
  readonly ms?: number | undefined;
  readonly error?: string | undefined;
}

/**
 * What VS Code calls in the extension host, in code-server and on the desktop alike. The outcome of each test also
 * goes to the file that TEST_RESULT_FILE names.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, color: false });
  mocha.suite.emit('pre-require', globalThis, 'index', mocha);
  // Bundled with this file, so that one script is all that VS Code has to load.
  require('./suites.cjs');
  const results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve)
      .on('pass', (test) => results.push({ title: test.fullTitle(), ok: true, ms: test.duration }))
      .on('fail', (test, error: Error) => results.push({ title: test.fullTitle(), ok: false, error: error.stack }));
  });
  const file = process.env.TEST_RESULT_FILE;
  if (file !== undefined) {
    writeFileSync(`${file}.tmp`, JSON.stringify(results));
    renameSync(`${file}.tmp`, file);
  }
  if (failures > 0) throw new Error(`${failures} failed`);
}
