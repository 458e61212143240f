import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sampleStudy } from './study.ts';

/** Writes the sample study into a folder, for `npm start`; files that are there already are an error. */
const folder = process.argv[2];
if (folder === undefined) throw new Error('name a folder');
for (const { path, bytes } of sampleStudy()) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes, { flag: 'wx' });
}
console.log(`A sample study of invented patients lies in ${folder}`);
