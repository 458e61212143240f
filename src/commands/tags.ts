import { basename } from 'node:path';
import { commands, type Disposable, l10n, Uri, workspace } from 'vscode';
import type { CopyPart } from '../views/protocol.ts';
import type { TagsEditor } from '../views/tags-editor.ts';
import { chosenUris } from './chosen-uris.ts';

/** What the context menu of a row hands over. */
interface RowContext {
  readonly row?: number | undefined;
}

const COPIES: readonly (readonly [command: string, part: CopyPart])[] = [
  ['copyBefore', 'before'], ['copyAfter', 'after'], ['copyTag', 'tag'], ['copyPath', 'path'], ['copyRow', 'row'],
];

/** Texts of *Compare as Text*: a uri's query names the file, its path the side. */
const SCHEME = 'dicom-tags';

/** The commands of the tags editor. */
export function registerTags(editor: TagsEditor): Disposable[] {
  return [
    commands.registerCommand('dicomAnonymizer.openTags', async (uri?: Uri, selected?: readonly Uri[]) => {
      for (const file of await chosenUris(uri, Array.isArray(selected) ? selected : undefined, l10n.t('Open'))) {
        await commands.executeCommand('vscode.openWith', file, 'dicomAnonymizer.tagsOfAny');
      }
    }),
    commands.registerCommand('dicomAnonymizer.openAsText', async (uri?: Uri) => {
      const file = uri ?? editor.active?.uri;
      if (file !== undefined) await commands.executeCommand('vscode.openWith', file, 'default');
    }),
    commands.registerCommand('dicomAnonymizer.compareAsText', async (uri?: Uri) => {
      const [file] = editor.active === undefined || uri !== undefined ? await chosenUris(uri, undefined, l10n.t('Compare')) : [editor.active.uri];
      if (file === undefined) return;
      const name = basename(file.path);
      await commands.executeCommand('vscode.diff', sideUri(file, 'before'), sideUri(file, 'after'), l10n.t('{0}: before ↔ after', name));
    }),
    commands.registerCommand('dicomAnonymizer.toggleImage', () => editor.active?.tell('toggleImage')),
    ...COPIES.map(([command, part]) => commands.registerCommand(`dicomAnonymizer.${command}`, async (context?: RowContext) => {
      if (context?.row !== undefined) await editor.active?.copy(context.row, part);
    })),
    commands.registerCommand('dicomAnonymizer.openStandard', async (context?: RowContext) => {
      if (context?.row !== undefined) await editor.active?.openStandard(context.row);
    }),
    workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => editor.textOf(Uri.parse(uri.query, true), uri.fragment === 'after' ? 'after' : 'before'),
    }),
  ];
}

function sideUri(file: Uri, side: 'before' | 'after'): Uri {
  return Uri.from({ scheme: SCHEME, path: `/${side}/${basename(file.path)}.txt`, query: file.toString(), fragment: side });
}
