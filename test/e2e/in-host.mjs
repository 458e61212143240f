// Runs the mocha suite in the extension host of code-server, through the workbench's own payload.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSuite } from '../extension/build.mjs';
import { poll, startBrowser, startServer } from './host.mjs';

const root = new URL('../../', import.meta.url).pathname.replace(/\/$/, '');

/** @returns the tests with their outcome */
export async function runInHost({ timeout = 200_000 } = {}) {
  const suite = await buildSuite();
  const folder = mkdtempSync(join(tmpdir(), 'dicom-in-host-'));
  const file = join(folder, 'results.json');
  const server = await startServer({ args: ['--vscode-option', 'enable-smoke-test-driver'], env: { TEST_RESULT_FILE: file } });
  const { browser, page, log } = await startBrowser();
  try {
    let exit;
    const said = [];
    await page.exposeFunction('codeAutomationLog', (_type, args) => { said.push(args.join(' ')); });
    await page.exposeFunction('codeAutomationExit', (code) => { exit = code; });
    const at = `vscode-remote://${server.authority}`;
    const payload = [['extensionDevelopmentPath', `${at}${root}`], ['extensionTestsPath', `${at}${suite}`], ['skipWelcome', 'true']];
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`, { waitUntil: 'domcontentloaded' });
    await poll(() => existsSync(file) || exit !== undefined, { timeout, what: 'the suite to end' });
    if (!existsSync(file)) throw new Error(`the suite left no results\n${said.slice(-20).join('\n')}\n${log.slice(-20).join('\n')}`);
    const notes = said.filter((line) => /longest block|activated in/.test(line));
    return { tests: JSON.parse(readFileSync(file, 'utf8')), notes };
  } finally {
    await browser.close();
    await server.stop();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { tests, notes } = await runInHost();
  for (const { ok, title, ms, error } of tests) console.log(ok ? `ok      ${title} (${ms} ms)` : `not ok  ${title}\n${error}`);
  for (const note of notes) console.log(note);
}
