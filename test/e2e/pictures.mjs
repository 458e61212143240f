// Makes the pictures of the README and the walkthrough anew: `node test/e2e/pictures.mjs`, after the end-to-end tests.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleWorkspace } from './fixtures.mjs';
import { sleep, startBrowser, startServer } from './host.mjs';
import { openFolder, palette, row, setTheme, webview, contextItem } from './workbench.mjs';

const root = new URL('../../', import.meta.url).pathname;
const vsix = join(mkdtempSync(join(tmpdir(), 'dicom-pictures-')), 'extension.vsix');
execFileSync(process.execPath, [join(root, 'scripts/package.mjs'), vsix], { cwd: root, stdio: 'ignore' });
const server = await startServer({ vsix, settings: { 'dicomAnonymizer.options': ['retain-safe-private', 'clean-descriptors', 'clean-pixel-data'] } });
const { browser, page } = await startBrowser({ width: 1440, height: 900 });
try {
  await openFolder(page, server.url, sampleWorkspace());
  await contextItem(page, 'study', 'Anonymize DICOM');
  await page.keyboard.press('Escape');
  for (const name of ['study', 'DANDRA_NICOLO', 'ECO_20240517']) {
    await row(page, name).click();
    await sleep(500);
  }
  await row(page, 'IM0002.dcm').dblclick();
  const editor = webview(page);
  await editor.locator('.canvas .row').first().waitFor({ timeout: 30_000 });
  await palette(page, 'DICOM: Show or Hide the Image');
  await palette(page, 'View: Toggle Primary Side Bar Visibility');
  const grid = editor.locator('.grid');
  for (let top = 0; await editor.locator('.canvas .row').filter({ hasText: '(0010,0010)' }).count() === 0 || top < 400; top += 200) {
    await grid.evaluate((element, to) => { element.scrollTop = to; }, top);
    await sleep(150);
  }
  const name = editor.locator('.canvas .row').filter({ hasText: '(0010,0010)' }).first();
  await name.evaluate((element) => { element.closest('.grid').scrollTop = new DOMMatrix(getComputedStyle(element).transform).f - 220; });
  await sleep(400);
  await name.click();
  await editor.locator('.region-head').filter({ hasText: 'Press N' }).waitFor({ timeout: 60_000 });
  await sleep(600);
  for (const [label, file] of [['Light Modern', 'editor-light'], ['Dark Modern', 'editor-dark']]) {
    await setTheme(page, label);
    await page.screenshot({ path: join(root, `media/${file}.png`) });
  }
} finally {
  await browser.close();
  await server.stop();
}
