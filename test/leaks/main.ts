import { parseArgs } from 'node:util';
import { OPTION_NAMES, type OptionName } from '../../src/anonymizer/profile.ts';
import { runCommandLine } from './command-line.ts';
import { searchCorpus } from './corpus-leaks.ts';
import { generate } from './generate.ts';
import { COMBINED_RUNS, SINGLE_RUNS } from './runs.ts';
import { score } from './score.ts';
import { Tally, tableOf } from './tally.ts';

const { values } = parseArgs({
  options: {
    /** Any whole number; another seed makes other patients, files and places. */
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '24' },
    option: { type: 'string', multiple: true, default: [] },
    /** Each option alone and the usual combinations, instead of `--option`. */
    all: { type: 'boolean', default: false },
    /** By dist/cli.js and folders, instead of the core alone. */
    cli: { type: 'boolean', default: false },
    /** The corpus of real files, instead of generated ones. */
    corpus: { type: 'boolean', default: false },
    /** Kinds of mistakes to be listed. */
    details: { type: 'string', default: '40' },
  },
});

const asked: readonly OptionName[] = OPTION_NAMES.filter((name) => values.option.includes(name));
const runs = values.all ? [...SINGLE_RUNS, ...COMBINED_RUNS] : [asked];
process.exitCode = values.corpus ? corpus() : generated();

function generated(): number {
  const files = generate(Number(values.seed), Number(values.files));
  const all = new Tally();
  for (const options of runs) {
    const tally = score(files, options, values.cli ? runCommandLine(files, options) : undefined);
    console.log(`seed ${values.seed}, ${options.join(' ') || 'Basic Profile'}: ${tally.checks} checks, ${tally.percentRight.toFixed(4)} % right, ${tally.leakCount} leaks, ${tally.refusalCount} refused`);
    all.merge(tally);
  }
  console.log(tableOf(all, Number(values.details)));
  return all.leakCount + all.refusalCount === 0 && all.percentRight > 99.9 ? 0 : 1;
}

function corpus(): number {
  let found = 0;
  for (const options of runs) {
    const { searched, unread, refused, leaks } = searchCorpus(options);
    console.log(`corpus, ${options.join(' ') || 'Basic Profile'}: ${searched} searched, ${unread} not read by the second library, ${refused} refused, ${leaks.size} places with leaks`);
    for (const [where, count] of [...leaks].slice(0, Number(values.details))) console.log(`  leak ${count} × ${where}`);
    found += leaks.size;
  }
  return found === 0 ? 0 : 1;
}
