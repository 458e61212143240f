import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProfile, parseProfile, ProfileFileError } from '../../src/anonymizer/profile-file.ts';
import { createProfile, OPTION_NAMES, PIXEL_CHOICES, type Profile, RULE_ACTIONS, SUSPECT_CHOICES, type UserRule } from '../../src/anonymizer/profile.ts';
import { VRS } from '../../src/anonymizer/dicom/vr.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { profileCheck } from '../../scripts/generate-profile-check.mjs';

const ruleOf = (text: string): UserRule => parseProfile(`rules:\n  - {${text}}`).rules[0];

/** The problems as `path@line`, in order. */
function problemsIn(text: string): string[] {
  try {
    parseProfile(text);
    return [];
  } catch (error) {
    if (error instanceof ProfileFileError) return error.problems.map(({ path, line }) => `${path}@${line}`);
    throw error;
  }
}

function messageOf(text: string): string {
  try {
    parseProfile(text);
    return '';
  } catch (error) {
    return error instanceof ProfileFileError ? error.message : 'another error';
  }
}

describe('a profile file', () => {
  it('gives the name, the options, what becomes of descriptors and the rules', () => {
    const profile = parseProfile('name: Study 7\noptions:\n  - clean-descriptors\n  - retain-uids\ndescriptors: remove\nrules:\n  - keyword: PatientSex\n    action: keep\n');
    expect(profile).toEqual(createProfile({ name: 'Study 7', options: ['clean-descriptors', 'retain-uids'], descriptors: 'remove', rules: [{ match: { tag: 0x00100040 }, action: 'keep' }] }));
  });

  it.each(['', '# nothing but a remark\n', 'options:\nrules:\n', '{}', '{"rules": []}'])('that asks for nothing is the Basic Profile: %j', (text) => {
    expect(parseProfile(text)).toEqual(createProfile());
  });

  it('may be JSON, indented by tabs too', () => {
    expect(parseProfile('{\n\t"options": ["retain-uids"],\n\t"rules": [{"vr": "UT", "action": "empty"}]\n}')).toEqual(
      createProfile({ options: ['retain-uids'], rules: [{ match: { vr: 'UT' }, action: 'empty' }] }),
    );
  });

  it.each(['"(0010,0010)"', '(0010,0010)', '"0010,0010"', '00100010', '"00100010"'])('takes the tag %s, quoted or not', (tag) => {
    expect(parseProfile(`rules:\n  - tag: ${tag}\n    action: remove\n`).rules[0].match).toEqual({ tag: TAG.PatientName });
  });

  it('takes hexadecimal numbers for what they are, quoted or not', () => {
    expect(ruleOf('creator: ACME 1.1, group: 0019, element: 23, action: keep').match).toEqual({ creator: 'ACME 1.1', group: 0x0019, element: 0x23 });
    expect(ruleOf('creator: ACME 1.1, group: "00E1", element: "0e", action: keep').match).toEqual({ creator: 'ACME 1.1', group: 0x00e1, element: 0x0e });
  });

  it('takes a value with replace', () => {
    expect(ruleOf('keyword: PatientName, action: replace, value: "Doe^J"')).toEqual({ match: { tag: TAG.PatientName }, action: 'replace', value: 'Doe^J' });
  });

  it('gives what is done with pixels; frames count from 1 in the file, and numbers may be quoted', () => {
    const { pixels, suspects, regions } = parseProfile('pixels: matching-text\nsuspects: refuse\nregions:\n  - when: {Modality: US, Rows: 480}\n    boxes:\n      - {x: 1, y: "2", width: 3, height: 4, frames: [1, 12]}\n    reason: Name\n');
    expect([pixels, suspects]).toEqual(['matching-text', 'refuse']);
    expect(regions).toEqual([{ when: [{ tag: 0x00080060, value: 'US' }, { tag: 0x00280010, value: '480' }], boxes: [{ x: 1, y: 2, width: 3, height: 4, frames: [0, 11] }], reason: 'Name' }]);
  });

  it.each(RULE_ACTIONS)('knows the action %s', (action) => {
    expect(ruleOf(`vr: ${action === 'shift' ? 'DA' : 'LO'}, action: ${action}`).action).toBe(action);
  });
});

