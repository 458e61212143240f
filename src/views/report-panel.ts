import { basename, isAbsolute, join } from 'node:path';
import { commands, env, l10n, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { openFolder } from '../commands/open-folder.ts';
import { refusalText } from '../commands/problems.ts';
import type { RunCalls } from '../commands/run-thread.ts';
import type { Workbench } from '../commands/workbench.ts';
import { sentence } from './failure-text.ts';
import type { HostToReport, ReportToHost } from './protocol.ts';
import { reportView } from './report-words.ts';
import { reportTexts } from './texts.ts';
import type { Thread } from './thread-calls.ts';
import { webviewPage } from './webview-page.ts';

let open: ReportPanel | undefined;

/** The report of a run as a page; its files are fetched from the run's thread as they are looked at. */
export class ReportPanel {
  private constructor(
    private readonly panel: WebviewPanel, private readonly workbench: Workbench,
    private thread: Thread<RunCalls>, private output: string, private name: string,
  ) {
    panel.webview.onDidReceiveMessage((message: ReportToHost) => void this.answer(message).catch(() => this.workbench.log.warn('The report could not be shown')));
    panel.onDidDispose(() => { open = undefined; });
  }

  /** There is one report at a time, as there is one run. */
  static async show(workbench: Workbench, thread: Thread<RunCalls>, output: string, name: string): Promise<void> {
    const title = l10n.t('Report: {0}', name);
    if (open !== undefined) {
      open.panel.reveal();
      await ReportPanel.renew(thread, output, name);
      return;
    }
    const { extensionUri } = workbench.extension;
    const panel = window.createWebviewPanel('dicomAnonymizer.report', title, ViewColumn.Active, {
      enableScripts: true, localResourceRoots: [Uri.joinPath(extensionUri, 'dist', 'webview'), Uri.joinPath(extensionUri, 'media')],
    });
    panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
    open = new ReportPanel(panel, workbench, thread, output, name);
    panel.webview.html = webviewPage(panel.webview, extensionUri, 'report', title);
  }

  /** Shows a newer report where one is looked at, without taking the focus. */
  static async renew(thread: Thread<RunCalls>, output: string, name: string): Promise<void> {
    if (open === undefined) return;
    Object.assign(open, { thread, output, name });
    open.panel.title = l10n.t('Report: {0}', name);
    await open.send();
  }

  private async send(): Promise<void> {
    const head = await this.thread.call('head', undefined);
    this.post({ type: 'report', texts: reportTexts(), locale: env.language, report: reportView(head, this.name) });
  }

  private async answer(message: ReportToHost): Promise<void> {
    switch (message.type) {
      case 'ready': return this.send();
      case 'files': {
        const { total, files } = await this.thread.call('files', message);
        return this.post({ type: 'files', filter: message.filter, from: message.from, total, rows: files.map(({ input, output, status, reason, warnings }) => ({
          input: workspace.asRelativePath(input, false), output: output ?? '', status, note: reason === undefined ? (warnings ?? []).map(sentence).join('; ') : refusalText(reason),
        })) });
      }
      case 'export': return this.export(message.format);
      case 'openFolder': return openFolder(this.output);
      case 'openFile': {
        const { files: [file] } = await this.thread.call('files', { filter: message.filter, from: message.index, count: 1 });
        if (file === undefined) return;
        const path = file.output === undefined ? file.input : join(this.output, file.output);
        await commands.executeCommand('vscode.openWith', Uri.file(isAbsolute(path) ? path : file.input), 'dicomAnonymizer.tagsOfAny');
        return;
      }
    }
  }

  private async export(format: 'json' | 'csv' | 'html'): Promise<void> {
    const file = await window.showSaveDialog({ title: l10n.t('Export the report'), defaultUri: Uri.file(`${this.output}.report.${format}`), filters: { [format.toUpperCase()]: [format] } });
    if (file === undefined) return;
    const written = await this.thread.call('export', {
      path: file.fsPath.endsWith(`.${format}`) ? file.fsPath : `${file.fsPath}.${format}`, bundle: l10n.bundle ?? {}, locale: l10n.bundle === undefined ? 'en' : env.language,
    });
    const show = l10n.t('Open');
    const answer = await window.showInformationMessage(l10n.t('The report was exported as {0}.', basename(written)), show);
    if (answer === show) await commands.executeCommand('vscode.open', Uri.file(written));
  }

  private post(message: HostToReport): void {
    void this.panel.webview.postMessage(message);
  }
}
