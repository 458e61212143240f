'use strict';
// De-identifies a folder as the command line does and keeps the code of the bundle that did it: NAME SOURCE OUTPUT.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const v8 = require('node:v8');

const dist = join(__dirname, '../../dist');
const [, , name, source, output] = process.argv;
process.argv.splice(2, 3, 'anonymize', source, '--output', output, '--workers', '1');
// The code is loaded before the program sets flags of the engine, and fits those alone that it was kept under.
v8.setFlagsFromString = () => undefined;
process.on('exit', (status) => {
  if (status !== 0) return;
  const { script, sealOf } = require.cache[join(dist, `${name}.js`)];
  const code = script.createCachedData();
  writeFileSync(join(dist, `${name}-bundle.cache`), Buffer.concat([sealOf(code), code]));
});
require(join(dist, 'cli.js'));
