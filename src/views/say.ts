import type { Say } from '../anonymizer/inspect.ts';

/** Sentences of the core, and the words in their blanks, by their English. */
export type Bundle = Readonly<Record<string, string>>;

/** Sentences without blanks that are remembered with what they are in the other language. */
const REMEMBERED = 1000;

/** Puts sentences into the language of a bundle; what it lacks stays English. */
export function sayIn(bundle: Bundle): Say {
  const filled = new Map<string, string>();
  let translate: ((text: string) => string) | undefined;
  /** Blanks that the core has filled already, as with the reason of a warning. */
  const match = (text: string): string => {
    translate ??= translatorOf(bundle);
    const known = filled.get(text) ?? translate(text);
    if (filled.size < REMEMBERED) filled.set(text, known);
    return known;
  };
  return (text, args) => {
    if (bundle[text] === undefined && args.length === 0) return match(text);
    return (bundle[text] ?? text).replace(/\{(\d)\}/g, (_, i: string) => {
      const argument = args[Number(i)] ?? '';
      return bundle[argument] ?? argument;
    });
  };
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

/** Sentences of the core, whose blanks are filled; tag and offset behind them stay as they are. */
export function sentenceIn(bundle: Bundle): (text: string) => string {
  const translate = translatorOf(bundle);
  return (text) => {
    const place = /( at \(\w{4},\w{4}\))?(, offset \d+)?$/.exec(text)?.[0] ?? '';
    return translate(text.slice(0, text.length - place.length)) + place.replace(' at ', ' ').replace('offset', bundle.offset ?? 'offset');
  };
}

/** Reasons why a file was not written: a sentence, or a code before it as in `damaged: a value runs past the end`. */
export function reasonIn(bundle: Bundle): (reason: string) => string {
  const sentence = sentenceIn(bundle);
  return (reason) => {
    const code = /^([a-z-]+): /.exec(reason)?.[1];
    return code === undefined ? sentence(reason) : `${bundle[code] ?? code}: ${sentence(reason.slice(code.length + 2))}`;
  };
}

/** As `vscode.l10n.t`, for a thread that has no vscode. */
export function translateIn(bundle: Bundle): (text: string, ...args: string[]) => string {
  return (text, ...args) => (bundle[text] ?? text).replace(/\{(\d)\}/g, (_, i: string) => args[Number(i)] ?? '');
}
