import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sayIn } from '../../src/views/say.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const sources = (folder: string) => readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
const bundle = JSON.parse(read('l10n/bundle.l10n.it.json')) as Record<string, string>;

/** The literals that a function is called with first. */
function literals(source: string, call: RegExp): string[] {
  return [...source.matchAll(new RegExp(`${call.source}\\(\\s*('(?:[^'\\\\]|\\\\.)*')`, 'g'))].map(([, literal]) => JSON.parse(`"${literal.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`) as string);
}

describe('every text of the extension', () => {
  it('is there in Italian', () => {
    const said = [...sources('src/views'), ...sources('src/commands')].flatMap((path) => literals(read(path), /\bl10n\.t/));
    expect(said.length).toBeGreaterThan(200);
    expect(said.filter((text) => bundle[text] === undefined)).toEqual([]);
  });

  it('that a webview asks for is handed to it', () => {
    const handed = literals(read('src/views/texts.ts'), /\bl10n\.t/);
    const asked = sources('media').flatMap((path) => literals(read(path), /(?<![\w.])t/));
    expect(asked.length).toBeGreaterThan(60);
    expect(asked.filter((text) => !handed.includes(text))).toEqual([]);
  });

  it('that the core says of a file is there in Italian, whatever fills its blanks', () => {
    const say = sayIn(bundle);
    const said = [...sources('src/anonymizer'), ...sources('src/codecs')].filter((path) => !path.includes('/data/')).flatMap((path) => [...read(path).matchAll(
      /(?:new DicomError\(\s*'[a-z-]+',\s*|new CodecError\(|frameError\([^,()]+,\s*|code: '[a-z-]+', text: )(?:'((?:[^'\\]|\\.)+)'|`((?:[^`\\]|\\.)+)`)/g,
    )].map(([, plain, filled]) => (plain ?? filled.replace(/\$\{[^}]*\}/g, '7')).replaceAll("\\'", "'")));
    expect(said.length).toBeGreaterThan(60);
    expect([...new Set(said)].filter((text) => say(text, []) === text)).toEqual([]);
  });

  it('fills the same blanks in both languages', () => {
    const blanks = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join();
    expect(Object.entries(bundle).filter(([english, italian]) => blanks(english) !== blanks(italian)).map(([english]) => english)).toEqual([]);
  });

  it('of the manifest is there in both languages, and none of them for nothing', () => {
    const keys = [...new Set(read('package.json').match(/%[\w.-]+%/g) ?? [])].map((key) => key.slice(1, -1)).sort();
    for (const language of ['', '.it']) expect(Object.keys(JSON.parse(read(`package.nls${language}.json`)) as object).sort()).toEqual(keys);
  });
});
