import type { Uri } from 'vscode';
import { l10n, workspace } from 'vscode';
import { liesIn } from '../anonymizer/pixels/region.ts';
import type { RegionRule } from '../anonymizer/profile.ts';
import { type Chosen, profileOf } from '../commands/choices.ts';
import { saveRegions } from '../commands/save-regions.ts';
import type { Workbench } from '../commands/workbench.ts';
import { sentence } from './failure-text.ts';
import type { PixelsCalls } from './pixels-thread.ts';
import type { Seen } from './preview-cleaner.ts';
import type { HostToImage, RegionEdits, RegionView } from './protocol-image.ts';
import type { TagsCalls } from './tags-thread.ts';
import { type Thread, ThreadError } from './thread-calls.ts';

/** Largest file that is read as a whole, where it does not lie on a disk. */
const WHOLE = 512 << 20;

export interface ImageEvents {
  post(message: HostToImage): void;
  /** What looking at the picture has come to, where that is new. */
  seen(seen: Seen): void;
  /** Regions were drawn while Clean Pixel Data was off. */
  needOption(): Promise<void>;
}

/** The regions of one open image: what is proposed, what a person has drawn, and what is kept of it. */
export class ImageSession {
  private isOpen = false;
  private series: string | undefined;
  private chosen: Chosen | undefined;
  private newest = 0;
  private last: Promise<void> = Promise.resolve();
  private seen: Seen = { isBlacked: false, isTextLeft: false };
  /** In the frame that was looked at last. */
  private found: readonly RegionView[] = [];
  /** In any frame so far. */
  private readonly everFound = new Map<number, readonly RegionView[]>();

  constructor(
    private readonly id: number, private readonly uri: Uri, private readonly threads: { readonly tags: Thread<TagsCalls>; readonly pixels: Thread<PixelsCalls> },
    private readonly workbench: Workbench, private readonly events: ImageEvents,
  ) {}

  /** The file is another than before, or was changed. */
  reopened(): void {
    this.isOpen = false;
    this.series = undefined;
    this.seen = { isBlacked: false, isTextLeft: false };
    this.found = [];
    this.everFound.clear();
  }

  choose(chosen: Chosen): void {
    const isOther = JSON.stringify([this.chosen?.profile, this.chosen?.options, this.chosen?.pixels]) !== JSON.stringify([chosen.profile, chosen.options, chosen.pixels]);
    if (isOther) this.everFound.clear();
    this.chosen = chosen;
  }

  /** Looks at a frame stage by stage; a newer question ends an older one. */
  look(frame: number): void {
    const serial = ++this.newest;
    this.last = this.last.then(() => this.lookNow(frame, serial)).catch((error: unknown) => this.fail(frame, error));
  }

  private async lookNow(frame: number, serial: number): Promise<void> {
    if (serial !== this.newest || this.chosen === undefined) return;
    const choices = await profileOf(this.workbench, this.chosen);
    if (!choices.options.has('clean-pixel-data')) {
      this.found = [];
      this.events.post({ type: 'regions', frame, stage: 'off', regions: [], edits: await this.edits() });
      return;
    }
    await this.open();
    for (const stage of await this.threads.pixels.call('stages', { id: this.id, choices })) {
      this.found = await this.threads.pixels.call('look', { id: this.id, choices, frame, stage });
      this.everFound.set(frame, this.found);
      if (serial !== this.newest) return;
      const edits = await this.edits();
      this.events.post({ type: 'regions', frame, stage, regions: this.found, edits });
      this.tellSeen(edits);
    }
    this.events.post({ type: 'regions', frame, stage: 'read', regions: this.found, edits: await this.edits() });
  }

  async edit(edits: RegionEdits): Promise<void> {
    const rule = await this.ruleOf(edits, edits.scope);
    const hadDrawn = (await this.edits()).drawn.length > 0;
    this.workbench.regions.set(this.uri.toString(), this.series ?? '', edits, rule);
    this.tellSeen(edits);
    if (edits.drawn.length > 0 && !hadDrawn) await this.events.needOption();
  }

  /** Writes what was drawn into a profile file that a person chooses. */
  async save(): Promise<void> {
    await saveRegions(this.workbench, async (scope) => this.ruleOf(await this.edits(), scope));
  }

  close(): void {
    void this.threads.pixels.call('close', { id: this.id }).catch(() => {});
  }

  /** By the thread of the tags, which answers at once: what was drawn holds for a run that begins now. */
  private ruleOf(edits: RegionEdits, scope: 'image' | 'series' | 'device'): Promise<RegionRule> {
    return this.threads.tags.call('rule', { id: this.id, edits, reason: l10n.t('Drawn by hand'), scope });
  }

  private async edits(): Promise<RegionEdits> {
    this.series ??= await this.threads.tags.call('series', { id: this.id });
    return this.workbench.regions.get(this.uri.toString(), this.series);
  }

  private async open(): Promise<void> {
    if (this.isOpen) return;
    const { id, uri, threads: { pixels: thread } } = this;
    const bundle = l10n.bundle ?? {};
    this.isOpen = true;
    if (uri.scheme === 'file') return thread.call('open', { id, path: uri.fsPath, bundle });
    const { size } = await workspace.fs.stat(uri);
    if (size > WHOLE) throw new ThreadError({ name: 'DicomError', code: 'limit', text: 'it does not lie on a disk of this machine' });
    return thread.call('open', { id, bytes: await workspace.fs.readFile(uri), bundle });
  }

  private tellSeen({ drawn, kept }: RegionEdits): void {
    const found = [...this.everFound.values()].flat();
    const stays = (region: RegionView) => region.isLeft || (region.kind === 'text' && kept.some((place) => liesIn(region, place)));
    const seen = { isBlacked: drawn.length > 0 || found.some((region) => !stays(region)), isTextLeft: found.some(stays) };
    if (seen.isBlacked === this.seen.isBlacked && seen.isTextLeft === this.seen.isTextLeft) return;
    this.seen = seen;
    this.events.seen(seen);
  }

  private fail(frame: number, error: unknown): void {
    const failure = error instanceof ThreadError ? error.failure : undefined;
    if (failure?.code === 'ended') return;
    this.workbench.log.warn(`A picture could not be looked at: ${failure?.code ?? (error instanceof Error ? error.name : 'unknown')}`);
    const problem = failure?.name === 'DicomError' ? sentence(failure.text) : l10n.t('The reason is in the log (command DICOM: Show Log).');
    this.isOpen = false;
    // What was known before stays to be seen.
    void this.edits().then((edits) => this.events.post({ type: 'regions', frame, stage: 'known', regions: this.found, edits, problem }), () => {});
  }
}
