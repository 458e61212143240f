import { equal, ok } from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commands, languages, TabInputWebview, window, workspace } from 'vscode';
import { filesIn, run, sampleFolder, until, uri } from './workspace.ts';

interface Outcome {
  readonly end: { readonly head: { readonly summary: { readonly written: number; readonly failed: number } } };
}

const setting = (name: string, value: unknown) => workspace.getConfiguration('dicomAnonymizer').update(name, value, true);
const ULTRASOUND = 'DANDRA_NICOLO/ECO_20240517/IM0002.dcm';

/** The value of a native Pixel Data element, which is the last of its file. */
function pixelsOf(bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  return bytes.subarray(at + 12, at + 12 + bytes.readUInt32LE(at + 8));
}

async function anonymize(options: readonly string[], pixels?: string): Promise<{ outcome: Outcome; source: string; results: Buffer[] }> {
  const source = join(sampleFolder(), ULTRASOUND);
  const output = join(dirname(dirname(source)), 'out');
  rmSync(output, { recursive: true, force: true });
  const outcome = await run<Outcome>('batch', { inputs: [source], output, chosen: { profile: '', options, pixels } });
  return { outcome, source, results: filesIn(output).filter((path) => path.endsWith('.dcm')).map((path) => readFileSync(path)) };
}

suite('Pictures', () => {
  teardown(() => commands.executeCommand('workbench.action.closeAllEditors'));

  test('Clean Pixel Data blacks out a burned-in name, read by the packaged reader', async () => {
    const { results, source } = await anonymize(['clean-pixel-data'], 'matching-text');
    equal(results.length, 1);
    const [before, after] = [pixelsOf(readFileSync(source)), pixelsOf(results[0])];
    equal(after.length, before.length);
    // The name stands in the band above the fan, which the ultrasound regions leave out.
    const band = 320 * 3 * 40;
    ok(before.subarray(0, band).some((byte) => byte > 200), 'nothing was there');
    ok(after.subarray(0, band).every((byte) => byte === 0), 'something is left');
    ok(after.subarray(320 * 3 * 60).some((byte) => byte > 60), 'all is black');
  });

  test('with "refuse" an image in which something is found is not written', async () => {
    const { outcome, results } = await anonymize(['clean-pixel-data'], 'refuse');
    equal(outcome.end.head.summary.failed, 1);
    equal(results.length, 0);
  });

  test('an image that is likely to show a name is warned of, or refused where the setting says so', async () => {
    const warned = await anonymize([]);
    equal(warned.outcome.end.head.summary.written, 1);
    await setting('suspects', 'refuse');
    try {
      const { outcome, source, results } = await anonymize([]);
      equal(outcome.end.head.summary.failed, 1);
      equal(results.length, 0);
      ok(languages.getDiagnostics(uri(source)).some(({ message }) => /burned into the picture/.test(message)));
      // Cleaned, it is no suspect any more.
      equal((await anonymize(['clean-pixel-data'])).outcome.end.head.summary.written, 1);
    } finally {
      await setting('suspects', undefined);
    }
  });

  test('the setting says what goes black where nobody chose', async () => {
    await setting('pixels', 'refuse');
    try {
      equal((await anonymize(['clean-pixel-data'])).outcome.end.head.summary.failed, 1);
    } finally {
      await setting('pixels', undefined);
    }
  });

  test('Contact Sheet opens a sheet of a folder', async () => {
    await run('contactSheet', uri(sampleFolder()));
    await until('the sheet', () => window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input instanceof TabInputWebview && input.viewType.includes('dicomAnonymizer.sheet'))));
  });
});
