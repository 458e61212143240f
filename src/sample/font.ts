/**
 * A 5×7 bitmap font for text that is burned into pixels, as ultrasound devices do it.
 * Each glyph is five columns from left to right, two hexadecimal digits each, the lowest bit at the top.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  ' ': '0000000000', "'": '0005030000', '(': '001c224100', ')': '0041221c00', '+': '08083e0808', ',': '0050300000',
  '-': '0808080808', '.': '0060600000', '/': '2010080402', ':': '0036360000', '^': '0402010204', _: '4040404040',
  '0': '3e5149453e', '1': '00427f4000', '2': '4261514946', '3': '2141454b31', '4': '1814127f10', '5': '2745454539',
  '6': '3c4a494930', '7': '0171090503', '8': '3649494936', '9': '064949291e',
  A: '7e1111117e', B: '7f49494936', C: '3e41414122', D: '7f4141221c', E: '7f49494941', F: '7f09090101', G: '3e41415132',
  H: '7f0808087f', I: '00417f4100', J: '2040413f01', K: '7f08142241', L: '7f40404040', M: '7f0204027f', N: '7f0408107f',
  O: '3e4141413e', P: '7f09090906', Q: '3e4151215e', R: '7f09192946', S: '4649494931', T: '01017f0101', U: '3f4040403f',
  V: '1f2040201f', W: '7f2018207f', X: '6314081463', Y: '0304780403', Z: '6151494543',
};

const COLUMNS = 5;
const ROWS = 7;

/** Where a pixel of the text stands; called once for each. */
export type SetPixel = (x: number, y: number) => void;

/** Width in pixels of a text that `drawText` draws. */
export function textWidth(text: string, scale: number): number {
  return text.length * (COLUMNS + 1) * scale;
}

/**
 * Draws text with its top left corner at `left`, `top`.
 * @throws RangeError for a character that has no glyph: capital letters, digits and ` '()+,-./:^_` have one
 */
export function drawText(text: string, left: number, top: number, scale: number, setPixel: SetPixel): void {
  [...text].forEach((character, i) => {
    const glyph = GLYPHS[character];
    if (glyph === undefined) throw new RangeError('a character has no glyph');
    drawGlyph(glyph, left + i * (COLUMNS + 1) * scale, top, scale, setPixel);
  });
}

function drawGlyph(glyph: string, left: number, top: number, scale: number, setPixel: SetPixel): void {
  for (let column = 0; column < COLUMNS; column++) {
    const bits = Number.parseInt(glyph.slice(column * 2, column * 2 + 2), 16);
    for (let row = 0; row < ROWS; row++) {
      if ((bits >> row) & 1) drawSquare(left + column * scale, top + row * scale, scale, setPixel);
    }
  }
}

function drawSquare(left: number, top: number, size: number, setPixel: SetPixel): void {
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) setPixel(left + x, top + y);
}