describe('a profile file with a mistake', () => {
  it.each([
    ['an unknown key', 'option: [retain-uids]', 'option@1'],
    ['an unknown option', 'options:\n  - retain-uids\n  - retain-names', 'options[1]@3'],
    ['options that are no list', 'options: retain-uids', 'options@1'],
    ['options that exclude each other', 'name: x\noptions: [retain-longitudinal-full-dates, retain-longitudinal-modified-dates]', 'options@2'],
    ['an option that does not work yet', 'options: [clean-recognizable-visual-features]', 'options[0]@1'],
    ['another use of descriptors', 'descriptors: shorten', 'descriptors@1'],
    ['rules that are no list', 'rules:\n  tag: x', 'rules@2'],
    ['a rule that is no map', 'rules:\n  - remove everything', 'rules[0]@2'],
    ['a rule without an action', 'rules:\n  - vr: PN', 'rules[0]@2'],
    ['a rule without a match', 'rules:\n  - action: keep', 'rules[0]@2'],
    ['a rule with two matches', 'rules:\n  - vr: PN\n    keyword: PatientName\n    action: keep', 'rules[0]@2'],
    ['an unknown action', 'rules:\n  - vr: PN\n    action: delete', 'rules[0].action@3'],
    ['an unknown key in a rule', 'rules:\n  - vr: PN\n    action: keep\n    when: always', 'rules[0].when@4'],
    ['a tag of another shape', 'rules:\n  - tag: 10,10\n    action: keep', 'rules[0].tag@2'],
    ['a private tag', 'rules:\n  - tag: (0019,1023)\n    action: keep', 'rules[0].tag@2'],
    ['a tag of the File Meta Information', 'rules:\n  - tag: (0002,0010)\n    action: keep', 'rules[0].tag@2'],
    ['a group length', 'rules:\n  - tag: (0010,0000)\n    action: keep', 'rules[0].tag@2'],
    ['a tag of the record of the de-identification', 'rules:\n  - keyword: PatientIdentityRemoved\n    action: remove', 'rules[0].keyword@2'],
    ['a keyword that PS3.6 does not have', 'rules:\n  - keyword: PatientNam\n    action: keep', 'rules[0].keyword@2'],
    ['an even group of a creator', 'rules:\n  - creator: A\n    group: "0018"\n    action: keep', 'rules[0].group@3'],
    ['a group without a creator', 'rules:\n  - vr: PN\n    group: "0019"\n    action: keep', 'rules[0].group@3'],
    ['an element of three digits', 'rules:\n  - creator: A\n    element: "123"\n    action: keep', 'rules[0].element@3'],
    ['an unknown VR', 'rules:\n  - vr: XX\n    action: keep', 'rules[0].vr@2'],
    ['a value without replace', 'rules:\n  - vr: PN\n    action: keep\n    value: x', 'rules[0].value@4'],
    ['a value beyond ASCII', 'rules:\n  - vr: PN\n    action: replace\n    value: Nicolò', 'rules[0].value@4'],
    ['a value that is no date for a date', 'rules:\n  - keyword: StudyDate\n    action: replace\n    value: today', 'rules[0].value@4'],
    ['a value that is too long for its VR', `rules:\n  - keyword: AccessionNumber\n    action: replace\n    value: ${'x'.repeat(17)}`, 'rules[0].value@4'],
    ['a value for a number', 'rules:\n  - keyword: Rows\n    action: replace\n    value: "512"', 'rules[0].value@4'],
    ['a shift of what is no date', 'rules:\n  - keyword: PatientName\n    action: shift', 'rules[0].action@3'],
    ['a key twice', 'name: a\nname: b', '@2'],
    ['no end', 'rules: [', '@1'],
    ['a list at the top', '- vr: PN', '@1'],
    ['a word at the top', 'remove everything', '@1'],
    ['another use of pixels', 'pixels: some', 'pixels@1'],
    ['another use of suspects', 'suspects: maybe', 'suspects@1'],
    ['a region without boxes', 'regions:\n  - when: {Modality: US}', 'regions[0]@2'],
    ['a region that neither blacks out nor keeps', 'regions:\n  - when: {Modality: US}\n    reason: x', 'regions[0]@2'],
    ['an empty list of what stays', 'regions:\n  - when: {Modality: US}\n    keep: []', 'regions[0].keep@3'],
    ['a region for everything', 'regions:\n  - boxes: [{x: 0, y: 0, width: 1, height: 1}]', 'regions[0]@2'],
    ['a region without a condition', 'regions:\n  - when: {}\n    boxes: [{x: 0, y: 0, width: 1, height: 1}]', 'regions[0].when@2'],
    ['a box of no width', 'regions:\n  - when: {Modality: US}\n    boxes:\n      - {x: 0, y: 0, width: 0, height: 1}', 'regions[0].boxes[0].width@4'],
    ['a box without a height', 'regions:\n  - when: {Modality: US}\n    boxes:\n      - {x: 0, y: 0, width: 1}', 'regions[0].boxes[0]@4'],
    ['a frame before the first', 'regions:\n  - when: {Modality: US}\n    boxes:\n      - {x: 0, y: 0, width: 1, height: 1, frames: [0]}', 'regions[0].boxes[0].frames[0]@4'],
    ['an unknown key in a box', 'regions:\n  - when: {Modality: US}\n    boxes:\n      - {x: 0, y: 0, width: 1, height: 1, z: 1}', 'regions[0].boxes[0].z@4'],
    ['a series by its UID', 'regions:\n  - series: 1.2.840.1\n    boxes: [{x: 0, y: 0, width: 1, height: 1}]', 'regions[0].series@2'],
    ['a condition by what is no keyword', 'regions:\n  - when:\n      Maker: ACME\n    boxes: [{x: 0, y: 0, width: 1, height: 1}]', 'regions[0].when.Maker@3'],
    ['a condition that names somebody', 'regions:\n  - when:\n      PatientID: "7"\n    boxes: [{x: 0, y: 0, width: 1, height: 1}]', 'regions[0].when.PatientID@3'],
  ])('%s is told with its path and its line', (_, text, place) => {
    expect(problemsIn(text)).toEqual([place]);
  });

  it('is told with every other mistake, in the order of the file', () => {
    expect(problemsIn('options: [retain-names]\nrules:\n  - vr: PN\n    action: delete\n  - vr: PP\n    action: keep\n')).toEqual(['options[0]@1', 'rules[0].action@4', 'rules[1].vr@5']);
  });

  it('is answered with what is allowed', () => {
    for (const action of RULE_ACTIONS) expect(messageOf('rules: [{vr: PN, action: delete}]')).toContain(action);
    for (const option of OPTION_NAMES) expect(messageOf('options: [retain-names]')).toContain(option);
    expect(messageOf('rules: [{vr: PN, action: keep, when: x}]')).toContain('keyword');
  });

  it('is told in a sentence that names the line', () => {
    expect(messageOf('rules:\n  - vr: PN\n    action: delete')).toMatch(/^Profile, line 3: rules\[0\]\.action must be one of .*\.$/);
  });
});

