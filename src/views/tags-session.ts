import { basename } from 'node:path';
import { Disposable, env, l10n, RelativePattern, Uri, type WebviewPanel, window, workspace, commands } from 'vscode';
import { ProfileError } from '../anonymizer/profile.ts';
import { allChoices, currentChoice, keepChoice, profileOf } from '../commands/choices.ts';
import type { Workbench } from '../commands/workbench.ts';
import { sentence, unreadable } from './failure-text.ts';
import { ImageSession } from './image-session.ts';
import type { PixelsCalls } from './pixels-thread.ts';
import type { Seen } from './preview-cleaner.ts';
import type { CopyPart, FileFacts, HostToTags, TagsToHost, ViewState } from './protocol.ts';
import type { Box } from './protocol-image.ts';
import { standardPage } from './standard-page.ts';
import type { TagsCalls } from './tags-thread.ts';
import { tagsTexts } from './texts.ts';
import { type Thread, ThreadError } from './thread-calls.ts';
import { webviewPage } from './webview-page.ts';

/** Largest file that is read as a whole, where it does not lie on a disk. */
const WHOLE = 512 << 20;

type KeyOf = () => Promise<Uint8Array>;
const NOTHING_SEEN: Seen = { isBlacked: false, isTextLeft: false };

/** One open tags editor: passes on what the webview asks for, and opens the file again when it changes. */
export class TagsSession {
  private readonly thread: Thread<TagsCalls>;
  private readonly image: ImageSession;
  private readonly disposables: Disposable[] = [];
  /** Profile and options that the plan was made with. */
  private planned = '';
  private facts: FileFacts | undefined;
  private version = 0;
  /** Requests are answered one after another; of views only the newest. */
  private last: Promise<void> = Promise.resolve();
  private newestView = 0;
  private state: ViewState | undefined;
  private isOpen = false;
  private seen: Seen = NOTHING_SEEN;
  private frameShown = 0;
  private reloading: NodeJS.Timeout | undefined;
  private isDisposed = false;

