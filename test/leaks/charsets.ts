/** Character sets in which texts are planted, as (0008,0005) names them; '' is the default repertoire. */
export const CHARACTER_SETS = ['', 'ISO_IR 100', 'ISO_IR 192', '\\ISO 2022 IR 87', 'GB18030'] as const;
export type CharacterSet = (typeof CHARACTER_SETS)[number];

/** Whether Japanese names can be written in it. */
export function hasIdeographs(set: CharacterSet): boolean {
  return set === 'ISO_IR 192' || set === '\\ISO 2022 IR 87' || set === 'GB18030';
}

/** The text in the character set; what it lacks is written without accents, or as a question mark. */
export function encodeIn(set: CharacterSet, text: string): Uint8Array {
  switch (set) {
    case 'ISO_IR 192': return utf8(text);
    case 'ISO_IR 100': return Uint8Array.from(plain(text, (character) => character <= 'ÿ'), (character) => character.charCodeAt(0));
    case 'GB18030': return join([...plain(text, (character) => gb18030().has(character))].map((character) => pairOf(character, gb18030())));
    case '\\ISO 2022 IR 87': return withEscapes(plain(text, (character) => jisX0208().has(character)));
    default: return Uint8Array.from(plain(text, () => false), (character) => character.charCodeAt(0));
  }
}

/** Every way in which a text may stand in bytes: all character sets, escapes aside, as it is and without accents. */
export function formsOf(text: string): Uint8Array[] {
  if (/^[ -~]*$/.test(text)) return [utf8(text)];
  const forms = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array) => void forms.set(bytes.join(), bytes);
  for (const spelling of [text, text.toUpperCase(), withoutAccents(text)]) {
    const letters = [...spelling];
    add(utf8(spelling));
    if (letters.every((letter) => letter <= 'ÿ')) add(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)));
    if (letters.every((letter) => letter >= '\x80' && jisX0208().has(letter))) add(join(letters.map((letter) => pairOf(letter, jisX0208()))));
    if (letters.every((letter) => letter < '\x80' || gb18030().has(letter))) add(join(letters.map((letter) => pairOf(letter, gb18030()))));
  }
  return [...forms.values()];
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/ß/g, 'ss').normalize('NFC');
}

/** ASCII, and what `isIn` knows; the rest without accents. */
function plain(text: string, isIn: (character: string) => boolean): string {
  return [...text].map((character) => {
    if (character < '\x80' || isIn(character)) return character;
    const bare = withoutAccents(character);
    return [...bare].every((each) => each < '\x80') ? bare : '?';
  }).join('');
}

function withEscapes(text: string): Uint8Array {
  let inKanji = false;
  const parts = [...text].map((character) => {
    const wasInKanji = inKanji;
    inKanji = character >= '\x80';
    const escape = inKanji === wasInKanji ? '' : inKanji ? '\x1b$B' : '\x1b(B';
    return join([utf8(escape), inKanji ? pairOf(character, jisX0208()) : utf8(character)]);
  });
  return join([...parts, ...(inKanji ? [utf8('\x1b(B')] : [])]);
}

let jis: Map<string, number> | undefined;
let gb: Map<string, number> | undefined;

/** Two-byte codes by character, from the platform's decoder read backwards. */
function jisX0208(): Map<string, number> {
  jis ??= reversed('euc-jp', [0xa1, 0xfe], [0xa1, 0xfe], 0x8080);
  return jis;
}

function gb18030(): Map<string, number> {
  gb ??= reversed('gb18030', [0x81, 0xfe], [0x40, 0xfe], 0);
  return gb;
}

function reversed(label: string, lead: readonly [number, number], trail: readonly [number, number], minus: number): Map<string, number> {
  const decoder = new TextDecoder(label);
  const codes = new Map<string, number>();
  for (let high = lead[0]; high <= lead[1]; high++) {
    for (let low = trail[0]; low <= trail[1]; low++) {
      const text = decoder.decode(Uint8Array.of(high, low));
      if (text.length === 1 && text >= '\x80' && text !== '\ufffd' && !codes.has(text)) codes.set(text, high * 256 + low - minus);
    }
  }
  return codes;
}

function pairOf(character: string, codes: ReadonlyMap<string, number>): Uint8Array {
  const code = codes.get(character);
  return code === undefined ? utf8(character) : Uint8Array.of(code >> 8, code & 0xff);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
