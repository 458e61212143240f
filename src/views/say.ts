import type { Say } from '../anonymizer/inspect.ts';

/** Sentences of the core, and the words in their blanks, by their English. */
export type Bundle = Readonly<Record<string, string>>;

/** Puts sentences into the language of a bundle; what it lacks stays English. */
export function sayIn(bundle: Bundle): Say {
  return (text, args) => (bundle[text] ?? text).replace(/\{(\d)\}/g, (_, i: string) => {
    const argument = args[Number(i)] ?? '';
    return bundle[argument] ?? argument;
  });
}

/** Puts sentences whose blanks are filled already into the language of a bundle, by the sentence that they match. */
export function translatorOf(bundle: Bundle): (text: string) => string {
  const patterns = Object.keys(bundle).filter((key) => /\{\d\}/.test(key)).map((key) => ({
    key,
    order: [...key.matchAll(/\{(\d)\}/g)].map(([, i]) => Number(i)),
    pattern: new RegExp(`^${key.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*)')}$`, 's'),
    // The more of it is fixed, the surer the match.
    fixed: key.replace(/\{\d\}/g, '').length,
  })).filter(({ fixed }) => fixed >= 4).sort((a, b) => b.fixed - a.fixed);
  const translate = (text: string, depth: number): string => {
    const exact = bundle[text];
    if (exact !== undefined || depth > 3) return exact ?? text;
    for (const { key, order, pattern } of patterns) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const filled: string[] = [];
      order.forEach((blank, i) => { filled[blank] = translate(match[i + 1], depth + 1); });
      return bundle[key].replace(/\{(\d)\}/g, (_, i: string) => filled[Number(i)] ?? '');
    }
    return text;
  };
  return (text) => translate(text, 0);
}