  constructor(
    private readonly id: number, readonly uri: Uri, readonly panel: WebviewPanel,
    threads: { readonly tags: Thread<TagsCalls>; readonly pixels: Thread<PixelsCalls> }, private readonly workbench: Workbench, private readonly keyOf: KeyOf,
  ) {
    this.thread = threads.tags;
    this.image = new ImageSession(id, uri, threads, workbench, {
      post: (message) => this.post(message), seen: (seen) => this.saw(seen), needOption: () => this.needOption(),
    });
    const { webview } = panel;
    const { extensionUri } = workbench.extension;
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(extensionUri, 'dist', 'webview'), Uri.joinPath(extensionUri, 'media')] };
    this.disposables.push(webview.onDidReceiveMessage((message: TagsToHost) => this.enqueue(message)), ...this.watch());
    webview.html = webviewPage(webview, extensionUri, 'tags', l10n.t('DICOM tags'));
  }

  static async textOfFile(id: number, uri: Uri, side: 'before' | 'after', thread: Thread<TagsCalls>, workbench: Workbench, keyOf: KeyOf): Promise<string> {
    await openIn(thread, id, uri);
    try {
      await thread.call('plan', { id, choices: await profileOf(workbench, await currentChoice(workbench)), key: await keyOf(), seen: NOTHING_SEEN });
      return await thread.call('text', { id, side });
    } finally {
      await thread.call('close', { id });
    }
  }

  textOf(side: 'before' | 'after'): Promise<string> {
    return this.thread.call('text', { id: this.id, side });
  }

  tell(what: 'toggleImage' | 'focusSearch'): void {
    this.post({ type: 'do', what });
  }

  /** Copies to the clipboard what a row says; the whole value and not what fits a cell. */
  async copy(row: number, part: CopyPart): Promise<void> {
    await env.clipboard.writeText(await this.thread.call('copy', { id: this.id, row, part }));
    window.setStatusBarMessage(l10n.t('Copied'), 2000);
  }

  async openStandard(row: number): Promise<void> {
    await env.openExternal(Uri.parse(standardPage(await this.thread.call('copy', { id: this.id, row, part: 'why' }))));
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.reloading);
    Disposable.from(...this.disposables).dispose();
    void this.thread.call('close', { id: this.id }).catch(() => {});
    this.image.close();
  }

  private enqueue(message: TagsToHost): void {
    if (message.type === 'view') this.newestView = message.serial;
    this.last = this.last.then(() => this.answer(message)).catch((error: unknown) => this.fail(error));
    if (message.type === 'edit') this.workbench.regions.expect(this.last);
  }

  private async answer(message: TagsToHost): Promise<void> {
    if (this.isDisposed) return;
    switch (message.type) {
      case 'ready': return this.opened(message.state);
      case 'view': if (message.serial === this.newestView) await this.look(message); return;
      case 'page': {
        if (message.version !== this.version) return;
        const rows = await this.thread.call('page', { id: this.id, from: message.from, count: message.count });
        return this.post({ type: 'page', version: message.version, from: message.from, rows });
      }
      case 'detail': {
        if (message.version !== this.version) return;
        const detail = await this.thread.call('detail', { id: this.id, row: message.id, whole: message.whole });
        return this.post({ type: 'detail', version: message.version, detail });
      }
      case 'frame': return this.frame(message.frame, message.black ?? []);
      case 'regions': return this.image.look(message.frame);
      case 'edit': return this.image.edit(message.edits);
      case 'saveRegions': void this.image.save(); return;
      case 'copy': return this.copy(message.id, message.part);
      case 'openStandard': return this.openStandard(message.id);
      case 'openAsText': await commands.executeCommand('vscode.openWith', this.uri, 'default'); return;
      case 'retry': return this.opened(this.state);
      case 'browseProfile': return this.browseProfile();
    }
  }

  private async opened(state: ViewState | undefined): Promise<void> {
    this.post({ type: 'texts', texts: tagsTexts(), locale: env.language });
    const started = performance.now();
    this.isOpen = false;
    this.planned = '';
    await openIn(this.thread, this.id, this.uri);
    this.isOpen = true;
    this.seen = NOTHING_SEEN;
    this.image.reopened();
    const chosen = state ?? { query: '', chip: 'all', folded: [], ...await currentChoice(this.workbench) } satisfies ViewState;
    await this.plan(chosen);
    const choices = await allChoices(this.workbench, chosen.profile);
    this.workbench.log.info(`Opened a file of ${this.facts?.elements ?? 0} elements in ${Math.round(performance.now() - started)} ms`);
    this.post({ type: 'opened', facts: this.facts as FileFacts, choices, state: this.state as ViewState });
  }

  private async look({ serial, state, focus }: Extract<TagsToHost, { type: 'view' }>): Promise<void> {
    if (!this.isOpen) return;
    const isOther = this.state !== undefined && state.profile !== this.state.profile;
    await this.plan(isOther ? { ...state, ...await this.choiceOf(state.profile) } : state);
    if (isOther) this.post({ type: 'opened', facts: this.facts as FileFacts, choices: await allChoices(this.workbench, state.profile), state: this.state as ViewState });
    const { query, chip, folded } = state;
    const looked = await this.thread.call('look', { id: this.id, selection: { query, chip, folded }, focus });
    this.version += 1;
    this.post({ type: 'view', serial, version: this.version, ...looked, facts: this.facts as FileFacts });
  }

  /** Decides anew where profile or options are others than before. */
  private async plan(state: ViewState): Promise<void> {
    this.state = state;
    const wanted = JSON.stringify([state.profile, [...state.options].sort(), state.pixels, this.seen]);
    if (wanted === this.planned) return;
    let profile: Awaited<ReturnType<typeof profileOf>>;
    try {
      profile = await profileOf(this.workbench, state);
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      void window.showErrorMessage(l10n.t(error.message));
      this.state = { ...state, profile: '', options: state.options };
      profile = await profileOf(this.workbench, { profile: '', options: [], pixels: state.pixels });
    }
    this.facts = await this.thread.call('plan', { id: this.id, choices: profile, key: await this.keyOf(), seen: this.seen });
    this.planned = wanted;
    this.image.choose(this.state);
    keepChoice(this.workbench, this.state);
    // The tags say what becomes of the pixels; they are looked at whether the picture is shown or not.
    if (this.facts.frames > 0 && this.facts.refusal === undefined && profile.options.has('clean-pixel-data')) this.image.look(this.frameShown);
  }

  private async choiceOf(path: string): Promise<Pick<ViewState, 'options' | 'pixels'>> {
    const { profiles } = await allChoices(this.workbench, path);
    const { options = [], pixels } = profiles.find((profile) => profile.path === path) ?? {};
    return { options, pixels };
  }

  private async browseProfile(): Promise<void> {
    const [file] = await window.showOpenDialog({ title: l10n.t('Choose a profile'), filters: { [l10n.t('Profiles')]: ['yaml', 'yml', 'json'] } }) ?? [];
    if (file !== undefined) await this.use(file.fsPath);
  }

  /** Takes up a profile, or one that has changed, with the options that it names. */
  private async use(profile: string): Promise<void> {
    if (this.state === undefined || !this.isOpen) return;
    this.planned = '';
    await this.planAnew({ ...this.state, profile, ...await this.choiceOf(profile) });
  }

  private async planAnew(state: ViewState): Promise<void> {
    await this.plan(state);
    this.post({ type: 'opened', facts: this.facts as FileFacts, choices: await allChoices(this.workbench, state.profile), state: this.state as ViewState });
  }

  /** What was found in the picture changes the plan, and with it the tags. */
  private saw(seen: Seen): void {
    this.seen = seen;
    this.post({ type: 'do', what: 'askAgain' });
  }

  /** Who draws a region wants it black. */
  private async needOption(): Promise<void> {
    const { state } = this;
    if (state === undefined || state.options.includes('clean-pixel-data')) return;
    await this.planAnew({ ...state, options: [...state.options, 'clean-pixel-data'] });
    void window.showInformationMessage(l10n.t('The option Clean Pixel Data is on now: without it nothing goes black.'));
  }

  private async frame(frame: number, black: readonly Box[]): Promise<void> {
    this.frameShown = frame;
    try {
      this.post({ type: 'frame', image: await this.thread.call('frame', { id: this.id, frame, black }) });
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error;
      this.post({ type: 'noFrame', frame, text: sentence(error.failure.text) });
    }
  }

  private fail(error: unknown): void {
    if (this.isDisposed) return;
    const reason = error instanceof ThreadError ? `${error.failure.name} ${error.failure.code ?? ''}` : error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : 'unknown';
    this.workbench.log.warn(`A file could not be shown: ${reason}`);
    this.isOpen = false;
    this.post({ type: 'texts', texts: tagsTexts(), locale: env.language });
    this.post({ type: 'unreadable', ...unreadable(error) });
  }

  private post(message: HostToTags): void {
    if (!this.isDisposed) void this.panel.webview.postMessage(message);
  }

  /** Opens the file again when it changes, once it has come to rest; a profile that is saved is taken up at once. */
  private watch(): Disposable[] {
    const name = basename(this.uri.path).replace(/[[\]{}*?]/g, '[$&]');
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(this.uri, '..'), name));
    const reload = () => {
      clearTimeout(this.reloading);
      this.reloading = setTimeout(() => { this.last = this.last.then(() => this.opened(this.state)).catch((error: unknown) => this.fail(error)); }, 300);
    };
    const profiles = workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.fsPath !== this.state?.profile) return;
      this.last = this.last.then(() => this.use(uri.fsPath)).catch((error: unknown) => this.fail(error));
    });
    return [watcher, profiles, watcher.onDidChange(reload), watcher.onDidCreate(reload), watcher.onDidDelete(reload)];
  }
}

async function openIn(thread: Thread<TagsCalls>, id: number, uri: Uri): Promise<void> {
  if (uri.scheme === 'file') return thread.call('open', { id, path: uri.fsPath, bundle: l10n.bundle ?? {} });
  const { size } = await workspace.fs.stat(uri);
  if (size > WHOLE) throw new ThreadError({ name: 'DicomError', code: 'limit', text: 'it does not lie on a disk of this machine' });
  return thread.call('open', { id, bytes: await workspace.fs.readFile(uri), bundle: l10n.bundle ?? {} });
}
