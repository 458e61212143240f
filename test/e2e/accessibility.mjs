import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds in the document of a webview; its script comes by the browser's tooling, past the page's policy. */
export async function violations(webview) {
  const handle = await webview.locator('body').elementHandle();
  const frame = await handle.ownerFrame();
  await frame.evaluate(`${source};0`);
  return frame.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return found.map(({ id, nodes }) => `${id} ×${nodes.length}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
  });
}
