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
    ['After: {0} regions are black.', l10n.t('After: {0} regions are black.')], ['Drag a rectangle over what is to go black (N)', l10n.t('Drag a rectangle over what is to go black (N)')], ['Draw', l10n.t('Draw')],
    ['Window and level as the file has them', l10n.t('Window and level as the file has them')], ['Divide between before and after', l10n.t('Divide between before and after')], ['Show the picture', l10n.t('Show the picture')],
    ['Compare', l10n.t('Compare')], ['Regions', l10n.t('Regions')], ['Regions: {0} black', l10n.t('Regions: {0} black')],
    ['Apply to Series', l10n.t('Apply to Series')], ['Save into Profile…', l10n.t('Save into Profile…')], ['Turn On Clean Pixel Data', l10n.t('Turn On Clean Pixel Data')],
    ['Make Black', l10n.t('Make Black')], ['Remove', l10n.t('Remove')], ['Removed: {0}', l10n.t('Removed: {0}')], ['Remove region {0}', l10n.t('Remove region {0}')],
    ['Clean Pixel Data is off: nothing goes black.', l10n.t('Clean Pixel Data is off: nothing goes black.')], ['Looking for text…', l10n.t('Looking for text…')], ['Press N to draw one.', l10n.t('Press N to draw one.')],
    ['What you drew holds for the series.', l10n.t('What you drew holds for the series.')], ['What you drew holds for this image.', l10n.t('What you drew holds for this image.')], ['Text that stays', l10n.t('Text that stays')],
    ['Rule of the device', l10n.t('Rule of the device')], ['Outside the ultrasound', l10n.t('Outside the ultrasound')], ['Region of the profile', l10n.t('Region of the profile')],
    ['Text', l10n.t('Text')], ['Text of the patient', l10n.t('Text of the patient')], ['Drawn', l10n.t('Drawn')],
    ['{0} × {1} at {2}, {3}', l10n.t('{0} × {1} at {2}, {3}')], ['Arrow keys move, Shift and arrow keys resize, Delete removes.', l10n.t('Arrow keys move, Shift and arrow keys resize, Delete removes.')], ['Delete makes it black again.', l10n.t('Delete makes it black again.')],
    ['It cannot be changed here.', l10n.t('It cannot be changed here.')], ['Region {0}', l10n.t('Region {0}')], ['This is a video. It is not shown here, and its pictures cannot be cleaned: under Clean Pixel Data it is refused.', l10n.t('This is a video. It is not shown here, and its pictures cannot be cleaned: under Clean Pixel Data it is refused.')],
    ['Goes black:', l10n.t('Goes black:')],
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

export function sheetTexts(): Record<string, string> {
  return byEnglish([
    ['Contact sheet', l10n.t('Contact sheet')], ['Series', l10n.t('Series')], ['Stop', l10n.t('Stop')], ['Gathering…', l10n.t('Gathering…')], ['Gathering: {0} files', l10n.t('Gathering: {0} files')],
    ['There is no DICOM image in this folder.', l10n.t('There is no DICOM image in this folder.')], ['Stopped: {0} of {1} series', l10n.t('Stopped: {0} of {1} series')],
    ['{0} series, the lightest of all their images. What is written in one of them is seen.', l10n.t('{0} series, the lightest of all their images. What is written in one of them is seen.')],
    ['1 image', l10n.t('1 image')], ['{0} images', l10n.t('{0} images')], ['Not drawn', l10n.t('Not drawn')], ['{0} images, {1} not shown', l10n.t('{0} images, {1} not shown')], ['It cannot be shown: {0}', l10n.t('It cannot be shown: {0}')],
  ]);
}

function byEnglish(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(pairs);
}
