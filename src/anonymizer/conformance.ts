import { describeTag } from './dicom/dictionary-names.ts';
import { LIMIT_NAMES, LIMITS } from './dicom/limits.ts';
import { formatTag, type Tag } from './dicom/tag.ts';
import { VRS } from './dicom/vr.ts';
import { DUMMY_DATE, DUMMY_TEXT, dummyText } from './dummies.ts';
import { OPTION_NAMES, OPTIONS, type OptionName } from './profile.ts';
import { attributeRow } from './rules/attribute-table.ts';
import { BEYOND_TABLE } from './rules/beyond-table.ts';
import { BURNED_IN_REGIONS } from './rules/data/burned-in-regions.ts';
import { HIPAA_IDENTIFIERS } from './rules/data/hipaa.ts';
import { SAFE_PRIVATE } from './rules/data/safe-private.ts';
import { SR_CONCEPTS } from './rules/data/sr-concepts.ts';
import { EDITION, TABLE_E1_1 } from './rules/data/table-e1-1.ts';

/** Options that are refused until they work. */
const REFUSED: ReadonlySet<OptionName> = new Set(['clean-recognizable-visual-features']);

/**
 * The conformance statement that PS3.15 E.1.3 asks for, as Markdown, made from the very tables that the program runs.
 */
export function conformanceStatement(): string {
  return `${[
    `# Conformance statement\n\nDICOM Anonymizer de-identifies by the Basic Application Confidentiality Profile of DICOM PS3.15 Annex E, edition ${EDITION}. This file is written by the program itself (\`dicom-anonymizer conformance\`).`,
    optionsSection(), rulesSection(), dummiesSection(), identitySection(), cleaningSection(), pixelsSection(), specialSection(), refusalSection(),
    recordSection(), verificationSection(), tableSection(),
  ].join('\n\n')}\n`;
}

function optionsSection(): string {
  const rows = OPTION_NAMES.map((name) => {
    const { title, section, code } = OPTIONS[name];
    return `| \`${name}\` | ${title} | ${section} | ${code} | ${REFUSED.has(name) ? 'refused: does not work yet' : 'yes'} |`;
  });
  return `## Options\n\n| option | name | PS3.15 | code (CID 7050) | supported |\n|---|---|---|---|---|\n${rows.join('\n')}\n\n` +
    'Full dates and modified dates exclude each other. Where two options speak of one attribute, the one that cleans goes before the one that keeps.';
}

function rulesSection(): string {
  return `## How an attribute is judged

1. A rule of the user's own, if the profile has one. One that asks for less than the standard is carried out, and shown as weaker in the plan and the report.
2. Private elements: removed; with Retain Safe Private those of Table E.3.10-1 (${lines(SAFE_PRIVATE).length} attributes) and of blocks declared safe by (0008,0300) stay with their creator, cleaned inside; declared binary values of no known VR go.
3. Table E.1-1 (${lines(TABLE_E1_1).length} rows), then the rows of this program for identifying attributes that the table lacks (${lines(BEYOND_TABLE).length}).
4. Compound codes by the attribute's Type in the IOD: X where Type 3, Z where Type 2, D or U where Type 1. Where the Type is not known, the stricter.
5. What no list names, by its VR: PN, DA, DT, TM and free text (ST, LT, UT, UC, UR) are replaced, UIDs of instances are remapped, UN and what PS3.6 does not know are removed, codes and numbers stay.
6. Every value that stays is searched for the identifiers of its data set; a text is cleaned, other bytes go.

All of it at every depth of nesting. A known tag encoded as UN is judged as what PS3.6 says it is. Group lengths, group 0000, 0002 and 0004 in a Data Set, trailing padding and bytes after the last element are dropped.`;
}

function dummiesSection(): string {
  const rows = VRS.filter((vr) => vr !== 'SQ' && vr !== 'UI').map((vr) => `| ${vr} | \`${dummyText(vr)}\` |`);
  return `## Dummies\n\nAction D writes a legal value of non-zero length that says nothing:\n\n| VR | value |\n|---|---|\n${rows.join('\n')}\n\n` +
    `Sequences get one valid Item of dummies. Dates are \`${DUMMY_DATE}\`, texts \`${DUMMY_TEXT}\`. Patient ID, Patient's Name, Accession Number, Study ID, and labels of subjects, specimens and devices get codes that are the same for the same thing. Encapsulated documents are replaced by a dummy of the same kind (PDF, CDA, STL, OBJ, MTL).`;
}

