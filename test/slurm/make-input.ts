import { writeData } from '../bench/data.ts';

/** Small CT files for the test of Slurm: `make-input FOLDER FILES`. */
const [folder, files] = process.argv.slice(2);
writeData(folder, { files: Number(files), rows: 92, columns: 92 });
