import { l10n } from 'vscode';
import { sentenceIn } from './say.ts';
import { ThreadError } from './thread-calls.ts';

/** What a page says instead of the tags. */
export interface Unreadable {
  readonly title: string;
  readonly text: string;
}

/** Why a file cannot be shown, in the words of a person and without a stack. */
export function unreadable(error: unknown): Unreadable {
  const failure = error instanceof ThreadError ? error.failure : undefined;
  switch (failure?.code) {
    case 'not-dicom':
      if (failure.text.startsWith('not a regular file')) return { title: l10n.t('This is not a regular file'), text: l10n.t('It is a pipe, a socket or a device, which is never opened.') };
      return failure.text.startsWith('the file is empty')
        ? { title: l10n.t('This file is empty'), text: l10n.t('It has no bytes, so there are no tags to show.') }
        : { title: l10n.t('This is not a DICOM file'), text: l10n.t('It has neither the DICOM prefix nor data elements at its start.') };
    case 'damaged': return { title: l10n.t('This DICOM file is damaged or cut off'), text: l10n.t('Its data elements contradict themselves: {0}. Perhaps it was not copied to its end.', sentence(failure.text)) };
    case 'limit': return { title: l10n.t('This file is too large to be shown'), text: sentence(failure.text) };
    case 'unsupported-transfer-syntax': return { title: l10n.t('This Transfer Syntax is not known'), text: l10n.t('The file is encoded in a way that the standard does not define.') };
    case 'ENOENT': case 'FileNotFound': return { title: l10n.t('This file is no longer there'), text: l10n.t('It was moved or deleted. When it comes back, it is shown again.') };
    case 'EACCES': case 'EPERM': case 'NoPermissions': return { title: l10n.t('You may not read this file'), text: l10n.t('The operating system denies permission.') };
    case 'EISDIR': case 'FileIsADirectory': return { title: l10n.t('This is a folder'), text: l10n.t('Choose a file in it.') };
    case 'ERR_WORKER_OUT_OF_MEMORY': return { title: l10n.t('There is not enough memory to show this file'), text: l10n.t('It has more data elements than can be held.') };
    default: return { title: l10n.t('This file cannot be shown'), text: l10n.t('The reason is in the log (command DICOM: Show Log).') };
  }
}

/** A sentence of the core in the person's language; tag and offset behind it stay as they are. */
export function sentence(text: string): string {
  translate ??= sentenceIn(l10n.bundle ?? {});
  return translate(text);
}

let translate: ((text: string) => string) | undefined;