describe('a profile that is written as a file', () => {
  it.each<[string, Profile]>([
    ['the Basic Profile', createProfile()],
    ['every option that works together', createProfile({ options: OPTION_NAMES.filter((name) => !/full-dates|pixel|visual/.test(name)), descriptors: 'remove' })],
    ['rules of every kind', createProfile({ name: 'No. 7: "quoted" # not a remark', rules: [
      { match: { tag: TAG.PatientName }, action: 'replace', value: 'Doe^J' },
      { match: { tag: 0x00280010 }, action: 'keep' },
      { match: { creator: 'ACME: 1.1', group: 0x0019, element: 0x03 }, action: 'keep' },
      { match: { creator: '0019' }, action: 'remove' },
      { match: { vr: 'DA' }, action: 'shift' },
      { match: { vr: 'LO' }, action: 'replace', value: '123' },
      { match: { vr: 'ST' }, action: 'replace', value: '' },
    ] })],
    ['regions of pixels', createProfile({ pixels: 'regions', suspects: 'refuse', regions: [
      { when: [{ tag: 0x00080070, value: 'ACME: "1"' }, { tag: 0x00280010, value: '0480' }], series: '0123456789ab', boxes: [{ x: 0, y: 1, width: 20, height: 30, frames: [0, 7] }, { x: 5, y: 5, width: 1, height: 1 }], reason: 'Banner # not a remark' },
      { when: [{ tag: 0x00080008, value: 'DERIVED\\SECONDARY' }], boxes: [{ x: 0, y: 0, width: 1, height: 1 }], reason: '' },
      { when: [{ tag: 0x00080060, value: 'US' }], boxes: [], keep: [{ x: 7, y: 8, width: 90, height: 10 }, { x: 1, y: 1, width: 2, height: 2, frames: [3] }], reason: 'Scale' },
    ] })],
  ])('reads back as it was: %s', (_, profile) => {
    expect(parseProfile(formatProfile(profile))).toEqual(profile);
  });

  it('names the options and actions that there are, for whoever goes on writing', () => {
    const text = formatProfile(createProfile());
    for (const word of [...OPTION_NAMES, ...RULE_ACTIONS]) expect(text).toContain(word);
  });

  it('tells the keyword beside a tag', () => {
    expect(formatProfile(createProfile({ rules: [{ match: { tag: TAG.PatientID }, action: 'remap' }] }))).toContain('(0010,0020) # PatientID');
  });
});

