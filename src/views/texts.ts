import { l10n } from 'vscode';

/**
 * What the webviews say, by its English, in the person's language. Webviews cannot ask VS Code themselves; a test
 * compares this list with what their code asks for.
 */
export function tagsTexts(): Record<string, string> {
  return byEnglish([
    ['Tag', l10n.t('Tag')], ['Name', l10n.t('Name')], ['VR', l10n.t('VR')], ['Before', l10n.t('Before')], ['After', l10n.t('After')], ['Why', l10n.t('Why')],
    ['Kept', l10n.t('Kept')], ['Removed', l10n.t('Removed')], ['Emptied', l10n.t('Emptied')], ['Replaced', l10n.t('Replaced')],
    ['Remapped', l10n.t('Remapped')], ['Cleaned', l10n.t('Cleaned')], ['Added', l10n.t('Added')],
    ['All', l10n.t('All')], ['Changed', l10n.t('Changed')], ['Private', l10n.t('Private')], ['Needs attention', l10n.t('Needs attention')],
    ['DICOM tags', l10n.t('DICOM tags')], ['Data elements', l10n.t('Data elements')], ['Item {0}', l10n.t('Item {0}')], ['Not in the dictionary', l10n.t('Not in the dictionary')],
    ['+{0} more', l10n.t('+{0} more')], ['Details', l10n.t('Details')], ['Choose a row to see all of it.', l10n.t('Choose a row to see all of it.')],
    ['Copy', l10n.t('Copy')], ['Copy Path', l10n.t('Copy Path')], ['Copy Row', l10n.t('Copy Row')],
    ['Copy Value Before', l10n.t('Copy Value Before')], ['Copy Value After', l10n.t('Copy Value After')],
    ['Close the details', l10n.t('Close the details')], ['Open the standard', l10n.t('Open the standard')],
    ['Not there', l10n.t('Not there')], ['Empty', l10n.t('Empty')], ['Show {0} more characters', l10n.t('Show {0} more characters')],
    ['Path', l10n.t('Path')], ['Length', l10n.t('Length')], ['{0} bytes', l10n.t('{0} bytes')], ['Private Creator', l10n.t('Private Creator')],
    ['Search tag, keyword, name or value', l10n.t('Search tag, keyword, name or value')], ['Profile', l10n.t('Profile')], ['Show', l10n.t('Show')],
    ['Another profile file…', l10n.t('Another profile file…')], ['Options', l10n.t('Options')], ['Options: {0} of {1}', l10n.t('Options: {0} of {1}')],
    ['{0} elements', l10n.t('{0} elements')], ['{0} of {1} elements', l10n.t('{0} of {1} elements')],
    ['It cannot be anonymized this way: {0}', l10n.t('It cannot be anonymized this way: {0}')],
    ['Image', l10n.t('Image')], ['Frame', l10n.t('Frame')], ['Reset', l10n.t('Reset')], ['Close the image', l10n.t('Close the image')],
    ['This file holds no image.', l10n.t('This file holds no image.')], ['The image cannot be shown: {0}', l10n.t('The image cannot be shown: {0}')],
    ['Level {0} · Window {1}', l10n.t('Level {0} · Window {1}')],
    ['Frame {0}: {1} × {2} pixels. Arrow keys change window and level.', l10n.t('Frame {0}: {1} × {2} pixels. Arrow keys change window and level.')],
    ['Nothing matches.', l10n.t('Nothing matches.')], ['Show all elements', l10n.t('Show all elements')],
    ['Open in Text Editor', l10n.t('Open in Text Editor')], ['Try Again', l10n.t('Try Again')],
  ]);
}

export function reportTexts(): Record<string, string> {
  return byEnglish([
    ['Files', l10n.t('Files')], ['Files by outcome', l10n.t('Files by outcome')], ['What was done to the attributes', l10n.t('What was done to the attributes')],
    ['Attributes', l10n.t('Attributes')], ['Why not', l10n.t('Why not')], ['Tag', l10n.t('Tag')], ['Name', l10n.t('Name')], ['Action', l10n.t('Action')], ['Count', l10n.t('Count')],
    ['Input', l10n.t('Input')], ['Output', l10n.t('Output')], ['Outcome', l10n.t('Outcome')], ['Note', l10n.t('Note')], ['Reason', l10n.t('Reason')],
    ['All', l10n.t('All')], ['Written', l10n.t('Written')], ['Skipped', l10n.t('Skipped')], ['Failed', l10n.t('Failed')], ['With warnings', l10n.t('With warnings')],
    ['Show', l10n.t('Show')], ['Previous', l10n.t('Previous')], ['Next', l10n.t('Next')], ['{0} to {1} of {2}', l10n.t('{0} to {1} of {2}')], ['No files.', l10n.t('No files.')],
    ['Export', l10n.t('Export')], ['Open Folder', l10n.t('Open Folder')], ['Run', l10n.t('Run')], ['Search attributes', l10n.t('Search attributes')],
  ]);
}

function byEnglish(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(pairs);
}
