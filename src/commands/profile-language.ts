import {
  CompletionItem, CompletionItemKind, Diagnostic, DiagnosticSeverity, type Disposable, Hover, languages, MarkdownString, Position, Range, SnippetString,
  type TextDocument, workspace, l10n,
} from 'vscode';
import { RULE_ACTIONS, type RuleAction, SUSPECT_CHOICES } from '../anonymizer/profile.ts';
import { VRS } from '../anonymizer/dicom/vr.ts';
import { translatorOf } from '../views/say.ts';
import { optionChoices, pixelModeChoices } from './choices.ts';
import type { Workbench } from './workbench.ts';

const LANGUAGE = 'dicom-profile';
/** After the last key stroke before a profile is checked. */
const REST_MS = 250;

/** Completion, hovers and mistakes while a profile is written; JSON profiles get completion from their schema. */
export function registerProfileLanguage(workbench: Workbench): Disposable[] {
  const mistakes = languages.createDiagnosticCollection('dicom-profile');
  const waiting = new Map<string, NodeJS.Timeout>();
  const check = (document: TextDocument) => {
    if (!isProfile(document)) return;
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(key, setTimeout(() => {
      waiting.delete(key);
      void workbench.tasks.call('readProfile', { text: document.getText() }).then(({ problems }) => {
        if (document.isClosed) return;
        const translate = translatorOf(l10n.bundle ?? {});
        mistakes.set(document.uri, problems.map(({ path, line, column, message }) => {
          const at = new Position(line - 1, column - 1);
          const range = document.getWordRangeAtPosition(at, /[^\s:,[\]]+/) ?? new Range(at, at.translate(0, 1));
          const made = new Diagnostic(range, [path, translate(message)].filter((part) => part !== '').join(' '), DiagnosticSeverity.Error);
          made.source = 'DICOM';
          return made;
        }));
      }, () => {});
    }, REST_MS));
  };
  workspace.textDocuments.forEach(check);
  return [
    mistakes,
    workspace.onDidOpenTextDocument(check), workspace.onDidChangeTextDocument(({ document }) => check(document)),
    workspace.onDidCloseTextDocument(({ uri }) => mistakes.delete(uri)),
    languages.registerCompletionItemProvider(LANGUAGE, { provideCompletionItems: complete }, ' ', ':', '-'),
    languages.registerHoverProvider(LANGUAGE, { provideHover: hover }),
  ];
}

function isProfile({ languageId, uri }: TextDocument): boolean {
  return languageId === LANGUAGE || uri.path.endsWith('.dicom-profile.json');
}

type Keys = readonly (readonly [key: string, text: string, snippet?: string])[];

/** Keys with what they are for; the schema says the same for JSON. */
function keys(place: 'top' | 'rule' | 'region'): Keys {
  if (place === 'region') return regionKeys();
  return place === 'top'
    ? [
      ['name', l10n.t('What the profile is called in reports')],
      ['options', l10n.t('Options of the standard that are in force (PS3.15 E.3)'), 'options:\n  - $0'],
      ['descriptors', l10n.t('With clean-descriptors: clean takes identifiers out of texts, remove takes the texts out whole'), 'descriptors: ${1|clean,remove|}'],
      ['rules', l10n.t('Rules of your own, which go before those of the standard'), 'rules:\n  - keyword: ${1:PatientName}\n    action: ${2|keep,remove,empty,replace,remap,shift,clean|}'],
      ['pixels', l10n.t('With clean-pixel-data: what goes black in the picture'), 'pixels: '],
      ['suspects', l10n.t('What becomes of an image that is likely to show a name, and is not cleaned'), 'suspects: ${1|warn,refuse|}'],
      ['regions', l10n.t('With clean-pixel-data: rectangles that go black or stay, and the images that they hold for; the tags editor writes them'), 'regions:\n  - when:\n      ${1:ManufacturerModelName}: ${2}\n    boxes:\n      - {x: ${3:0}, y: ${4:0}, width: ${5:100}, height: ${6:20}}'],
    ]
    : [
      ['tag', l10n.t('A standard attribute by its tag, such as "0010,0010"'), 'tag: "${1:0010,0010}"'],
      ['keyword', l10n.t('A standard attribute by its keyword in PS3.6, such as PatientName')],
      ['creator', l10n.t('Private elements by their Private Creator')],
      ['group', l10n.t('With creator: the odd group, such as "0019"'), 'group: "${1:0019}"'],
      ['element', l10n.t('With creator: the low byte of the element, such as "23"'), 'element: "${1:23}"'],
      ['vr', l10n.t('Every element of a Value Representation'), 'vr: '],
      ['action', l10n.t('What is done with what matches'), 'action: '],
      ['value', l10n.t('With replace: what stands there instead, in ASCII')],
    ];
}

