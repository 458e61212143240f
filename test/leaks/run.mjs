// The bench of leaks on plain node: `npm run leaks -- --seed N --files M --option NAME … | --all | --cli | --corpus`.
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
process.chdir(fileURLToPath(root));
// The script runs from a bundle elsewhere, which would look for the corpus beside itself.
process.env.DICOM_CORPUS ??= fileURLToPath(new URL('../shared/corpus', root));
process.argv.splice(2, 0, fileURLToPath(new URL('main.ts', import.meta.url)));
await import('../bench/run.mjs');
