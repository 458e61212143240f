import { basename } from 'node:path';
import { commands, env, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { bundle, type Workbench } from '../commands/workbench.ts';
import { sentence } from './failure-text.ts';
import type { HostToSheet, SheetToHost } from './protocol-image.ts';
import type { SheetCalls } from './sheet-thread.ts';
import { sheetTexts } from './texts.ts';
import { Thread, ThreadError } from './thread-calls.ts';
import { webviewPage } from './webview-page.ts';

/** How often the number of files is told while a folder is gathered. */
const POLL_MS = 200;

/** The contact sheet of a folder: one picture a series. Its thread lives as long as it is open. */
export class SheetPanel {
  private readonly thread = new Thread<SheetCalls>(bundle('views-sheet-thread'));
  private readonly sent = new Set<number>();
  private count = 0;
  /** Where the pictures are that are seen. */
  private wanted = { from: 0, count: 0 };
  private gathering: Promise<void> | undefined;
  private isStopped = false;
  private isDrawing = false;

  private constructor(private readonly panel: WebviewPanel, private readonly folder: Uri, private readonly workbench: Workbench) {
    panel.webview.onDidReceiveMessage((message: SheetToHost) => void this.answer(message).catch(() => this.workbench.log.warn('The contact sheet could not be shown')));
    panel.onDidDispose(() => { this.isStopped = true; this.thread.stop(); });
  }

  static show(workbench: Workbench, folder: Uri): SheetPanel {
    const { extensionUri } = workbench.extension;
    const title = l10n.t('Contact sheet: {0}', basename(folder.path));
    const panel = window.createWebviewPanel('dicomAnonymizer.sheet', title, ViewColumn.Active, {
      enableScripts: true, localResourceRoots: [Uri.joinPath(extensionUri, 'dist', 'webview'), Uri.joinPath(extensionUri, 'media')],
    });
    panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
    const sheet = new SheetPanel(panel, folder, workbench);
    panel.webview.html = webviewPage(panel.webview, extensionUri, 'sheet', title);
    return sheet;
  }

  private async answer(message: SheetToHost): Promise<void> {
    switch (message.type) {
      case 'ready': {
        this.sent.clear();
        this.post({ type: 'texts', texts: sheetTexts(), locale: env.language });
        this.gathering ??= this.gather();
        await this.gathering;
        return this.draw();
      }
      case 'want':
        this.wanted = message;
        return this.draw();
      case 'open': {
        const path = await this.thread.call('fileOf', { index: message.index });
        if (path !== undefined) await commands.executeCommand('vscode.openWith', Uri.file(path), 'dicomAnonymizer.tagsOfAny');
        return;
      }
      case 'stop':
        this.isStopped = true;
        await this.thread.call('stop', undefined);
        this.post({ type: 'stopped' });
    }
  }

  private async gather(): Promise<void> {
    let isOver = false;
    const running = this.thread.call('scan', { folder: this.folder.fsPath }).finally(() => { isOver = true; });
    running.catch(() => {});
    while (!isOver) {
      await Promise.race([running.catch(() => {}), new Promise((resolve) => { setTimeout(resolve, POLL_MS); })]);
      if (!isOver) this.post({ type: 'scanning', files: await this.thread.call('scanned', undefined) });
    }
    const { series, isStopped } = await running;
    this.count = series.length;
    this.workbench.log.info(`Contact sheet of ${series.length} series`);
    this.post({ type: 'series', series, isStopped });
  }

  /** One picture after another: those that are seen first, then those below. */
  private async draw(): Promise<void> {
    if (this.isDrawing) return;
    this.isDrawing = true;
    try {
      for (let index = this.next(); index !== undefined && !this.isStopped; index = this.next()) {
        this.sent.add(index);
        try {
          const tile = await this.thread.call('tile', { index });
          if (tile !== undefined) this.post({ type: 'tile', index, ...tile });
        } catch (error) {
          if (!(error instanceof ThreadError) || error.failure.code === 'ended') return;
          this.post({ type: 'noTile', index, text: sentence(error.failure.text) });
        }
      }
    } finally {
      this.isDrawing = false;
    }
  }

  private next(): number | undefined {
    const { from, count } = this.wanted;
    for (let index = from; index < Math.min(from + count, this.count); index++) if (!this.sent.has(index)) return index;
    // A screen ahead of what is seen, and no more: a folder may hold thousands.
    for (let index = from + count; index < Math.min(from + 2 * count, this.count); index++) if (!this.sent.has(index)) return index;
    return undefined;
  }

  private post(message: HostToSheet): void {
    void this.panel.webview.postMessage(message);
  }
}
