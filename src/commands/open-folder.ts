import { commands, env, UIKind, Uri, workspace } from 'vscode';

/** Shows a folder: in the Explorer where it is part of the workspace, else by the operating system, else in a window. */
export async function openFolder(path: string): Promise<void> {
  const uri = Uri.file(path);
  if (workspace.getWorkspaceFolder(uri) !== undefined) await commands.executeCommand('revealInExplorer', uri);
  else if (env.uiKind === UIKind.Desktop && env.remoteName === undefined) await commands.executeCommand('revealFileInOS', uri);
  else await commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
