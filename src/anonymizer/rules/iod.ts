import { tagKey, type Tag } from '../dicom/tag.ts';
import { IOD_MODULES, MODULE_NESTED_TYPES, MODULE_TYPES, SOP_CLASS_IODS } from './data/iod-types.ts';

/** Type of an attribute in an IOD (PS3.5 7.4), conditions aside: 1C counts as 1 and 2C as 2. */
export type AttributeType = 1 | 2 | 3;

/** Multi-frame Functional Groups asks for Content Date and Time (PS3.3 C.7.6.16); its data are not among the facts. */
const FUNCTIONAL_GROUPS = /-multi-frame-functional-groups$/;
const TYPE_1_IN_FUNCTIONAL_GROUPS: ReadonlySet<string> = new Set(['00080023', '00080033']);

/**
 * The strictest Type of an attribute over the modules of the SOP Class's IOD (PS3.3 A). Only attributes with a
 * compound code of Table E.1-1 are known.
 * @param path tags of the Sequences around the attribute, then its own
 * @returns undefined where the IOD or the attribute in it is not covered: the stricter branch must be taken
 */
export function attributeType(sopClass: string, path: readonly Tag[]): AttributeType | undefined {
  const modules = modulesOf(sopClass);
  if (modules === undefined) return undefined;
  const key = path.map(tagKey).join('/');
  const text = path.length === 1 ? MODULE_TYPES : MODULE_NESTED_TYPES;
  let strictest: AttributeType | undefined;
  for (const module of modules) {
    const type = FUNCTIONAL_GROUPS.test(module) && TYPE_1_IN_FUNCTIONAL_GROUPS.has(key) ? 1 : typeIn(text, module, key);
    if (type !== undefined && (strictest === undefined || type < strictest)) strictest = type;
  }
  return strictest;
}

/** Whether the SOP Class's IOD holds a module; only modules with compound codes are known. */
export function hasModule(sopClass: string, module: string): boolean {
  return modulesOf(sopClass)?.includes(module) ?? false;
}

function modulesOf(sopClass: string): string[] | undefined {
  const iod = factOf(SOP_CLASS_IODS, sopClass);
  return iod === undefined ? undefined : factOf(IOD_MODULES, iod)?.split(',');
}

function typeIn(text: string, module: string, key: string): AttributeType | undefined {
  const types = factOf(text, module);
  const at = types === undefined ? -1 : ` ${types}`.indexOf(` ${key}=`);
  return at < 0 || types === undefined ? undefined : (Number(types[at + key.length + 1]) as AttributeType);
}

/** What stands behind a name in lines of `name fact`; searched where it is, since each is asked for once or twice. */
function factOf(lines: string, name: string): string | undefined {
  const at = lines.indexOf(`\n${name} `);
  if (at < 0) return undefined;
  const from = at + name.length + 2;
  const end = lines.indexOf('\n', from);
  return lines.slice(from, end < 0 ? undefined : end);
}
