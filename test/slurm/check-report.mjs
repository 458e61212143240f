// Whether a merged report counts every file once, all written: `check-report.mjs REPORT FILES`.
import { readFileSync } from 'node:fs';

const [path, expected] = process.argv.slice(2);
const { files, summary } = JSON.parse(readFileSync(path, 'utf8'));
const inputs = new Set(files.map(({ input }) => input));
const isRight = files.length === Number(expected) && inputs.size === files.length && summary.written === files.length;
console.log(`report: ${files.length} files, ${inputs.size} different, ${summary.written} written`);
process.exitCode = isRight ? 0 : 1;
