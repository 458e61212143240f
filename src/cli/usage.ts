/** What `--help` prints. The READMEs repeat it, and a test compares them. */
export const USAGE = `dicom-anonymizer anonymize <file or folder>... --output DIR [--profile FILE] [--option NAME]... [--key-file FILE]
                           [--layout uid|mirror] [--report FILE] [--workers N] [--shard I/N] [--dry-run] [--resume] [--no-verify]
                           [--pixels WHAT] [--refuse-suspects]
dicom-anonymizer inspect   <file> [--profile FILE] [--option NAME]... [--pixels WHAT] [--refuse-suspects] [--json]      tags before and after
dicom-anonymizer verify    <file or folder>... [--source DIR]                       what still identifies
dicom-anonymizer report    merge <reports>... --output FILE
dicom-anonymizer slurm     <file or folder>... --output DIR --key-file FILE [--profile FILE] [--option NAME]... [--layout uid|mirror]
                           [--report FILE] [--tasks N] [--at-once N] [--cores N] [--no-verify] [--pixels WHAT] [--refuse-suspects]
dicom-anonymizer conformance [--privacy]                                            what the program does, by its tables
dicom-anonymizer --help | --version

anonymize
  --output DIR       where the result goes: a folder that is empty or does not exist
  --profile FILE     options and rules of your own, in YAML or JSON
  --option NAME      an option of the standard, by its name below; may be given several times
  --key-file FILE    keep the key of the pseudonyms in FILE, or use the one that it holds; without it the key is forgotten
  --layout NAME      uid: names made from the new UIDs (default); mirror: the names of the source
  --report FILE      .json, .csv or .html; without it a JSON report beside the output folder
  --workers N        threads that work side by side
  --shard I/N        only the Ith of N parts of the files, for runs on several machines; they need one key file
  --dry-run          say what would be done and write nothing
  --resume           go on with a run that was cut off, in the same output folder
  --no-verify        do not read and search each result again before it is delivered
  --pixels WHAT      what clean-pixel-data blacks out, by its name below
  --refuse-suspects  refuse images that are likely to show who the patient is and are not cleaned, instead of a warning

inspect
  --json             rows as JSON

verify
  --source DIR       search the files for the identifiers of the originals in DIR

slurm                prepares a job array that does what anonymize does, and says how to submit it
  --tasks N          parts of the work, one a task (default 8)
  --at-once N        tasks that run at the same time (default all)
  --cores N          cores of a task (default 1)

conformance
  --privacy          what GDPR and HIPAA ask and what the program does

Options of the standard (PS3.15 E.3)
  retain-safe-private                  keep private attributes that the standard lists as safe
  retain-uids                          keep UIDs
  retain-device-identity               keep what names the device
  retain-institution-identity          keep what names the institution
  retain-patient-characteristics       keep sex, age, size, weight and the like
  retain-longitudinal-full-dates       keep dates and times
  retain-longitudinal-modified-dates   move dates by the same number of days for each patient
  clean-descriptors                    take identifiers out of texts and keep the rest
  clean-structured-content             keep structured reports and take identifiers out of them
  clean-graphics                       keep overlays, curves and graphics without their texts
  clean-pixel-data                     black out text in the pixels
  clean-recognizable-visual-features   make faces unrecognizable (refused: does not work yet)

What clean-pixel-data blacks out; regions of devices, of ultrasound and of the profile always
  all-text           all text that is found (default)
  matching-text      lines in which a value of the patient is read
  regions            no text that is found
  refuse             nothing: an image in which there is anything is refused

Exit codes
  0  all done: every file was written, or nothing that identifies was found
  1  some files failed, were refused or were skipped, or something still identifies
  2  wrong usage
`;
