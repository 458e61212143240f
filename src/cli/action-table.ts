import { formatTag } from '../anonymizer/dicom/tag.ts';
import type { Report } from '../anonymizer/report.ts';
import { nameOfTag } from '../batch/report-html.ts';
import { actionWord, number } from '../batch/report-sentences.ts';
import { tableText } from './table.ts';

/** What was done to which attribute, the most frequent first as far as `most` rows go, in the order of tags. */
export function actionTable({ actions }: Pick<Report, 'actions'>, most = 20): string {
  if (actions.length === 0) return '';
  const shown = new Set([...actions].sort((a, b) => b.count - a.count).slice(0, most));
  const rows = actions.filter((action) => shown.has(action)).map(({ tag, action, count }) => {
    const value = Number.parseInt(tag, 16);
    return [formatTag(value), nameOfTag(value), action === 'added' ? '+' : action, actionWord({ tag, action }), number(count)];
  });
  const table = tableText([{ title: 'Tag' }, { title: 'Name', max: 48 }, { title: 'Code' }, { title: 'Action' }, { title: 'Count', align: 'right' }], rows);
  const left = actions.length - rows.length;
  return left > 0 ? `${table}and ${number(left)} more kinds of actions, all in the report\n` : table;
}
