'use strict';
// Stands in the place of a bundle and loads it, with what V8 made of its code when it was built.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const path = __filename.replace(/\.js$/, '-bundle.js');
const source = readFileSync(path);
const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, { filename: path, cachedData: codeOf(source) });
script.runInThisContext()(exports, require, module, path, __dirname);
// For whoever keeps the code.
module.script = script;

/** The code, where it is of this very source and whole; another version of node does not take it and compiles. */
function codeOf(source) {
  let kept;
  try {
    kept = readFileSync(path.replace(/\.js$/, '.cache'));
  } catch {
    return undefined;
  }
  const code = kept.subarray(32);
  return createHash('sha256').update(source).update(code).digest().equals(kept.subarray(0, 32)) ? code : undefined;
}
