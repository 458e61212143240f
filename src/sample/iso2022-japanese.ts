/** JIS X 0208 codes, as two bytes of ASCII, of the few characters that the sample writes (ISO-IR 87). */
const JIS_X_0208: Readonly<Record<string, string>> = {
  山: ';3', 田: 'ED', 太: 'B@', 郎: 'O:', 佐: ':4', 藤: 'F#', 花: '2V', 子: ';R',
  都: 'ET', 町: 'D.', 架: '2M', 空: '6u', 病: 'IB', 院: '1!', 放: 'J|', 射: '<M',
  線: '@~', 科: '2J', や: '$d', ま: '$^', だ: '$@', た: '$?', ろ: '$m', う: '$&',
  さ: '$5', と: '$H', は: '$O', な: '$J', こ: '$3', 胸: '6;', 部: 'It', 正: '@5',
  面: 'LL',
};

const TO_JIS_X_0208 = '\x1b$B';
const TO_ASCII = '\x1b(B';

export function isJisX0208(character: string): boolean {
  return JIS_X_0208[character] !== undefined;
}

/** The codes alone, without escape sequences, of a text that is Japanese throughout. */
export function encodeJisX0208(text: string): Uint8Array {
  return asciiBytes([...text].map((character) => JIS_X_0208[character]).join(''));
}

/**
 * Text under Specific Character Set `\\ISO 2022 IR 87`: the initial repertoire is ASCII, and is switched back to
 * before each delimiter and at the end (PS3.5 6.1.2.5.3, H.3.1).
 * @throws RangeError for a character that the small table does not hold
 */
export function encodeIso2022Japanese(text: string): Uint8Array {
  let out = '';
  let japanese = false;
  for (const character of text) {
    const code = character < '\x80' ? undefined : JIS_X_0208[character];
    if (code === undefined && character >= '\x80') throw new RangeError('a character is not in the table');
    if (japanese !== (code !== undefined)) out += japanese ? TO_ASCII : TO_JIS_X_0208;
    japanese = code !== undefined;
    out += code ?? character;
  }
  if (japanese) out += TO_ASCII;
  return asciiBytes(out);
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
