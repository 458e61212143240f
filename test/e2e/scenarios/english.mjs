// What people do, in English: the menu, the tags editor, a batch with cancel and resume, profiles, Verify.
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../accessibility.mjs';
import { addMany, read, sampleWorkspace } from '../fixtures.mjs';
import { poll, sleep, startBrowser, startServer } from '../host.mjs';
import { expect, onFailure, test } from '../suite.mjs';
import { clearToasts, choose, contextItem, openFolder, palette, pick, placeholder, row, setTheme, toast, webview } from '../workbench.mjs';

const MANY = 10_000;
const today = () => new Date().toISOString().slice(0, 10);

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

export async function english({ vsix, shots }) {
  const folder = sampleWorkspace();
  const source = join(folder, 'study/DANDRA_NICOLO/ECO_20240517/IM0001.dcm');
  const original = read(source);
  const server = await startServer({ vsix });
  const { browser, context, page, outside } = await startBrowser({ width: 1400, height: 860 });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
  onFailure((name) => page.screenshot({ path: join(shots, `failed-${name}.png`) }));
  const editor = webview(page);
  const rows = editor.locator('.canvas .row');
  const rowOf = (text) => rows.filter({ hasText: text }).first();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  try {
    await openFolder(page, server.url, folder);

    await test('right-click a folder, choose Anonymize DICOM: result, source untouched, notification, report', async () => {
      await contextItem(page, 'study', 'Anonymize DICOM');
      await shot('menu');
      await page.keyboard.press('Escape');
      await choose(page, 'study', 'Anonymize DICOM');
      await placeholder(page, 'By which profile?');
      await shot('step-profile');
      await pick(page, 'as chosen last');
      await placeholder(page, 'Where to?');
      await shot('step-output');
      await pick(page, `anonymized-${today()}`);
      const done = await toast(page, /Anonymized: \d+ written/);
      await shot('done');
      const output = join(folder, `anonymized-${today()}`);
      const written = files(output);
      expect(written.length > 5, `${written.length} files`);
      expect(!written.some((path) => read(path).includes('DANDRA')), 'a name of the source is left');
      expect(read(source).equals(original), 'the source was changed');
      expect(existsSync(`${output}.report.json`), 'no report beside the output');
      await done.locator('.monaco-button').filter({ hasText: 'Show Report' }).click();
      await editor.locator('.chart').first().waitFor({ timeout: 20_000 });
      await editor.locator('.files tbody tr').first().waitFor();
      await sleep(300);
      await shot('report');
      const found = await violations(editor);
      expect(found.length === 0, found.join('\n'));
      await editor.locator('button', { hasText: 'Failed' }).click();
      await editor.locator('.files').getByText('No files.').waitFor();
      await palette(page, 'View: Close All Editors');
    });

    await test('open a file: values before and after, with the reason', async () => {
      await row(page, 'study').click();
      await row(page, 'DANDRA_NICOLO').click();
      await row(page, 'ECO_20240517').click();
      await row(page, 'IM0001.dcm').dblclick();
      await rows.first().waitFor({ timeout: 30_000 });
      await editor.locator('.search').fill('PatientName');
      const name = rowOf('(0010,0010)');
      await name.waitFor();
      const text = await name.innerText();
      expect(/Nicol/.test(text) && /Replaced/.test(text) && /ANON/.test(text) && /Basic Profile/.test(text), text);
    });

    await test('search by value, name, keyword and tag keeps the ancestors of a match', async () => {
      const search = editor.locator('.search');
      for (const [query, expected] of [['0010,0020', '(0010,0020)'], ['00100020', '(0010,0020)'], ['patient id', '(0010,0020)'], ['StudyInstanceUID', '(0020,000D)']]) {
        await search.fill(query);
        await rowOf(expected).waitFor();
      }
      await search.fill('CodeMeaning');
      await editor.locator('.canvas .row.is-context').first().waitFor();
      await editor.locator('.count').filter({ hasText: ' of ' }).waitFor();
      await search.fill('no such thing at all');
      await editor.getByText('Nothing matches.').waitFor();
      await editor.getByRole('button', { name: 'Show all elements' }).click();
      await rows.first().waitFor();
    });

    await test('an option changes the After column at once', async () => {
      await editor.locator('.search').fill('StudyDate');
      const date = rowOf('(0008,0020)');
      await date.waitFor();
      const before = await date.locator('.cell-after').innerText();
      await editor.locator('.options-picker button').click();
      await shot('options');
      await editor.getByLabel('Retain Longitudinal Temporal Information with Full Dates').check();
      await poll(async () => (await date.locator('.cell-after').innerText()) === 'Kept', { what: 'the date to be kept' });
      expect(before !== 'Kept', before);
      await editor.getByLabel('Retain Longitudinal Temporal Information with Full Dates').uncheck();
      await poll(async () => (await date.locator('.cell-after').innerText()) === before, { what: 'the date to change again' });
      await page.keyboard.press('Escape');
      await editor.locator('.options').waitFor({ state: 'hidden' });
    });

    await test('chips count and filter', async () => {
      await editor.locator('.search').fill('');
      await editor.locator('.chip-private').click();
      await poll(async () => (await rows.count()) > 0 && (await editor.locator('.canvas .row:not(.is-context) .tag').allInnerTexts()).every((tag) => /^\([0-9A-F]{3}[13579BDF],/.test(tag)), { what: 'private elements alone' });
      await shot('private');
      await editor.locator('.chip-all').click();
    });

    await test('the keyboard alone walks, folds, copies and opens the details', async () => {
      await editor.locator('.search').fill('OperatorsName');
      await rowOf('(0008,1070)').waitFor();
      await editor.locator('.search').press('Enter');
      await poll(async () => editor.locator('.canvas .row:focus').count(), { what: 'a row to have the focus' });
      await page.keyboard.press('End');
      await page.keyboard.press('Control+c');
      await poll(async () => (await clipboard()).length > 0, { what: 'the clipboard' });
      await editor.locator('.search').fill('');
      await editor.locator('.search').press('ArrowDown');
      await page.keyboard.press('Home');
      for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('PageDown');
      await page.keyboard.press('End');
      expect(await editor.locator('.canvas .row:focus').count() === 1, 'the focus was lost');
      expect((await editor.locator('.canvas .row:focus .tag').innerText()).startsWith('('), 'no tag');
      await page.keyboard.press('Enter');
      await poll(async () => editor.locator('.details h2:focus').count(), { what: 'the details to have the focus' });
      await page.keyboard.press('Escape');
      await poll(async () => editor.locator('.canvas .row:focus').count(), { what: 'the grid to have the focus' });
      await page.keyboard.press('Enter');
      const sequence = editor.locator('.canvas .row[aria-expanded="true"]').first();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Home');
      await editor.locator('.search').fill('CodeMeaning');
      await editor.locator('.count').filter({ hasText: /^\d of / }).waitFor();
      await sequence.waitFor();
      await poll(async () => (await editor.locator('.canvas .row.is-waiting').count()) === 0, { what: 'the rows' });
      const count = await rows.count();
      await sequence.click();
      await page.keyboard.press('ArrowLeft');
      await poll(async () => (await rows.count()) < count, { what: 'the Sequence to fold' });
      await page.keyboard.press('ArrowRight');
      await poll(async () => (await rows.count()) === count, { what: 'the Sequence to unfold' });
    });

    await test('copy value, tag, path and row from the native context menu', async () => {
      await editor.locator('.search').fill('0010,0020');
      for (const [label, expected] of [['Copy Value Before', /^\S/], ['Copy Value After', /^ANON/], ['Copy Tag', /^\(0010,0020\)$/], ['Copy Path', /^\(0010,0020\)$/], ['Copy Row', /^\(0010,0020\)\tPatient ID\tLO\t.*ANON/]]) {
        await poll(async () => {
          await rowOf('(0010,0020)').click({ button: 'right', timeout: 5000 });
          const item = page.locator('.monaco-menu .action-item').filter({ hasText: label }).first();
          await item.waitFor({ timeout: 5000 });
          // The menu takes no click in the moment in which it opens.
          await sleep(300);
          await item.click({ timeout: 3000 });
          await sleep(500);
          return expected.test(await clipboard());
        }, { what: label, timeout: 20_000 });
      }
    });

    await test('the image shows, with window and level by the keyboard', async () => {
      await palette(page, 'DICOM: Show or Hide the Image');
      const picture = editor.locator('canvas.picture:not(.picture-after)');
      await picture.waitFor({ timeout: 15_000 });
      await poll(async () => picture.evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte, i) => i % 4 < 3 && byte > 60)), { what: 'something in the picture' });
    });

    await test('axe-core finds nothing in the tags editor', async () => {
      await editor.locator('.search').fill('');
      await rowOf('(0008,0018)').dblclick();
      await editor.locator('.details h2').waitFor();
      await sleep(300);
      const found = await violations(editor);
      expect(found.length === 0, found.join('\n'));
    });

    await test('light, dark and both high contrasts: every theme passes axe-core', async () => {
      for (const [label, name] of [['Light Modern', 'light'], ['Dark Modern', 'dark'], ['Dark High Contrast', 'contrast-dark'], ['Light High Contrast', 'contrast-light']]) {
        await setTheme(page, label);
        await shot(`editor-${name}`);
        const found = await violations(editor);
        expect(found.length === 0, `${label}: ${found.join('\n')}`);
      }
      await setTheme(page, 'Light Modern');
    });

    await test('a narrow window keeps what matters', async () => {
      await page.setViewportSize({ width: 640, height: 800 });
      await sleep(500);
      await shot('narrow');
      expect(await editor.locator('.cell-after').first().isVisible(), 'the After column is gone');
      await page.setViewportSize({ width: 1400, height: 860 });
    });

    await test('the editor follows a file that changes, vanishes and comes back, and keeps its state while hidden', async () => {
      await editor.locator('.search').fill('0010,0020');
      await rowOf('(0010,0020)').waitFor();
      const other = join(folder, 'study/DANDRA_NICOLO/ECO_20240517/IM0002.dcm');
      await row(page, 'IM0002.dcm').dblclick();
      await sleep(1500);
      await page.locator('.tab').filter({ hasText: 'IM0001.dcm' }).click();
      await poll(async () => (await editor.locator('.search').inputValue()) === '0010,0020', { what: 'the search to be kept', timeout: 15_000 });
      rmSync(source);
      await editor.getByRole('heading', { name: 'This file is no longer there' }).waitFor({ timeout: 20_000 });
      await shot('gone');
      writeFileSync(source, original);
      await rows.first().waitFor({ timeout: 20_000 });
      expect(existsSync(other), '');
      await palette(page, 'View: Close All Editors');
    });

    await test('Compare as Text opens the diff editor', async () => {
      await row(page, 'IM0001.dcm').dblclick();
      await rows.first().waitFor({ timeout: 20_000 });
      await palette(page, 'DICOM: Compare as Text');
      await page.locator('.monaco-diff-editor').waitFor({ timeout: 20_000 });
      await sleep(1000);
      await shot('compare');
      await palette(page, 'View: Close All Editors');
    });

    await test('a batch from the palette: three steps with a way back, cancelled within a second, whole files only, then resumed', async () => {
      addMany(folder, MANY);
      await clearToasts(page);
      await palette(page, 'DICOM: Anonymize Batch');
      await placeholder(page, 'What is to be anonymized?');
      await poll(async () => {
        if (await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'many' }).count() > 0) return true;
        await page.keyboard.press('Escape');
        await palette(page, 'DICOM: Anonymize Batch');
        return false;
      }, { every: 500, what: 'the folder to be offered' });
      await pick(page, 'many');
      await placeholder(page, 'By which profile?');
      await page.locator('.quick-input-widget .quick-input-titlebar .codicon-quick-input-back').click();
      await placeholder(page, 'What is to be anonymized?');
      await shot('step-what');
      await pick(page, 'many');
      await placeholder(page, 'By which profile?');
      await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: 'as chosen last' }).waitFor();
      await page.keyboard.press('Enter');
      await placeholder(page, 'Where to?');
      await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: `anonymized-${today()}-2` }).waitFor();
      await page.keyboard.press('Enter');
      const progress = await toast(page, /Anonymizing DICOM: [\d,]+(\/[\d,]+)?/);
      await poll(async () => /\/10,000 · [\d.]+ MB\/s/.test(await progress.innerText()), { what: 'the progress', every: 20 });
      await shot('progress');
      const began = Date.now();
      await progress.locator('.monaco-button').filter({ hasText: 'Cancel' }).click();
      await toast(page, /Cancelled: [\d,]+ written/);
      const told = Date.now() - began;
      const output = join(folder, `anonymized-${today()}-2`);
      const written = files(output);
      expect(written.every((path) => path.endsWith('.dcm') && read(path).subarray(128, 132).toString() === 'DICM'), 'a file that is not whole');
      expect(written.length < MANY, 'it was not cancelled');
      // What takes effect is that nothing is written any more; the report comes last. The workbench takes its time to say so.
      const took = Math.max(...written.map((path) => statSync(path).mtimeMs), statSync(`${output}.report.json`).mtimeMs) - began;
      await clearToasts(page);
      await palette(page, 'DICOM: Anonymize Batch');
      await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Go On' }).click();
      await toast(page, /Anonymized: 10,000 written/, { timeout: 120_000 });
      expect(files(output).length === MANY, `${files(output).length} files`);
      expect(took < 1000, `it took ${took} ms`);
      return `cancelled after ${Math.round(took)} ms with ${written.length} files, told after ${told} ms`;
    });

    await test('a dry run writes nothing', async () => {
      await clearToasts(page);
      const before = readdirSync(folder).length;
      await choose(page, 'study', 'Preview Anonymization');
      await toast(page, /Dry run: \d+ would be written/);
      await editor.locator('.chart').first().waitFor({ timeout: 20_000 });
      expect(readdirSync(folder).length === before, 'something was written');
      await palette(page, 'View: Close All Editors');
    });

    await test('profiles: completion while writing, and the mistake of a wrong one under Problems', async () => {
      writeFileSync(join(folder, 'my.dicom-profile.yaml'), 'name: Mine\noptions:\n  - \n');
      await palette(page, 'Go to File');
      await page.locator('.quick-input-widget:visible input').first().fill('my.dicom-profile.yaml');
      await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'my.dicom-profile.yaml' }).first().waitFor({ timeout: 20_000 });
      await page.keyboard.press('Enter');
      await page.locator('.view-lines').first().waitFor();
      await page.locator('.view-line').nth(2).click();
      await page.keyboard.press('End');
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'retain-uids' }).first().waitFor({ timeout: 15_000 });
      await shot('completion');
      await page.keyboard.press('Escape');
      await page.keyboard.type('retain-everything');
      await page.locator('.squiggly-error').first().waitFor({ timeout: 15_000 });
      await palette(page, 'Problems: Focus on Problems View');
      await page.locator('.markers-panel').getByText(/is no option/).first().waitFor({ timeout: 10_000 });
      await shot('profile-problem');
      await palette(page, 'View: Revert and Close Editor');
    });

    await test('Verify lists under Problems what still identifies in a source', async () => {
      await clearToasts(page);
      await choose(page, 'study', 'Verify Anonymization');
      const done = await toast(page, /still identify/);
      await done.locator('.monaco-button').filter({ hasText: 'Show Problems' }).click();
      const message = page.locator('.markers-panel').getByText(/File Meta Information of the source is left/).first();
      await message.waitFor({ timeout: 15_000 });
      await shot('verify');
      expect(!/Nicol/.test(await page.locator('.markers-panel').innerText()), 'a value under Problems');
    });

    await test('nothing asks anything outside this machine', async () => {
      expect(outside.size === 0, [...outside].join(' '));
    });
  } finally {
    await browser.close();
    await server.stop();
  }
}