function identitySection(): string {
  return `## UIDs, pseudonyms and dates

- UIDs: \`2.25.\` and the decimal of 128 bits of HMAC-SHA-256 under the key, with the version and variant bits of a UUID (PS3.5 B.2). The same original gives the same UID wherever the key is the same: within a run, over runs, over machines. UIDs under 1.2.840.10008 are never changed. (0040,A124) and (0400,0100) are remapped even under Retain UIDs.
- Codes for patients, accessions and labels: from the same keyed hash. Without a Patient ID the patient is known by name and birth date, else by study.
- Modified dates: every date of a patient moves by the same whole number of days, 1 to 3,652, towards the past, drawn from the keyed hash; times stay. What is not a date by its form is not kept. Birth dates are never kept or moved.
- The key is 256 bits. Without a key file it is made for the run and forgotten. With one the result is pseudonymised in the sense of GDPR Art. 4(5) and stays personal data.
- A table of original and new identifiers is kept only where it is asked for, encrypted with age and away from the output; a result with one is pseudonymised as well. Without it and without a kept key nothing leads back, and the report says so.`;
}

function cleaningSection(): string {
  return `## Cleaning

- Texts (Clean Descriptors): the identifiers of the same data set (parts of names, with and without accents, numbers, places, dates, UIDs) and what identifies by its form: e-mail and web addresses, codice fiscale, dates, telephone numbers, numbers of five digits and more, UIDs, who follows a title, initials. \`***\` stands in their place. \`descriptors: remove\` in a profile takes the texts out whole.
- Structured reports (Clean Structured Content): ${lines(SR_CONCEPTS).length} concepts of Table E.3.4-1, SNOMED's older schemes by their meaning; without the option the Content Sequence is replaced by one dummy item.
- Graphics (Clean Graphics): planes of overlays that are not regions of interest are blanked, audio goes, coordinates of curves stay, texts of annotations are replaced or cleaned. Without the option overlays go with all that describes them.
- Compressed frames: COM and APPn segments (but JFIF, Adobe, ICC and the colour transform of JPEG-LS) and comments of JPEG 2000 are overwritten in place. Pixels are looked at under Clean Pixel Data alone.`;
}

function pixelsSection(): string {
  return `## Pixels

Clean Pixel Data blacks out, in every frame: where ${BURNED_IN_REGIONS.split('\n').filter((line) => line !== '').length} rules of devices say that text is written, matched on the header; what lies outside the calibrated regions of ultrasound (0018,6011); regions of the profile; and text that is found in the pixels, as the profile's \`pixels\` says: all of it (\`all-text\`), lines in which a value of the patient is read with up to three characters in ten misread (\`matching-text\`), none (\`regions\`); \`refuse\` writes no image in which there is any. Where nothing makes text likely (slices of a device that writes none), letters are looked for up to 24 pixels or a twentieth of the image, and what only resembles them counts where it can be read.

- Black is the lowest value of MONOCHROME2, the highest of MONOCHROME1, the darkest colour of a palette, no light and no colour of YBR; every bit of the cell is written.
- Frames without a region keep their bytes. Lossless frames go back in the same Transfer Syntax and are decoded again to prove it; what was compressed with loss becomes uncompressed, explicit VR little endian, colour of 8 bits in RGB as libjpeg reckons it, and (0028,2110) stays 01. Offset tables are written anew.
- Where pixels change: a new SOP Instance UID, even under Retain UIDs (PS3.3 C.7.6.1.1.2); icon, smallest and largest pixel values are removed.
- (0028,0301) NO and 113101 in (0012,0064) are written only where the pixels were looked at or changed.
- Segmentations, dose grids and parametric maps bear no text and are not looked at. Video, floating-point pixels, damaged frames, frames beyond the limit below, and text that cannot be read in time (two attempts a line, two minutes a frame) are refused.
- Without the option, an image whose SOP Class, Image Type, Modality, Conversion Type, device or Burned In Annotation (0028,0301) makes text likely gets a warning, or is refused where the profile's \`suspects\` says so.`;
}

function specialSection(): string {
  return `## Special objects

A DICOMDIR is rebuilt from the written files, or left out with a reason; it is never copied. References in presentation states, RT objects, segmentations and reports stay resolvable. Icon images, digital signatures and MAC parameters are removed.`;
}

function refusalSection(): string {
  return `## What is refused

Files that are damaged or not DICOM, unknown or private Transfer Syntaxes, private SOP Classes, data sets beyond the limits below, and results in which an identifier of the source is still found. Each is reported with a reason; the others go on.

| limit on one file | usual | why |
|---|---|---|
${LIMIT_NAMES.map((name) => `| \`${name}\` | ${LIMITS[name].usual.toLocaleString('en-US')} | ${LIMITS[name].reason} |`).join('\n')}

No lawful file reaches them; whoever has one that does raises a limit by its name (\`--limit\`, or a setting in VS Code).`;
}

function recordSection(): string {
  return `## What the result carries

(0012,0062) YES; (0012,0063) the method, after earlier values; (0012,0064) a code of CID 7050 for the profile and each option, Clean Pixel Data where it was carried out; (0028,0303) REMOVED, UNMODIFIED or MODIFIED; new File Meta Information and a preamble of zeros; the Transfer Syntax of the source, but for lossy pixels that were cleaned.`;
}

