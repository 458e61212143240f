'use strict';
// De-identifies a folder as the command line does and keeps the code of the bundle that did it: NAME SOURCE OUTPUT.
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const dist = join(__dirname, '../../dist');
const [, , name, source, output] = process.argv;
process.argv.splice(2, 3, 'anonymize', source, '--output', output, '--workers', '1');
process.on('exit', (status) => {
  if (status !== 0) return;
  const bundle = join(dist, `${name}-bundle`);
  const code = require.cache[join(dist, `${name}.js`)].script.createCachedData();
  writeFileSync(`${bundle}.cache`, Buffer.concat([createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`).update(readFileSync(`${bundle}.js`)).update(code).digest(), code]));
});
require(join(dist, 'cli.js'));
