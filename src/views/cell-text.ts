import type { CellText } from './protocol.ts';

const CELL_CHARACTERS = 160;

/** Marks that turn the direction of text or hide in it (Unicode Cf and line separators), and control characters. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The text with what cannot be seen spelled out, so that no value can disguise itself. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (mark) => {
    const code = mark.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** The beginning of a text for a cell. */
export function cell(text: string, whole = text.length, limit = CELL_CHARACTERS): CellText {
  // Not between the halves of a character outside the basic plane.
  const end = text.length <= limit ? text.length : /[\ud800-\udbff]/.test(text[limit - 1]) ? limit - 1 : limit;
  return { text: visible(text.slice(0, end)), more: Math.max(0, whole - end) };
}
