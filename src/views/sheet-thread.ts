import { basename, dirname, relative } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { TAG } from '../anonymizer/dicom/tag.ts';
import { topLevelText } from '../anonymizer/draft.ts';
import { systemReason, UsageError } from '../batch/errors.ts';
import { walk } from '../batch/walk.ts';
import { loadFrameCodecs } from '../codecs/load.ts';
import { visible } from './cell-text.ts';
import { framesOf, holdsVideo, pixelsOf } from './frames.ts';
import { openFile } from './open-file.ts';
import type { SheetSeries } from './protocol-image.ts';
import { Maximum } from './maximum.ts';
import { type Failure, serve } from './thread-calls.ts';

interface Series {
  readonly label: string;
  readonly files: string[];
}

/** The picture of a series, in greys. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
  /** Images of the series that could not be decoded. */
  readonly missing: number;
}

/** Milliseconds of work between two looks at what else was asked. */
const PAUSE = 40;
/** Tiles that are kept, in case they are asked for again. */
const KEPT = 400;

const codecs = loadFrameCodecs();
const tiles = new Map<number, Tile>();
let series: Series[] = [];
let scanned = 0;
let isStopped = false;

/** What the thread of a contact sheet can be asked for; one thread a sheet. */
const calls = {
  /** Walks the folder and gathers images by their series; UIDs stay in this thread. */
  async scan({ folder }: { folder: string }): Promise<{ readonly series: readonly SheetSeries[]; readonly isStopped: boolean }> {
    const bySeries = new Map<string, string[]>();
    const breathe = breather();
    for (const { path, pathBytes, refusal } of walk([folder])) {
      if (isStopped) break;
      await breathe();
      scanned += 1;
      // What cannot be opened may be an image, which nobody may take for seen.
      const isClosed = refusal?.startsWith('the folder') === true || pathBytes !== undefined;
      const key = isClosed ? `file ${path}` : refusal === undefined ? seriesOf(path) : undefined;
      if (key === undefined) continue;
      const files = bySeries.get(key);
      if (files === undefined) bySeries.set(key, [path]);
      else files.push(path);
    }
    series = [...bySeries.values()].map((files) => ({ label: labelOf(folder, files), files: files.sort() })).sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
    return { series: series.map(({ label, files }) => ({ label, files: files.length })), isStopped };
  },
  scanned(_: undefined): number {
    return scanned;
  },
  /** The maximum over all frames of a series; undefined where it was stopped before it was done. */
  async tile({ index }: { index: number }): Promise<Tile | undefined> {
    const known = tiles.get(index);
    if (known !== undefined) return { ...known, bytes: known.bytes.slice() };
    const maximum = new Maximum();
    const breathe = breather();
    let failure: unknown;
    let missing = 0;
    for (const path of series[index]?.files ?? []) {
      try {
        await addFile(path, maximum, breathe);
      } catch (error) {
        // One bad image of a series takes nothing from the others.
        failure = error;
        missing += 1;
      }
      if (isStopped) return undefined;
    }
    if (maximum.isEmpty) throw failure ?? new DicomError('damaged', 'there is no such frame');
    const tile = { width: maximum.width, height: maximum.height, bytes: maximum.pixels, missing };
    tiles.set(index, tile);
    for (const oldest of tiles.keys()) if (tiles.size > KEPT) tiles.delete(oldest);
    return { ...tile, bytes: tile.bytes.slice() };
  },
  /** The image that stands for a series: the one in its middle. */
  fileOf({ index }: { index: number }): string | undefined {
    const files = series[index]?.files ?? [];
    return files[files.length >> 1];
  },
  stop(_: undefined): void {
    isStopped = true;
  },
};

export type SheetCalls = typeof calls;

const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });

/** Undefined for what is no DICOM image; one without a series, or that cannot be read, is a series of its own. */
function seriesOf(path: string): string | undefined {
  try {
    const { source, close } = openFile(path);
    try {
      const dataSet = readDataSet(source, { inflate });
      if (framesOf(dataSet) === 0 && !holdsVideo(dataSet)) return undefined;
      return topLevelText(dataSet, TAG.SeriesInstanceUID) || `file ${path}`;
    } finally {
      close();
    }
  } catch (error) {
    return error instanceof DicomError && error.code === 'not-dicom' ? undefined : `file ${path}`;
  }
}

async function addFile(path: string, maximum: Maximum, breathe: () => Promise<void>): Promise<void> {
  const { source, close } = openFile(path);
  try {
    const dataSet = readDataSet(source, { inflate });
    if (holdsVideo(dataSet)) throw new DicomError('unsupported-transfer-syntax', 'video is not shown');
    const pixels = pixelsOf(dataSet, codecs);
    for (let frame = 0; frame < pixels.frames.count && !isStopped; frame++) {
      maximum.add(pixels.native(frame), pixels.palette);
      await breathe();
    }
  } finally {
    close();
  }
}

/** A file is called by its path below the folder, several by the folder that they lie in; what would turn a name is spelled out. */
function labelOf(folder: string, files: readonly string[]): string {
  const [first] = files;
  const label = files.length === 1 ? relative(folder, first) : relative(folder, dirname(first));
  return visible(label === '' ? basename(files.length === 1 ? first : dirname(first)) : label);
}

/** Lets other calls have their say now and then. */
function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE) return;
    await new Promise((resolve) => { setImmediate(resolve); });
    last = performance.now();
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { name: error.name, text: error.message };
  if (error instanceof DicomError) return { name: error.name, code: error.code, text: error.message };
  if (error instanceof Error && 'code' in error) return { name: 'SystemError', code: String(error.code), text: systemReason(error) };
  return { name: error instanceof Error ? error.name : 'Error', code: 'internal', text: '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