function regionKeys(): Keys {
  return [
    ['when', l10n.t('Keywords and values that the header must have; none that identifies somebody'), 'when:\n      ${1:ManufacturerModelName}: ${2}'],
    ['series', l10n.t('Only images of one series, by a digest of its UID')],
    ['boxes', l10n.t('What goes black, in pixels from the top left'), 'boxes:\n      - {x: ${1:0}, y: ${2:0}, width: ${3:100}, height: ${4:20}}'],
    ['keep', l10n.t('Where text stays that shows no value of the patient'), 'keep:\n      - {x: ${1:0}, y: ${2:0}, width: ${3:100}, height: ${4:20}}'],
    ['reason', l10n.t('Why, for people')],
  ];
}

function actionText(action: RuleAction): string {
  switch (action) {
    case 'keep': return l10n.t('Keeps the value as it is');
    case 'remove': return l10n.t('Takes the element out');
    case 'empty': return l10n.t('Leaves the element without a value');
    case 'replace': return l10n.t('Puts value, or a dummy, in its place');
    case 'remap': return l10n.t('Maps UIDs to new ones, the same each time');
    case 'shift': return l10n.t('Moves dates by the days of the patient');
    case 'clean': return l10n.t('Takes identifiers out of the text');
  }
}

/** The top-level key that a line belongs to. */
function sectionOf(document: TextDocument, line: number): string {
  for (let i = line; i >= 0; i--) {
    const key = /^([a-z]+):/.exec(document.lineAt(i).text)?.[1];
    if (key !== undefined) return key;
  }
  return '';
}

function complete(document: TextDocument, position: Position): CompletionItem[] {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const section = sectionOf(document, position.line);
  if (section === 'options' && /^\s*-\s*[\w-]*$/.test(before)) {
    return optionChoices().filter(({ disabled }) => !disabled).map(({ name, title, text }) => item(name, CompletionItemKind.EnumMember, title, text, document, position));
  }
  if (/^\s*(-\s+)?action:\s*\w*$/.test(before)) return RULE_ACTIONS.map((action) => item(action, CompletionItemKind.EnumMember, '', actionText(action), document, position));
  if (/^\s*(-\s+)?vr:\s*\w*$/.test(before)) return VRS.map((vr) => item(vr, CompletionItemKind.EnumMember, '', '', document, position));
  if (/^descriptors:\s*\w*$/.test(before)) return ['clean', 'remove'].map((word) => item(word, CompletionItemKind.EnumMember, '', '', document, position));
  if (/^pixels:\s*[\w-]*$/.test(before)) return pixelModeChoices().map(({ name, title, text }) => item(name, CompletionItemKind.EnumMember, title, text, document, position));
  if (/^suspects:\s*\w*$/.test(before)) return SUSPECT_CHOICES.map((word) => item(word, CompletionItemKind.EnumMember, '', '', document, position));
  const isKey = /^\s+(-\s+)?\w*$/.test(before);
  const place = /^\w*$/.test(before) ? 'top' : isKey && section === 'rules' ? 'rule' : isKey && section === 'regions' ? 'region' : undefined;
  if (place === undefined) return [];
  return keys(place).map(([key, text, snippet]) => {
    const made = item(key, CompletionItemKind.Property, '', text, document, position);
    made.insertText = new SnippetString(snippet ?? `${key}: `);
    return made;
  });
}

function item(label: string, kind: CompletionItemKind, detail: string, text: string, document: TextDocument, position: Position): CompletionItem {
  const made = new CompletionItem(label, kind);
  made.detail = detail;
  made.documentation = text;
  const word = document.getWordRangeAtPosition(position, /[\w-]+/);
  // The dash of a list is no part of the word.
  if (word !== undefined && !document.getText(word).startsWith('-')) made.range = word;
  return made;
}

function hover(document: TextDocument, position: Position): Hover | undefined {
  const range = document.getWordRangeAtPosition(position, /[\w-]+/);
  if (range === undefined) return undefined;
  const word = document.getText(range);
  const option = optionChoices().find(({ name }) => name === word);
  const action = RULE_ACTIONS.find((name) => name === word);
  const text = option?.text ?? (action === undefined ? [...keys('top'), ...keys('rule'), ...keys('region')].find(([key]) => key === word)?.[1] : actionText(action));
  return text === undefined ? undefined : new Hover(new MarkdownString().appendText(option === undefined ? text : `${option.title}: ${text}`), range);
}
