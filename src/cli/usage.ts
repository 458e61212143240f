/** What `--help` prints. The READMEs repeat it, and a test compares them. */
export const USAGE = `dicom-anonymizer anonymize <file or folder>... --output DIR [--profile FILE] [--option NAME]... [--key-file FILE]
                           [--layout uid|mirror] [--report FILE] [--workers N] [--shard I/N] [--dry-run] [--resume] [--no-verify]
                           [--pixels WHAT] [--refuse-suspects] [--limit NAME=N]... [--sign-key FILE] [--digests head|whole] [--no-manifest]
                           [--table FILE [--recipient AGE1...]... [--passphrase-file FILE]]
dicom-anonymizer inspect   <file> [--profile FILE] [--option NAME]... [--pixels WHAT] [--refuse-suspects] [--json]      tags before and after
dicom-anonymizer verify    <file or folder>... [--source DIR]                       what still identifies
dicom-anonymizer verify    --manifest FILE... [<output folder>] [--public-key FILE] whether results are what was delivered
dicom-anonymizer reidentify <identifier>... --table FILE [--identity-file FILE | --passphrase-file FILE]      new identifiers to originals
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
  --timeout SECONDS  give up a file that takes longer (default 300), and a second more for each MiB of it
  --pixels WHAT      what clean-pixel-data blacks out, by its name below
  --refuse-suspects  refuse images that are likely to show who the patient is and are not cleaned, instead of a warning
  --limit NAME=N     raise a limit on what one file may cost, by its name below (inspect, verify and slurm take it too)
  --digests NAME     the manifest's digests are of whole results (default), or of their head: up to the pixels, 16 kB at most (default with --no-verify)
  --sign-key FILE    sign the manifest with the Ed25519 key in FILE (PEM), which is made where it is missing; digests are whole then
  --no-manifest      leave no manifest (slurm takes these three, too)
  --table FILE       keep a table of original and new identifiers, encrypted with age
  --recipient AGE1   a public key of age that can open the table; without one a passphrase does
  --passphrase-file FILE  its first line is the passphrase; without it the passphrase is asked for

inspect
  --json             rows as JSON

verify
  --source DIR       search the files for the identifiers of the originals in DIR
  --manifest FILE    tell what is missing, changed or additional in the output folder; several manifests for the shards of a run
  --public-key FILE  the manifests must be signed with this key (PEM)

reidentify
  --table FILE       the table that a run kept
  --identity-file FILE    the secret key of a recipient, as age-keygen writes it; else --passphrase-file, or the passphrase is asked for

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

Limits on what one file may cost
  elements           data elements and items (default 1000000)
  inflatedBytes      bytes of a deflated data set once inflated (default 268435456)
  valueBytes         bytes of a value that is looked into; pixels are not (default 67108864)
  identifierBytes    bytes of one identifying value (default 1048576)
  identifiers        identifying values and parts of them (default 200000)
  frameBytes         bytes of a decoded frame, where pixels are cleaned (default 268435456)

Exit codes
  0  all done: every file was written, nothing that identifies was found, all is as the manifest says, each identifier was found
  1  some files failed, were refused or were skipped, something still identifies or deviates, or is not in the table
  2  wrong usage
`;
