'use strict';
// Stands in the place of a bundle and loads it, with what V8 made of its code when it was built.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const path = __filename.replace(/\.js$/, '-bundle.js');
const source = readFileSync(path);
const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, { filename: path, cachedData: keptCode() });
script.runInThisContext()(exports, require, module, path, __dirname);
// For whoever keeps the code.
module.script = script;
module.sealOf = sealOf;

/** The code, where it is whole, of this very source and of this very node: V8 itself does not notice every difference. */
function keptCode() {
  let kept;
  try {
    kept = readFileSync(path.replace(/\.js$/, '.cache'));
  } catch {
    return undefined;
  }
  const code = kept.subarray(32);
  return sealOf(code).equals(kept.subarray(0, 32)) ? code : undefined;
}

/** What stands in front of code that is kept: of this node, of this bundle, and of the code. */
function sealOf(code) {
  return createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`).update(source).update(code).digest();
}
