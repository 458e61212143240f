import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { burnedInRisk } from '../../src/anonymizer/pixels/risk.ts';
import { createPlanner } from '../../src/anonymizer/planner.ts';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { burnedInUltrasoundFile } from '../../src/sample/ultrasound.ts';
import { reasonIn, sayIn } from '../../src/views/say.ts';
import { testKey } from '../fixtures/deidentify.ts';
import { open } from '../fixtures/pixels.ts';

const bundle = JSON.parse(readFileSync(new URL('../../l10n/bundle.l10n.it.json', import.meta.url), 'utf8')) as Record<string, string>;
const say = sayIn(bundle);

describe('sentences of the core in Italian', () => {
  it('have their blanks filled, by the caller or by the core', () => {
    expect(say('{0} elements', ['3'])).toBe(bundle['{0} elements'].replace('{0}', '3'));
    expect(say('frame 7: there is no fragment for it', [])).toBe('fotogramma 7: non c\'è un frammento per esso');
    expect(say('Something that nobody has translated', [])).toBe('Something that nobody has translated');
  });

  it('say in whole why a picture is a suspect, as a warning and as a refusal', () => {
    const dataSet = open(burnedInUltrasoundFile());
    const { warnings } = createPlanner(createProfile(), createPseudonyms(testKey())).plan(dataSet);
    const said = warnings.map(({ text, args }) => say(text, args));
    expect(said.length).toBeGreaterThan(0);
    for (const text of said) expect(text).toMatch(/^Può esserci testo impresso nell'immagine: (?!.*\b(the|says|picture|devices)\b)/);
    const [reason] = burnedInRisk(dataSet).reasons;
    expect(reasonIn(bundle)(`unsafe: text may be burned into the picture: ${reason} at (7FE0,0010)`)).toMatch(/testo impresso nell'immagine: (?!.*\b(says|devices)\b).* \(7FE0,0010\)$/);
  });
});
