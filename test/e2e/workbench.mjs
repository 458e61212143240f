// What a person does in the workbench, as steps that wait for what they need.
import { poll, sleep } from './host.mjs';

export async function openFolder(page, url, folder, query = '') {
  await page.goto(`${url}/?folder=${encodeURIComponent(folder)}${query}`, { waitUntil: 'domcontentloaded' });
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
}

export const row = (page, name) => page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();

/** The item of a row's context menu; contributions come after the explorer is painted, so the menu is opened again until it is there. */
export async function contextItem(page, name, label, { timeout = 40_000 } = {}) {
  const item = page.locator('.monaco-menu .action-item').filter({ hasText: label }).first();
  for (const end = Date.now() + timeout; Date.now() < end; ) {
    await row(page, name).click({ button: 'right' });
    await page.locator('.monaco-menu .action-item').first().waitFor({ timeout: 5000 }).catch(() => {});
    if (await item.isVisible()) return item;
    await page.keyboard.press('Escape');
    await page.locator('.monaco-menu').first().waitFor({ state: 'hidden', timeout: 2000 }).catch(() => {});
    await sleep(150);
  }
  throw new Error(`the menu of ${name} never showed "${label}"`);
}

/** Chooses an item of a row's context menu. A menu takes no click in the moment in which it opens, so it is clicked until it closes. */
export async function choose(page, name, label) {
  const item = await contextItem(page, name, label);
  for (let attempt = 0; attempt < 10 && await item.isVisible(); attempt++) {
    await sleep(250);
    await item.click({ timeout: 2000 }).catch(() => {});
    await item.waitFor({ state: 'hidden', timeout: 800 }).catch(() => {});
  }
}

/** Runs a command by the palette, which is opened again until the command is listed. */
export async function palette(page, text, { timeout = 40_000 } = {}) {
  const widget = page.locator('.quick-input-widget').first();
  const item = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  for (const end = Date.now() + timeout; Date.now() < end; ) {
    await page.keyboard.press('F1');
    // A key that comes while another widget closes is lost.
    if (!await widget.locator('input').first().waitFor({ timeout: 3000 }).then(() => true, () => false)) continue;
    await widget.locator('input').first().fill(`>${text}`);
    if (await item.waitFor({ timeout: 1000 }).then(() => true, () => false)) return item.click();
    await page.keyboard.press('Escape');
    await widget.waitFor({ state: 'hidden', timeout: 2000 }).catch(() => {});
  }
  throw new Error(`the palette never listed "${text}"`);
}

/** Picks a row of the quick pick whose title or placeholder says where one is. */
export async function pick(page, label) {
  const item = page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row').filter({ hasText: label }).first();
  await item.waitFor({ timeout: 20_000 });
  await item.click();
}

export async function placeholder(page, text) {
  await page.locator(`.quick-input-widget:visible input[placeholder*="${text}"]`).first().waitFor({ timeout: 20_000 });
}

/** The title-less dialog for files and folders, which is a quick input here; it may overwrite what is typed early. */
export async function fileDialog(page, title, target, button) {
  const widget = page.locator('.quick-input-widget').filter({ has: page.locator('.quick-input-title', { hasText: title }) }).first();
  await widget.waitFor({ timeout: 15_000 });
  const input = widget.locator('input[type=text]').first();
  await poll(async () => (await input.inputValue()).startsWith('/'), { what: 'the dialog to show its folder' });
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (!await widget.isVisible()) return;
    if (await input.inputValue() !== target) {
      await input.fill(target).catch(() => {});
      await sleep(400);
      continue;
    }
    await widget.locator('.monaco-button').filter({ hasText: button }).first().click({ timeout: 2000 }).catch(() => {});
    if (await widget.waitFor({ state: 'hidden', timeout: 1500 }).then(() => true, () => false)) return;
  }
  throw new Error(`the dialog "${title}" did not close`);
}

/** The document inside the webview that is shown. */
export function webview(page) {
  return page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
}

export async function toast(page, text, { timeout = 60_000 } = {}) {
  const found = page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
  await found.waitFor({ timeout });
  return found;
}

export async function clearToasts(page) {
  await palette(page, 'Notifications: Clear All Notifications');
}

export async function setTheme(page, label) {
  await palette(page, 'Preferences: Color Theme');
  const input = page.locator('.quick-input-widget:visible input').first();
  await input.fill(label);
  await page.locator('.quick-input-widget:visible .monaco-list-row').filter({ hasText: label }).first().waitFor();
  await page.keyboard.press('Enter');
  await sleep(600);
}
