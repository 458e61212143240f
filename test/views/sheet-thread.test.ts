import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sampleStudy } from '../../src/sample/study.ts';
import type { SheetCalls } from '../../src/views/sheet-thread.ts';
import { Thread } from '../../src/views/thread-calls.ts';
import { writeData } from '../bench/data.ts';
import { workerScript } from '../batch/worker-script.ts';

describe('the thread of a contact sheet', () => {
  let script: string;
  beforeAll(() => { script = workerScript('src/views/sheet-thread.ts'); });

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'dicom-sheet-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }

  function thread(): Thread<SheetCalls> {
    const made = new Thread<SheetCalls>(script);
    onTestFinished(() => made.stop());
    return made;
  }

  it('gathers images by series, names them by folder and file alone, and draws the lightest of each', async () => {
    const source = folder();
    for (const { path, bytes } of sampleStudy()) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), bytes);
    }
    writeFileSync(join(source, 'notes.txt'), 'no image');
    const sheet = thread();
    const { series, isStopped } = await sheet.call('scan', { folder: source });
    expect(isStopped).toBe(false);
    expect(series).toEqual([{ label: 'DANDRA_NICOLO/CT', files: 8 }, { label: 'DANDRA_NICOLO/ECO_20240517', files: 3 }, { label: 'YAMADA_TAROU/CR/IM0001.dcm', files: 1 }]);
    const tile = await sheet.call('tile', { index: 1 });
    expect([tile?.width, tile?.height, tile?.bytes.length]).toEqual([320, 240, 320 * 240]);
    // The name is burned into one of the three; the others are dark there.
    expect(Math.max(...(tile?.bytes.subarray(0, 320 * 20) ?? []))).toBeGreaterThan(200);
    const path = await sheet.call('fileOf', { index: 1 });
    expect(readFileSync(path ?? '').subarray(128, 132).toString()).toBe('DICM');
  });

  it('shows what cannot be shown as such, lest it be taken for seen', async () => {
    const source = folder();
    const [{ bytes }] = sampleStudy().filter(({ path }) => path.endsWith('ECO_20240517/IM0001.dcm'));
    // A Transfer Syntax that no codec knows, under the same length.
    const text = Buffer.from(bytes).toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.9\0');
    writeFileSync(join(source, 'IM\u202e1'), Buffer.from(text, 'latin1'));
    const sheet = thread();
    expect((await sheet.call('scan', { folder: source })).series).toEqual([{ label: 'IM‹U+202E›1', files: 1 }]);
    await expect(sheet.call('tile', { index: 0 })).rejects.toThrow();
  });

  it('says how many images of a series are not in its picture', async () => {
    const source = folder();
    writeData(source, { files: 3, rows: 16, columns: 16 });
    const path = join(source, 'S0000/IM000001.dcm');
    const whole = readFileSync(path);
    // The value of Pixel Data is too short for the rows: (0028,0010) says 32 and not 16.
    const rows = whole.indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53]));
    whole.writeUInt16LE(32, rows + 8);
    writeFileSync(path, whole);
    const sheet = thread();
    expect((await sheet.call('scan', { folder: source })).series).toEqual([{ label: 'S0000', files: 3 }]);
    expect(await sheet.call('tile', { index: 0 })).toMatchObject({ missing: 1, width: 16, height: 16 });
  });

  it('stops within a moment, in the middle of a folder and of a series', async () => {
    const source = folder();
    writeData(source, { files: 400, rows: 512, columns: 512 });
    const sheet = thread();
    const scanning = sheet.call('scan', { folder: source });
    await sheet.call('scanned', undefined);
    const began = performance.now();
    await sheet.call('stop', undefined);
    const { isStopped } = await scanning;
    expect(isStopped).toBe(true);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