function verificationSection(): string {
  return `## Verification

Every result is read again by a second, independent reader and searched, pixel data aside, for each identifying value of its source in the source's character set. A result that fails is not delivered; one that the second reader cannot read is reported as not verified.

Each run leaves a manifest: version, edition, options, digest of the profile, limits, size and SHA-256 of every result (of its header alone where that is asked for), whether it was verified, and the counts; signed with Ed25519 where a key is given. It names no source and holds no value of one, and is checked later for what is missing, changed or additional.`;
}

function tableSection(): string {
  const rows = [...lines(TABLE_E1_1).map((line) => ({ line, table: EDITION })), ...lines(BEYOND_TABLE).map((line) => ({ line, table: 'own' }))].map(({ line, table }) => {
    const [key, basic, ...options] = line.split(' ');
    return `| ${tagText(key)} | ${nameText(key)} | ${basic} | ${options.map(optionText).join(', ')} | ${table} |`;
  });
  return `## Attributes\n\n| tag | name | Basic Profile | options | table |\n|---|---|---|---|---|\n${rows.join('\n')}`;
}

function tagText(key: string): string {
  return key === 'private' ? 'odd groups' : `(${key.slice(0, 4)},${key.slice(4)})`;
}

function nameText(key: string): string {
  if (key === 'private') return 'Private Attributes';
  return describeTag(Number.parseInt(key.replace(/x/g, '0'), 16))?.name ?? (key.startsWith('50') ? 'Curve Data' : '');
}

/** `F=K` → the option's name and code. */
function optionText(word: string): string {
  const name = OPTION_NAMES.find((option) => OPTIONS[option].letter === word[0]);
  return name === undefined ? '' : `${name} ${word[2]}`;
}

function lines(text: string): string[] {
  return text.trim().split('\n').map((line) => line.trim());
}

/**
 * What the program does to each of the 18 identifiers of HIPAA's Safe Harbor, and which options soften it, computed
 * from the same tables; with the articles of the GDPR that matter.
 */
export function privacyStatement(): string {
  const rows = lines(HIPAA_IDENTIFIERS).map((line) => {
    const [letter, name, where] = line.split('\t');
    const tags = [...where.matchAll(/\b[0-9A-F]{8}\b/g)].map(([text]) => Number.parseInt(text, 16));
    const softening = OPTION_NAMES.filter((option) => !REFUSED.has(option) && tags.some((tag) => attributeRow(tag)?.options.has(OPTIONS[option].letter)));
    return `| ${letter} | ${name} | ${tags.length === 0 ? where : tagList(tags)} | ${softening.length === 0 ? 'none' : softening.map((option) => `\`${option}\``).join(', ')} |`;
  });
  return `# What the law asks and what the program does

This page is written by the program (\`dicom-anonymizer conformance --privacy\`). It is not legal advice.

## GDPR

| article | what it asks | what the program does |
|---|---|---|
| Recital 26 | Anonymous is only what leads to nobody by any means reasonably likely to be used | Without a key file the key is forgotten, and without a table of identifiers there is no way back; whether the pixels and the rest can lead to somebody is for you to judge |
| Art. 4(5) | Pseudonymised data stay personal data; what leads back is kept apart and protected | With a key file or a table of identifiers the report says "pseudonymised"; the key file has mode 0600, the table is encrypted with age besides, and neither ever lies in the output |
| Art. 9(1) | Health data may not be processed without a ground of Art. 9(2) | The program removes the person, not the need for a ground while the person is known |
| Art. 25 | Protection by design and by default | The strictest profile is the default; what is not understood is refused |
| Art. 32 | Security appropriate to the risk | No network, no telemetry, no values in logs and reports, files that name sources for their owner alone, limits on what a hostile file may cost, verification of every file, a manifest that can be signed and proves later what was delivered |
| Art. 5(2) | Being able to demonstrate compliance | Report, manifest with digests of profile and results, conformance statement from the tables that are run |
| Art. 89 | Research with as little personal data as the purpose allows | Each option is a choice that is recorded in every file and in the report |

## HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)

Under the Basic Profile the attributes below are removed, emptied or replaced at every depth (codes of coding schemes and the record of the de-identification itself stay), and so are all persons' names, dates and free texts that no list names. The last column tells which options keep or clean some of them instead: with those the result may no longer meet Safe Harbor.

| | identifier | attributes | options that soften it |
|---|---|---|---|
${rows.join('\n')}

Burned-in text is looked for under Clean Pixel Data alone, and no search finds everything; faces in the pixels are not touched. Images that may hold either are for people to look at.
`;
}

function tagList(tags: readonly Tag[]): string {
  const shown = tags.slice(0, 12).map(formatTag).join(' ');
  return tags.length > 12 ? `${shown} and ${tags.length - 12} more` : shown;
}
