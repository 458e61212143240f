// What is in the picture: regions seen, moved, drawn and kept; before and after; the contact sheet; videos.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../accessibility.mjs';
import { pixelsOf, read, sampleWorkspace, writeSeries, writeVideo } from '../fixtures.mjs';
import { poll, sleep, startBrowser, startServer } from '../host.mjs';
import { expect, onFailure, test } from '../suite.mjs';
import { choose, clearToasts, contextItem, openFolder, palette, pick, placeholder, row, setTheme, toast, webview } from '../workbench.mjs';

/** Size of the sample's ultrasound images, three bytes a pixel. */
const [COLUMNS, ROWS] = [320, 240];
const SERIES = 300;
const THEMES = [['Dark Modern', 'dark'], ['Light Modern', 'light'], ['Dark High Contrast', 'contrast-dark'], ['Light High Contrast', 'contrast-light']];

export async function pixels({ vsix, shots }) {
  const folder = sampleWorkspace();
  writeVideo(join(folder, 'video.dcm'));
  writeSeries(join(folder, 'sheet'), SERIES);
  const server = await startServer({ vsix, settings: { 'dicomAnonymizer.options': ['clean-pixel-data'] } });
  const { browser, page, outside } = await startBrowser({ width: 1400, height: 860 });
  const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
  onFailure((name) => shot(`failed-${name}`));
  const editor = webview(page);
  const list = editor.locator('.region-list li');
  const lines = async () => (await list.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  const black = async () => Number(/\d+/.exec(await editor.locator('.region-head h3').innerText())?.[0]);
  const isRead = () => editor.locator('.region-head').filter({ hasNotText: 'Looking' }).waitFor({ timeout: 60_000 });
  const open = async (name) => {
    await row(page, name).dblclick();
    await page.locator('.tab.active').filter({ hasText: name }).waitFor();
    await editor.locator('.canvas .row').first().waitFor({ timeout: 30_000 });
    if (await editor.locator('.image-pane').isHidden()) await palette(page, 'DICOM: Show or Hide the Image');
    await isRead();
  };
  /** Part of the picture after that is black in a rectangle of the image. */
  const blackAfter = (x, y, width, height) => editor.locator('canvas.picture-after').evaluate((canvas, [left, top, wide, high]) => {
    const { data } = canvas.getContext('2d').getImageData(left, top, wide, high);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] === 0) count += 1;
    return count / (wide * high);
  }, [x, y, width, height]);
  try {
    await openFolder(page, server.url, folder);
    await contextItem(page, 'study', 'Anonymize DICOM');
    await page.keyboard.press('Escape');
    for (const name of ['study', 'DANDRA_NICOLO', 'ECO_20240517']) {
      await row(page, name).click();
      await sleep(300);
    }

    await test('proposed regions lie over the picture with their reason, and in a list beside it', async () => {
      await open('IM0002.dcm');
      const found = await lines();
      expect(found.some((line) => line.includes('Outside the ultrasound')) && found.some((line) => line.includes('Text of the patient')), found.join('\n'));
      expect(await editor.locator('.regions .region:not(.is-band)').count() === found.length, 'list and picture differ');
      expect(/^Region \d+\. Text of the patient\. .*It cannot be changed here\.$/.test(await editor.locator('.region-identifying').first().getAttribute('aria-label')), 'no label');
      await shot('regions');
      return `${found.length} regions`;
    });

    await test('the tags say what becomes of the picture', async () => {
      await editor.locator('.search').fill('PixelData');
      await editor.locator('.canvas .row[data-outcome="cleaned"]').filter({ hasText: '(7FE0,0010)' }).waitFor({ timeout: 15_000 });
      await editor.locator('.search').fill('');
    });

    await test('by the keyboard alone: a new region, moved, resized, removed', async () => {
      const before = await list.count();
      await editor.locator('canvas.picture:not(.picture-after)').focus();
      await page.keyboard.press('n');
      await poll(async () => (await list.count()) === before + 1, { what: 'the new region' });
      const last = () => lines().then((all) => all.at(-1));
      const [, width, height, x, y] = /Drawn (\d+) × (\d+) at (\d+), (\d+)/.exec(await last()).map(Number);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Control+ArrowDown');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Control+Shift+ArrowUp');
      await poll(async () => (await last()).includes(`${width + 1} × ${height - 10} at ${x + 1}, ${y + 10}`), { what: `${width + 1} × ${height - 10} at ${x + 1}, ${y + 10}` });
      await page.keyboard.press('Delete');
      await poll(async () => (await list.count()) === before, { what: 'the region to go' });
      await page.keyboard.press('Control+z');
      await poll(async () => (await list.count()) === before + 1, { what: 'the region to come back' });
      await list.last().getByRole('button', { name: /Remove/ }).click();
      await poll(async () => (await list.count()) === before, { what: 'the region to go again' });
    });

    await test('by the mouse: drawn, moved, resized by a handle', async () => {
      const frame = await editor.locator('.picture-frame').boundingBox();
      const at = (x, y) => [frame.x + (x / COLUMNS) * frame.width, frame.y + (y / ROWS) * frame.height];
      const drag = async (from, to) => {
        await page.mouse.move(...at(...from));
        await page.mouse.down();
        await page.mouse.move(...at((from[0] + to[0]) / 2, (from[1] + to[1]) / 2));
        await page.mouse.move(...at(...to));
        await page.mouse.up();
      };
      await editor.getByRole('button', { name: 'Draw', exact: true }).click();
      await drag([40, 180], [100, 200]);
      const box = async () => /Drawn (\d+) × (\d+) at (\d+), (\d+)/.exec((await lines()).at(-1))?.slice(1).map(Number);
      const near = async (wanted) => poll(async () => (await box())?.every((value, i) => Math.abs(value - wanted[i]) <= 2), { what: `a region near ${wanted}` });
      await near([60, 20, 40, 180]);
      await drag([70, 190], [90, 210]);
      await near([60, 20, 60, 200]);
      await drag([120, 220], [140, 230]);
      await near([80, 30, 60, 200]);
      await shot('regions-drawn');
    });

    await test('text that shows nobody can stay, and goes black again; what shows the patient cannot be removed', async () => {
      const before = await black();
      const text = list.filter({ hasText: /Text\s+\d/ }).first();
      const name = list.filter({ hasText: 'Text of the patient' }).first();
      expect(await name.getByRole('button', { name: /Remove/ }).count() === 0, 'a name can be removed');
      await name.locator('.region-name').click();
      await page.keyboard.press('Delete');
      await text.getByRole('button', { name: /Remove/ }).click();
      await poll(async () => (await black()) === before - 1, { what: 'one region less' });
      await list.filter({ hasText: 'Text that stays' }).getByRole('button', { name: 'Make Black' }).click();
      await poll(async () => (await black()) === before, { what: 'all regions again' });
    });

    await test('after is black where the regions are, beside before by a line that moves', async () => {
      await editor.getByRole('button', { name: 'After', exact: true }).click();
      await poll(async () => (await blackAfter(62, 202, 76, 26)) === 1 && (await blackAfter(0, 0, COLUMNS, 43)) === 1, { what: 'the regions to be black' });
      expect(await blackAfter(140, 60, 40, 30) < 0.9, 'all is black');
      await editor.getByRole('button', { name: 'Compare', exact: true }).click();
      await editor.locator('.split-line input').fill('25');
      expect(/inset\(0(px|%)? 0(px|%)? 0(px|%)? 25%\)/.test(await editor.locator('canvas.picture-after').evaluate((canvas) => canvas.style.clipPath)), 'the line does not divide');
    });

    await test('light, dark and both high contrasts, and a narrow window: axe-core finds nothing in the image pane', async () => {
      for (const [label, name] of THEMES) {
        await setTheme(page, label);
        await shot(`image-${name}`);
        const found = await violations(editor);
        expect(found.length === 0, `${label}: ${found.join('\n')}`);
      }
      await page.setViewportSize({ width: 700, height: 860 });
      await sleep(500);
      await shot('image-narrow');
      const stage = await editor.locator('.stage').boundingBox();
      expect(stage.height > 150, `the picture is ${stage.height} pixels high`);
      await page.setViewportSize({ width: 1400, height: 860 });
      await setTheme(page, 'Dark Modern');
    });

    await test('what was drawn is applied to the series, and another image of it shows it', async () => {
      await editor.getByRole('button', { name: 'Apply to Series' }).click();
      await editor.getByText('What you drew holds for the series.').waitFor();
      await sleep(300);
      await open('IM0001.dcm');
      await poll(async () => (await lines()).some((line) => line.includes('Drawn')), { what: 'the region in the other image' });
    });

    await test('Anonymize DICOM blacks out what was drawn, in every image of the series', async () => {
      await clearToasts(page);
      await choose(page, 'ECO_20240517', 'Anonymize DICOM');
      await placeholder(page, 'By which profile?');
      await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'as chosen last' }).filter({ hasText: 'Clean Pixel Data' }).waitFor();
      await pick(page, 'as chosen last');
      await placeholder(page, 'Where to?');
      await pick(page, 'new folder in');
      await toast(page, /Anonymized: 3 written/, { timeout: 120_000 });
      const parent = join(folder, 'study/DANDRA_NICOLO');
      const output = join(parent, readdirSync(parent).find((name) => /^anonymized-[\d-]+$/.test(name)));
      const images = readdirSync(output, { recursive: true }).filter((name) => name.endsWith('.dcm')).map((name) => pixelsOf(read(join(output, name)))).filter((bytes) => bytes.length === COLUMNS * ROWS * 3);
      expect(images.length === 2, `${images.length} images`);
      const isBlack = (bytes, x, y) => bytes[(y * COLUMNS + x) * 3] + bytes[(y * COLUMNS + x) * 3 + 1] + bytes[(y * COLUMNS + x) * 3 + 2] === 0;
      for (const bytes of images) {
        for (let y = 203; y < 227; y++) for (let x = 63; x < 137; x++) expect(isBlack(bytes, x, y), `a pixel at ${x}, ${y} is not black`);
        for (let x = 0; x < COLUMNS; x++) expect(isBlack(bytes, x, 10), `the band is not black at ${x}`);
      }
    });

    await test('what was drawn is saved into a profile, without the UID of the series', async () => {
      const profile = join(folder, 'my.dicom-profile.yaml');
      await page.locator('.tab').filter({ hasText: 'IM0001.dcm' }).click();
      await editor.getByRole('button', { name: 'Save into Profile…' }).click();
      await placeholder(page, 'For which images?');
      await pick(page, 'This series');
      await placeholder(page, 'Into which profile?');
      await pick(page, 'New profile');
      // The name that is proposed.
      await poll(async () => {
        await page.locator('.quick-input-widget:visible .monaco-button').filter({ hasText: /OK|Save/ }).first().click({ timeout: 1000 }).catch(() => {});
        return existsSync(profile);
      }, { what: 'the profile', every: 500 });
      await toast(page, 'The regions are in the profile');
      const text = readFileSync(profile, 'utf8');
      expect(/regions:\n/.test(text) && /series: "?[0-9a-f]{12}/.test(text) && /clean-pixel-data/.test(text) && !/\d\.\d+\.\d+\.\d+\.\d+\.\d+\.\d+\.\d+\.\d+/.test(text.split('regions:')[1].replace(/SOPClassUID: .*/, '')), text);
    });

    await test('the four ways of Clean Pixel Data are offered in the editor and in the steps of a batch', async () => {
      await editor.getByRole('button', { name: /^Options/ }).click();
      const mode = editor.getByLabel('Goes black:');
      expect((await mode.locator('option').allInnerTexts()).join() === 'All text,Only what matches,Only regions and rules,Refuse', 'the ways');
      await mode.selectOption('regions');
      await page.keyboard.press('Escape');
      await poll(async () => !(await lines()).some((line) => /Text/.test(line)), { what: 'the text to go from the list' });
      await editor.getByRole('button', { name: /^Options/ }).click();
      await mode.selectOption('all-text');
      await page.keyboard.press('Escape');
      await choose(page, 'ECO_20240517', 'Anonymize DICOM');
      await placeholder(page, 'By which profile?');
      await pick(page, 'Choose options one by one');
      await placeholder(page, 'Tick the options');
      await page.locator('.quick-input-widget:visible .monaco-button').filter({ hasText: 'OK' }).first().click();
      await placeholder(page, 'What is to go black in the pixels?');
      await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Only what matches' }).waitFor();
      await page.keyboard.press('Escape');
    });

    await test('a video says that it is one, and why nothing is shown', async () => {
      await palette(page, 'View: Close All Editors');
      await row(page, 'video.dcm').dblclick();
      await editor.locator('.canvas .row').first().waitFor({ timeout: 30_000 });
      await palette(page, 'DICOM: Show or Hide the Image');
      await editor.locator('.image-pane').getByText('This is a video.').waitFor({ timeout: 10_000 });
      await shot('video');
      await palette(page, 'View: Close All Editors');
    });

    await test('the contact sheet shows a picture a series, opens it by a click, and passes axe-core', async () => {
      await choose(page, 'study', 'Contact Sheet');
      await poll(async () => (await editor.locator('.tile canvas').count()) >= 3 && (await editor.locator('.tile-text').count()) === 0, { what: 'all pictures' });
      const labels = await editor.locator('.tile-label').allInnerTexts();
      expect(labels.includes('DANDRA_NICOLO/CT') && labels.includes('YAMADA_TAROU/CR/IM0001.dcm'), labels.join());
      for (const [label, name] of THEMES) {
        await setTheme(page, label);
        await shot(`sheet-${name}`);
        const found = await violations(editor);
        expect(found.length === 0, `${label}: ${found.join('\n')}`);
      }
      await setTheme(page, 'Dark Modern');
      await editor.locator('.tile-button').filter({ hasText: 'ECO_20240517' }).click();
      await page.locator('.tab.active').filter({ hasText: 'IM0002.dcm' }).waitFor();
      await palette(page, 'View: Close All Editors');
    });

    await test('of 300 series only those that are seen are in the page, and the keyboard reaches the last', async () => {
      await choose(page, 'sheet', 'Contact Sheet');
      await editor.locator('.tile canvas').first().waitFor({ timeout: 30_000 });
      const count = await editor.locator('.tile').count();
      expect(count < 60, `${count} in the page`);
      await editor.locator('.tile-button').first().focus();
      await page.keyboard.press('ArrowRight');
      await poll(async () => await editor.locator('.tile-button:focus .tile-label').innerText() === '1/IM1', { what: 'the second tile' });
      await page.keyboard.press('End');
      await poll(async () => await editor.locator('.tile-button:focus .tile-label').innerText() === `${SERIES - 1}/IM1`, { what: 'the last tile' });
      await editor.locator('.tile').filter({ hasText: `${SERIES - 1}/IM1` }).locator('canvas').waitFor({ timeout: 15_000 });
      await page.keyboard.press('Enter');
      await page.locator('.tab.active').filter({ hasText: 'IM1' }).waitFor();
      return `${count} of ${SERIES} in the page`;
    });

    await test('nothing asks anything outside this machine', () => expect(outside.size === 0, [...outside].join()));
  } finally {
    await browser.close();
    await server.stop();
  }
}