interface SchemaText {
  readonly definitions: {
    readonly option: { readonly oneOf: readonly { readonly const: string; readonly description: string }[] };
    readonly rule: { readonly properties: Readonly<Record<string, { readonly description?: string; readonly enum?: readonly string[] }>> };
    readonly region: { readonly properties: Readonly<Record<string, { readonly description?: string }>> };
    readonly box: { readonly properties: Readonly<Record<string, { readonly description?: string }>> };
  };
  readonly properties: Readonly<Record<string, { readonly description?: string; readonly enum?: readonly string[] }>>;
}

describe('the schema of profile files', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/dicom-profile.schema.json', import.meta.url), 'utf8')) as SchemaText;
  const { option, rule } = schema.definitions;

  it('knows the options, the actions and the VRs of the program', () => {
    expect(option.oneOf.map((each) => each.const)).toEqual(OPTION_NAMES);
    expect(rule.properties.action.enum).toEqual(RULE_ACTIONS);
    expect(rule.properties.vr.enum).toEqual(VRS);
    expect(schema.properties.pixels.enum).toEqual(PIXEL_CHOICES);
    expect(schema.properties.suspects.enum).toEqual(SUSPECT_CHOICES);
  });

  it('describes every key and every option for an editor', () => {
    const { region, box } = schema.definitions;
    const described = [...Object.values(schema.properties), ...Object.values(rule.properties), ...Object.values(region.properties), ...Object.values(box.properties), ...option.oneOf];
    expect(described.filter(({ description }) => description === undefined || description === '')).toEqual([]);
  });

  it('is what the program checks by', () => {
    expect(readFileSync(new URL('../../src/anonymizer/data/profile-check.js', import.meta.url), 'utf8')).toBe(profileCheck());
  });
});
