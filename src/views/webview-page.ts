import { randomBytes } from 'node:crypto';
import { env, Uri, type Webview } from 'vscode';

/**
 * The page of a webview: its own script and style and nothing else. Every value comes later, by message, and is set as
 * text. No source may be reached but these two files.
 */
export function webviewPage(webview: Webview, extensionUri: Uri, name: 'tags' | 'report' | 'sheet', title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', 'webview', `${name}.js`));
  const style = webview.asWebviewUri(Uri.joinPath(extensionUri, 'media', `${name}.css`));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${env.language.replace(/[^A-Za-z-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replace(/[<>&"]/g, '')}</title>
<link rel="stylesheet" href="${style}">
</head>
<body data-vscode-context='{"preventDefaultContextMenuItems": true}'>
<main id="root"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
