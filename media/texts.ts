let texts: Readonly<Record<string, string>> = {};
let locale = 'en';

/** Takes over what the host has translated. */
export function setTexts(translated: Readonly<Record<string, string>>, language: string): void {
  texts = translated;
  locale = language;
}

/** The text in the person's language, its numbered blanks filled. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return (texts[text] ?? text).replace(/\{(\d)\}/g, (_, i: string) => {
    const argument = args[Number(i)];
    return typeof argument === 'number' ? formatNumber(argument) : argument ?? '';
  });
}

export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
