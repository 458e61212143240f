import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemReason, UsageError } from './errors.ts';
import { writeIndexes } from './file-index.ts';
import { prepareOutputFolder } from './output-folder.ts';

/** A run that is to be shared by the tasks of a Slurm job array. */
export interface SlurmRequest {
  readonly inputs: readonly string[];
  readonly output: string;
  /** Must exist: the tasks share it. */
  readonly keyFile: string;
  /** Further arguments of `anonymize`, as they go onto its command line. */
  readonly options: readonly string[];
  readonly tasks: number;
  /** Tasks that may run at the same time. */
  readonly atOnce: number;
  /** Cores of a task. */
  readonly cores: number;
  /** The merged report. */
  readonly report: string;
  /** The command that the tasks run, such as node and the program's script. */
  readonly command: readonly string[];
}

/** What was prepared. */
export interface SlurmJob {
  /** Where scripts, lists, logs and the tasks' reports lie: beside the output folder. */
  readonly folder: string;
  /** To be started with sh; it submits the array and the merge of the reports after it. */
  readonly script: string;
  /** How many files each task has. */
  readonly filesOfTasks: readonly number[];
}

/** Slurm's own limit (MaxArraySize) is 1001 by default. */
const MAX_TASKS = 1000;

/**
 * Walks the inputs once, shares the files out by their bytes, and writes what Slurm needs: a script that submits an
 * array of tasks, which share nothing but the key file, and a job after them that merges their reports. A task that
 * is killed and started again goes on where it was.
 * @throws UsageError where something cannot be written, or was prepared before
 */
export function prepareSlurm(request: SlurmRequest): SlurmJob {
  const { tasks } = request;
  if (tasks > MAX_TASKS) throw new UsageError(`A job array has at most ${MAX_TASKS} tasks.`);
  const output = prepareOutputFolder({ inputs: request.inputs, output: request.output, dryRun: false, mayHoldFiles: false });
  const folder = `${output}.slurm`;
  if (existsSync(folder)) throw new UsageError('A job for this output folder was prepared before. Remove its folder (.slurm), or choose another output.');
  try {
    // It names the sources.
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    throw new UsageError(`The folder of the job cannot be made: ${systemReason(error)}.`);
  }
  const filesOfTasks = writeIndexes(request.inputs.map((input) => resolve(input)), Array.from({ length: tasks }, (_, i) => join(folder, `files-${i + 1}.jsonl`)));
  const script = join(folder, 'submit.sh');
  writeFileSync(join(folder, 'task.sh'), taskScript(request, output, folder));
  writeFileSync(join(folder, 'merge.sh'), mergeScript(request, folder));
  writeFileSync(script, submitScript(folder));
  return { folder, script, filesOfTasks };
}

function taskScript({ inputs, keyFile, options, tasks, atOnce, cores, command }: SlurmRequest, output: string, folder: string): string {
  const fixed = [...command, 'anonymize', ...inputs.map((input) => resolve(input)), '--output', output, '--key-file', resolve(keyFile), ...options];
  return `#!/bin/sh
#SBATCH --job-name=dicom-anonymizer
#SBATCH --array=1-${tasks}%${Math.min(atOnce, tasks)}
#SBATCH --cpus-per-task=${cores}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${folder.replaceAll('%', '%%')}/task-%a.log
set -eu
task=$SLURM_ARRAY_TASK_ID
folder=${quoted(folder)}
# A task that was started again goes on where it was, and its report is made anew.
rm -f "$folder/report-$task.json"
exec ${fixed.map(quoted).join(' ')} \\
  --shard "$task/${tasks}" --index "$folder/files-$task.jsonl" --resume \\
  --workers "\${SLURM_CPUS_PER_TASK:-1}" --report "$folder/report-$task.json"
`;
}

function mergeScript({ report, command }: SlurmRequest, folder: string): string {
  return `#!/bin/sh
#SBATCH --job-name=dicom-anonymizer-report
#SBATCH --open-mode=append
#SBATCH --output=${folder.replaceAll('%', '%%')}/merge.log
set -eu
exec ${[...command, 'report', 'merge'].map(quoted).join(' ')} ${quoted(folder)}/report-*.json --output ${quoted(resolve(report))}
`;
}

function submitScript(folder: string): string {
  return `#!/bin/sh
# Submits the tasks, and the merge of their reports after the last one. Arguments go to sbatch: sh submit.sh --partition=long
set -eu
folder=${quoted(folder)}
array=$(sbatch --parsable "$@" "$folder/task.sh")
merge=$(sbatch --parsable "$@" --dependency="afterany:\${array%%;*}" "$folder/merge.sh")
echo "array $array, merge $merge"
`;
}

/** For sh, whatever the text holds. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
