import { type CancellationToken, type CustomDocument, type CustomReadonlyEditorProvider, type Disposable, type Uri, type WebviewPanel, window } from 'vscode';
import { bundle, type Workbench } from '../commands/workbench.ts';
import type { PixelsCalls } from './pixels-thread.ts';
import { TagsSession } from './tags-session.ts';
import type { TagsCalls } from './tags-thread.ts';
import { Thread } from './thread-calls.ts';

/** Both kinds of the editor: for known extensions by default, for any file by choice. */
export const TAGS_EDITORS = ['dicomAnonymizer.tags', 'dicomAnonymizer.tagsOfAny'];

/** Opens files in the tags editor. One thread reads and plans for all that are open. */
export class TagsEditor implements CustomReadonlyEditorProvider {
  private readonly thread: Thread<TagsCalls>;
  private readonly pixels: Thread<PixelsCalls>;
  private readonly sessions = new Set<TagsSession>();
  private serial = 0;

  constructor(private readonly workbench: Workbench, private readonly keyOf: () => Promise<Uint8Array>) {
    this.thread = new Thread<TagsCalls>(bundle('views-tags-thread'), () => workbench.log.error('The thread of the tags editor ended'));
    this.pixels = new Thread<PixelsCalls>(bundle('views-pixels-thread'), () => workbench.log.error('The thread that looks at pictures ended'));
  }

  register(): Disposable[] {
    return TAGS_EDITORS.map((viewType) => window.registerCustomEditorProvider(viewType, this, { supportsMultipleEditorsPerDocument: true }));
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel, _token: CancellationToken): Promise<void> {
    const session = new TagsSession(this.serial++, uri, panel, { tags: this.thread, pixels: this.pixels }, this.workbench, this.keyOf);
    this.sessions.add(session);
    panel.onDidDispose(() => {
      this.sessions.delete(session);
      session.dispose();
      if (this.sessions.size === 0) this.dispose();
    });
  }

  /** The editor that has the focus, or had it last of those that are seen. */
  get active(): TagsSession | undefined {
    return [...this.sessions].find(({ panel }) => panel.active) ?? [...this.sessions].find(({ panel }) => panel.visible);
  }

  /** The whole data set as text, by the choices of its editor where it is open. */
  async textOf(uri: Uri, side: 'before' | 'after'): Promise<string> {
    const open = [...this.sessions].find((session) => session.uri.toString() === uri.toString());
    if (open !== undefined) return open.textOf(side);
    return TagsSession.textOfFile(this.serial++, uri, side, this.thread, this.workbench, this.keyOf);
  }

  dispose(): void {
    this.thread.stop();
    this.pixels.stop();
  }
}
