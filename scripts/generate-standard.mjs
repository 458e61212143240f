// Writes the facts of the DICOM standard into the source tree, one fact a line.
//
//   node scripts/generate-standard.mjs [FOLDER]           writes the data files
//   node scripts/generate-standard.mjs --check [FOLDER]   exits 1 where a data file differs from what would be written
//
// FOLDER holds the tables as JSON (default: ../shared/standard, beside the repository). The output depends on the
// folder and on the installed dcmjs alone, never on the clock.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** One letter for each option column of Tables E.1-1 and E.3.4-1, in the order of the columns. */
const OPTION_LETTERS = {
  RtnSafePriv: 'S',
  RtnUIDs: 'U',
  RtnDevId: 'D',
  RtnInstId: 'I',
  RtnPatChars: 'P',
  RtnLongFullDates: 'F',
  RtnLongModifDates: 'M',
  CleanDesc: 'C',
  CleanStructCont: 'T',
  CleanGraph: 'G',
};

const UID_TYPE_LETTERS = {
  SOPClass: 'S',
  MetaSOPClass: 'M',
  ServiceClass: 'V',
  TransferSyntax: 'T',
  WellKnownSOPInstance: 'I',
  WellKnownFrameOfReference: 'F',
  CodingScheme: 'C',
  ApplicationContext: 'A',
  Other: 'O',
};

/** VR for implicit VR encoding where the standard leaves a choice (PS3.5 Annex A.1; US/SS depends on the data). */
const CHOSEN_VR = { 'US/SS': 'US', 'OB/OW': 'OW', 'OW/OB': 'OW', 'US/SS/OW': 'OW', 'US/OW': 'OW', ox: 'OW' };

/** Attributes that the recipes of pydicom/deid misspell, so that there the rules never match. */
const MISSPELT_ATTRIBUTES = { Manfacturer: '00080070', Manufacture: '00080070' };

const DATA_FILES = {
  'src/anonymizer/rules/data/table-e1-1.ts': tableE11,
  'src/anonymizer/rules/data/iod-types.ts': iodTypes,
  'src/anonymizer/rules/data/safe-private.ts': safePrivate,
  'src/anonymizer/rules/data/sr-concepts.ts': srConcepts,
  'src/anonymizer/rules/data/cid-7050.ts': cid7050,
  'src/anonymizer/rules/data/burned-in-regions.ts': burnedInRegions,
  'src/anonymizer/rules/data/hipaa.ts': hipaa,
  'src/anonymizer/dicom/data/dictionary-vr.ts': dictionaryVr,
  'src/anonymizer/dicom/data/dictionary-names.ts': dictionaryNames,
  'src/anonymizer/dicom/data/private-dictionary.ts': privateDictionary,
  'src/anonymizer/dicom/data/uids.ts': registeredUids,
};

main(process.argv.slice(2));

