// The same in Italian: menu, steps, editor, batch, report, Verify.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleWorkspace } from '../fixtures.mjs';
import { sleep, startBrowser, startServer } from '../host.mjs';
import { expect, onFailure, test } from '../suite.mjs';
import { choose, openFolder, palette, pick, placeholder, row, toast, webview } from '../workbench.mjs';

const root = new URL('../../../', import.meta.url).pathname;

export async function italian({ vsix, shots }) {
  await test('every text of the extension has its Italian', () => {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const english = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
    const other = JSON.parse(readFileSync(join(root, 'package.nls.it.json'), 'utf8'));
    const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.it.json'), 'utf8'));
    const missing = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key).filter((key) => !(key in english) || !(key in other));
    const asked = sources('src').flatMap((text) => [...text.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, key]) => key.replaceAll("\\'", "'")));
    const words = new Set(sources('src/views/texts.ts').flatMap((text) => [...text.matchAll(/\['((?:[^'\\]|\\.)*)', l10n/g)].map(([, key]) => key)));
    const inWebviews = sources('media').flatMap((text) => [...text.matchAll(/\bt\('((?:[^'\\]|\\.)*)'/g)].map(([, key]) => key));
    missing.push(...asked.filter((key) => !(key in bundle)), ...inWebviews.filter((key) => !words.has(key)));
    expect(missing.length === 0, [...new Set(missing)].join('\n'));
    const blanks = (text) => [...text.matchAll(/\{\d\}/g)].map(([blank]) => blank).sort().join();
    const uneven = Object.entries(bundle).filter(([key, text]) => blanks(key) !== blanks(text)).map(([key]) => key);
    expect(uneven.length === 0, `blanks differ: ${uneven.join('; ')}`);
  });

  await test('every reason of the rules has its Italian', () => {
    const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.it.json'), 'utf8'));
    const reasons = sources('src/anonymizer').flatMap((text) => [...text.matchAll(/\brule\([^\n]*?'[a-z-]+', '((?:[^'\\]|\\.)*)'/g)].map(([, key]) => key.replaceAll("\\'", "'")));
    const missing = [...new Set(reasons.filter((key) => key !== '' && !(key in bundle)))];
    expect(reasons.length > 20 && missing.length === 0, missing.join('\n'));
  });

  const folder = sampleWorkspace();
  const server = await startServer({ vsix, locale: 'it' });
  const { browser, page } = await startBrowser({ locale: 'it', width: 1400, height: 860 });
  onFailure((name) => page.screenshot({ path: join(shots, `failed-${name}.png`) }));
  const editor = webview(page);
  try {
    await openFolder(page, server.url, folder);
    await test('in Italian: menu, steps, notification and report', async () => {
      await choose(page, 'study', 'Anonimizza DICOM');
      await placeholder(page, 'Secondo quale profilo?');
      await pick(page, 'come l\'ultima scelta');
      await placeholder(page, 'Dove?');
      await pick(page, 'nuova cartella in');
      const done = await toast(page, /Anonimizzazione: \d+ scritti/);
      await done.locator('.monaco-button').filter({ hasText: 'Mostra il rapporto' }).click();
      await editor.getByText('Che cosa è stato fatto agli attributi').waitFor({ timeout: 20_000 });
      await sleep(300);
      await page.screenshot({ path: join(shots, 'report-it.png') });
      await palette(page, 'View: Close All Editors');
    });
    await test('in Italian: the tags editor, the reasons included', async () => {
      await row(page, 'study').click();
      await row(page, 'DANDRA_NICOLO').click();
      await row(page, 'ECO_20240517').click();
      await row(page, 'IM0001.dcm').dblclick();
      await editor.locator('.canvas .row').first().waitFor({ timeout: 30_000 });
      await editor.getByPlaceholder('Cerca per tag').fill('0008,0020');
      const date = editor.locator('.canvas .row').filter({ hasText: '(0008,0020)' }).first();
      await editor.locator('.count').filter({ hasText: /^\d di / }).waitFor();
      await date.waitFor();
      await date.click();
      await editor.locator('.details .why').filter({ hasText: 'Profilo di base' }).waitFor();
      await editor.locator('.details').getByText('Percorso').first().waitFor();
      await editor.getByPlaceholder('Cerca per tag').fill('');
      await sleep(600);
      await page.screenshot({ path: join(shots, 'editor-it.png') });
      const whys = (await editor.locator('.canvas .cell-why .text').allInnerTexts()).join('\n');
      expect(!/\b(the|is|which|removed|listed)\b/.test(whys), whys);
    });
    await test('in Italian: the image pane with its regions, and the contact sheet', async () => {
      await row(page, 'IM0002.dcm').dblclick();
      await page.locator('.tab.active').filter({ hasText: 'IM0002.dcm' }).waitFor();
      await editor.locator('.canvas .row').first().waitFor({ timeout: 30_000 });
      await palette(page, 'DICOM: Mostra o nascondi l\'immagine');
      await editor.getByRole('button', { name: 'Attiva Clean Pixel Data' }).click();
      await editor.locator('.region-list li').filter({ hasText: 'Testo del paziente' }).first().waitFor({ timeout: 60_000 });
      await editor.locator('.region-head').filter({ hasText: 'Premi N' }).waitFor({ timeout: 30_000 });
      await page.screenshot({ path: join(shots, 'image-it.png') });
      const words = `${await editor.locator('.image-pane').innerText()} ${(await editor.locator('.region').evaluateAll((regions) => regions.map((region) => region.getAttribute('aria-label')))).join(' ')}`;
      expect(!/\b(the|text|region|outside|keys|line)\b/i.test(words), words);
      await choose(page, 'study', 'Foglio di contatto');
      await editor.getByText(/^\d+ serie, il massimo/).waitFor({ timeout: 30_000 });
      await palette(page, 'View: Close All Editors');
    });
    await test('in Italian: Verify', async () => {
      await choose(page, 'study', 'Verifica l\'anonimizzazione');
      await (await toast(page, /identificano ancora/)).locator('.monaco-button').filter({ hasText: 'Mostra i problemi' }).click();
      await page.locator('.markers-panel').getByText(/Restano File Meta Information dell'originale/).first().waitFor({ timeout: 15_000 });
    });
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Texts of a source file, or of all below a folder. */
function sources(path) {
  if (path.endsWith('.ts')) return [readFileSync(join(root, path), 'utf8')];
  return readdirTs(join(root, path)).map((file) => readFileSync(file, 'utf8'));
}

function readdirTs(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.includes('data/')).map((name) => join(folder, name));
}