function main(args) {
  const check = args.includes('--check');
  const folder = resolve(ROOT, args.find((arg) => !arg.startsWith('--')) ?? '../shared/standard');
  if (!existsSync(folder)) {
    if (check) {
      console.log('skipped: no source folder');
      return;
    }
    console.error(`The folder with the tables of the standard is missing: ${folder}`);
    console.error('Give it as argument: node scripts/generate-standard.mjs FOLDER');
    process.exitCode = 1;
    return;
  }
  const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const different = [];
  for (const [path, build] of Object.entries(DATA_FILES)) {
    const text = build(read);
    const target = join(ROOT, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    different.push(path);
    if (check) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  for (const path of different) console.log(`${check ? 'differs' : 'written'}: ${path}`);
  if (different.length === 0) console.log(`${Object.keys(DATA_FILES).length} data files are as generated`);
  if (check && different.length > 0) process.exitCode = 1;
}

// Rules

function tableE11(read) {
  const { rows, edition } = read('ps3.15-table-e1-1.json');
  const lines = rows.map(({ tag, basic, options }) => joined([tag, basic, optionsOf(options)])).sort(byTag);
  return file(`PS3.15 ${edition}, Table E.1-1`, [
    'The edition of PS3.15 that the table is taken from.',
    `export const EDITION = '${edition}';`,
    'A line: tag, action code of the Basic Profile, then letter=code for each option that overrides it.\n' +
      'S Retain Safe Private, U Retain UIDs, D Retain Device Identity, I Retain Institution Identity,\n' +
      'P Retain Patient Characteristics, F Retain Longitudinal Full Dates, M Retain Longitudinal Modified Dates,\n' +
      'C Clean Descriptors, T Clean Structured Content, G Clean Graphics.\n' +
      '50xx and 60xx are the even groups to 501E and 601E; `private` is any element of an odd group.',
    constant('TABLE_E1_1', lines),
  ]);
}

function iodTypes(read) {
  const { sopClasses, iods, moduleTopLevel, moduleNestedCompound, missingModules } = read('iod-types-e11.json');
  const { rows } = read('ps3.15-table-e1-1.json');
  const compound = new Set(rows.filter(({ basic }) => basic.includes('/')).map(({ tag }) => tag));
  const typesOf = (modules) =>
    Object.entries(modules)
      .map(([module, types]) => [
        module,
        Object.entries(types)
          .filter(([path]) => compound.has(path.split('/').at(-1)))
          .map(([path, type]) => `${path}=${type}`)
          .sort(),
      ])
      .filter(([, types]) => types.length > 0)
      .map(([module, types]) => joined([module, ...types]))
      .sort();
  const topLevel = typesOf(moduleTopLevel);
  const nested = typesOf(moduleNestedCompound);
  const missing = [...missingModules].sort();
  const telling = new Set([...topLevel, ...nested].map((line) => line.split(' ')[0]).concat(missing));
  const modulesOf = (iod) => iod.map(([module]) => module).filter((module) => telling.has(module)).sort();
  return file('PS3.3 2026b (SOP Classes, IODs, modules) and 2017c to 2018 (Types of attributes)', [
    'A line: SOP Class UID and the IOD that it is made of (PS3.4 B.5).',
    constant('SOP_CLASS_IODS', sortedEntries(sopClasses).map(joined)),
    'A line: IOD and those of its modules (PS3.3 Annex A) that the tables below name; a module that is not named\n' +
      'holds no attribute with a compound action code.',
    constant('IOD_MODULES', sortedEntries(iods).map(([iod, modules]) => joined([iod, modulesOf(modules).join(',')]))),
    'A line: module, then tag=Type (PS3.3; PS3.5 7.4) for each attribute with a compound action code at its top level.',
    constant('MODULE_TYPES', topLevel),
    'The same for attributes inside Sequences: the path is the tags from the top level, joined by a slash.',
    constant('MODULE_NESTED_TYPES', nested),
    'Modules of which no Types are known: an attribute is to be treated there as Type 1.',
    `export const MISSING_MODULES =\n  '${missing.join(' ')}';`,
  ]);
}

function safePrivate(read) {
  const { rows, edition } = read('ps3.15-table-e3.10-1.json');
  const lines = rows.map(({ group, element, vr, creator }) => joined([group, element, vr ?? '-', creator]));
  return file(`PS3.15 ${edition.slice(0, 5)}, Table E.3.10-1`, [
    'A line: group, low byte of the element, VR (- where the standard gives none), Private Creator.',
    constant('SAFE_PRIVATE', lines.sort()),
  ]);
}

function srConcepts(read) {
  const { rows, edition } = read('ps3.15-table-e3.4-1.json');
  const lines = rows.map(({ scheme, code, valueType, basic, options, name }) =>
    [scheme, code, valueType, basic, optionsOf(options), name].join('\t'),
  );
  return file(`PS3.15 ${edition}, Table E.3.4-1`, [
    'A line, separated by tabs: coding scheme, code, Value Type, action code, letter=code for each option, meaning.\n' +
      'The letters of the options are those of Table E.1-1. A code may stand in several lines with different Value Types.',
    constant('SR_CONCEPTS', lines.sort()),
  ]);
}

function cid7050(read) {
  const { rows, source } = read('cid-7050.json');
  return file(`PS3.16 ${/\b20\d\d[a-e]\b/.exec(source)[0]}, CID 7050`, [
    'A line: code of the DCM scheme and its meaning, for (0012,0064) De-identification Method Code Sequence.',
    constant('CID_7050', rows.map(({ code, meaning }) => joined([code, meaning]))),
  ]);
}

function burnedInRegions(read) {
  const { rules } = read('burned-in-regions.json');
  const condition = (when) => {
    if (when.always) return true;
    if (when.all) return { all: when.all.map(condition) };
    if (when.any) return { any: when.any.map(condition) };
    const tag = MISSPELT_ATTRIBUTES[when.tag] ?? when.tag;
    return when.value === null ? [tag, when.op] : [tag, when.op, when.value];
  };
  const lines = rules.map(({ source, list, label, when, action, rects, keep }) =>
    JSON.stringify({
      recipe: source.replace(/^\S+ /, ''),
      list: list.replace(/list$/, ''),
      action,
      when: condition(when),
      ...(rects.length > 0 ? { rects } : {}),
      ...(keep ? { keep } : {}),
      label,
    }),
  );
  return file('attributes; rules of devices from the recipes of pydicom/deid (MIT)', [
    'A line is JSON. `recipe` is the file of pydicom/deid, `list` white, gray or black in the order of that file,\n' +
      '`action` clean, flag, blank or reject. `when` is true (always), {all: [...]}, {any: [...]} or [tag, op, value],\n' +
      'where 60xx in a tag is any of the overlay groups; `contains` is a regular expression and\n' +
      '`equals` an equality, both regardless of case; `missing`, `empty` and `present` have no value. `rects` are\n' +
      '[x, y, width, height] in pixels of the stored frame, or "all"; `keep` names what is to be spared.',
    constant('BURNED_IN_REGIONS', lines),
  ]);
}

function hipaa(read) {
  const { identifiers } = read('hipaa-safe-harbor-map.json');
  return file('attributes, against the identifiers of 45 CFR 164.514(b)(2)(i)', [
    'A line, separated by tabs: letter of the identifier, its name, where DICOM holds it.',
    constant('HIPAA_IDENTIFIERS', identifiers.map(({ code, name, dicom }) => [code, name, dicom].join('\t'))),
  ]);
}

// Dictionary

function dictionaryVr(read) {
  const { entries, edition } = read('dicom-dictionary-ps3.6-2026c.json');
  const groups = new Map();
  const patterns = [];
  for (const [tag, [, vr]] of sortedEntries(entries)) {
    if (vr === '') continue;
    if (tag.includes('x')) {
      patterns.push(joined([tag, chosenVr(vr)]));
      continue;
    }
    const group = tag.slice(0, 4);
    if (!groups.has(group)) groups.set(group, [group]);
    groups.get(group).push(tag.slice(4) + chosenVr(vr));
  }
  return file(`PS3.6 ${edition}, Tables 6-1, 7-1, 8-1 and 9-1`, [
    'A line: group, then element and VR of each Data Element; where the standard leaves a choice, the VR is that\n' +
      'of implicit VR: US for US/SS, OW for all that may be OW.',
    constant('DICTIONARY_VR', [...groups.values()].map(joined)),
    'A line: tag with x for any digit, VR. 50xx and 60xx are the even groups to 501E and 601E (PS3.5 7.6).',
    constant('DICTIONARY_VR_PATTERNS', patterns),
  ]);
}

function dictionaryNames(read) {
  const { entries, edition } = read('dicom-dictionary-ps3.6-2026c.json');
  const known = Object.entries(entries).filter(([, [keyword]]) => keyword !== '');
  const lines = known.map(([tag, [keyword, , vm, name, retired]]) =>
    joined([tag, keyword, vm.replaceAll(' ', '_') || '-', retired ? 'r' : '-', name]),
  );
  const { rows, edition: laterEdition } = read('ps3.15-table-e1-1.json');
  // What Table E.1-1 names and PS3.6 of an earlier edition does not; group 0000 is the business of PS3.7.
  for (const { tag, keyword, vm, name, retired } of rows) {
    if (!/^[0-9A-F]{8}$/.test(tag) || tag.startsWith('0000') || entries[tag]) continue;
    lines.push(joined([tag, keyword, vm ?? '-', retired ? 'r' : '-', name]));
  }
  return file(`PS3.6 ${edition}, Tables 6-1, 7-1, 8-1 and 9-1, and PS3.15 ${laterEdition}, Table E.1-1`, [
    'A line: tag (x for any digit), keyword, Value Multiplicity (_ for a space, - where not known), r if retired, name.',
    constant('DICTIONARY_NAMES', lines.sort(byTag)),
  ]);
}

function privateDictionary(read) {
  const { rows, edition } = read('ps3.15-table-e3.10-1.json');
  const { version } = require('dcmjs/package.json');
  const creators = new Map();
  const add = (creator, groups, element, vr, name) => {
    if (!creators.has(creator)) creators.set(creator, new Map());
    creators.get(creator).set(`${groups} ${element}`, { vr, name });
  };
  for (const { creator, groups, element, vr, name } of privateElementsOfDcmjs()) add(creator, groups, element, vr, name);
  for (const { group, element, vr, creator, meaning } of rows) {
    const known = creators.get(creator)?.get(`${group} ${element}`);
    add(creator, group, element, chosenVr(vr ?? known?.vr ?? 'UN'), meaning);
  }
  const lines = [...creators].sort(byKey).flatMap(([creator, elements]) => [
    `=${creator}`,
    ...[...elements].sort(byKey).map(([key, { vr, name }]) => joined([key, vr, name])),
  ]);
  return file(`PS3.15 ${edition.slice(0, 5)}, Table E.3.10-1, and the private dictionary of dcmjs ${version} (MIT)`, [
    'A line =creator, then its elements: group (or first and last group, odd ones meant), low byte of the element,\n' +
      'VR, name.',
    constant('PRIVATE_DICTIONARY', lines),
  ]);
}

/**
 * dcmjs keys a private element (gggg,"creator",ee), with gggg-o-gggg for the odd groups of a range. Some have four
 * digits for the element: the block that one vendor used to take. The block means nothing, so that two elements of
 * one creator with the same low byte in different blocks cannot be told apart and are left out where their VR differs.
 */
function privateElementsOfDcmjs() {
  const { dictionary } = require('dcmjs').data.DicomMetaDictionary;
  const byPlace = new Map();
  for (const [key, { vr, name }] of Object.entries(dictionary)) {
    const match = /^\(([0-9a-f]{4})(?:-o-([0-9a-f]{4}))?,"(.*)",(?:[0-9a-f]{2})?([0-9a-f]{2})\)$/i.exec(key);
    if (!match || (vr === 'UN' && name === 'Unknown')) continue;
    const [, first, last, creator, element] = match;
    const groups = (last ? `${first}-${last}` : first).toUpperCase();
    const row = { creator: creator.trim(), groups, element: element.toUpperCase(), vr: chosenVr(vr), name };
    const place = `${groups} ${row.element} ${row.creator}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), row]);
  }
  return [...byPlace.values()]
    .filter((rows) => rows.every(({ vr }) => vr === rows[0].vr))
    .map((rows) => ({ ...rows[0], name: rows.every(({ name }) => name === rows[0].name) ? rows[0].name : 'Unknown' }));
}

function registeredUids(read) {
  const { uids, edition } = read('uids-ps3.6-2026c.json');
  const lines = sortedEntries(uids).map(([uid, [name, type]]) => {
    if (!UID_TYPE_LETTERS[type]) throw new Error(`unknown type of UID: ${type}`);
    return joined([uid, UID_TYPE_LETTERS[type], name]);
  });
  return file(`PS3.6 ${edition}, Tables A-1 and A-2`, [
    'A line: UID, letter of its type, name. S SOP Class, M Meta SOP Class, V Service Class, T Transfer Syntax,\n' +
      'I well-known SOP Instance, F well-known Frame of Reference, C coding scheme, A Application Context, O other.',
    constant('REGISTERED_UIDS', lines),
  ]);
}

// Form

function optionsOf(options) {
  for (const key of Object.keys(options)) if (!OPTION_LETTERS[key]) throw new Error(`unknown option: ${key}`);
  return Object.entries(OPTION_LETTERS)
    .filter(([key]) => options[key])
    .map(([key, letter]) => `${letter}=${options[key]}`)
    .join(' ');
}

function chosenVr(vr) {
  const chosen = CHOSEN_VR[vr] ?? vr;
  if (!/^[A-Z]{2}$/.test(chosen)) throw new Error(`no VR is chosen for ${vr}`);
  return chosen;
}

/** A module: what it is taken from, then documentation and declaration in turns. */
function file(source, parts) {
  let text = `// Generated by scripts/generate-standard.mjs from DICOM ${source}. Do not edit.\n`;
  for (let i = 0; i < parts.length; i += 2) {
    const lines = parts[i].split('\n');
    const doc = lines.length === 1 ? `/** ${lines[0]} */` : ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n');
    text += `\n${doc}\n${parts[i + 1]}\n`;
  }
  return text;
}

function constant(name, lines) {
  const body = lines.join('\n').replace(/\\|`|\$\{/g, '\\$&');
  return `export const ${name} = \`\n${body}\n\`;`;
}

function joined(words) {
  return words.filter((word) => word !== '').join(' ');
}

function sortedEntries(object) {
  return Object.entries(object).sort(byKey);
}

function byKey([a], [b]) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Plain tags first, those with x and `private` after them. */
function byTag(a, b) {
  const rank = (line) => (/^[0-9A-F]{8} /.test(line) ? '0' : '1') + line;
  return byKey([rank(a)], [rank(b)]);
}
