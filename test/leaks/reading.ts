import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';

/** A value as another library reads it. */
export interface Found {
  readonly bytes: Uint8Array;
  /** Number of Items of a Sequence; undefined for other elements. */
  readonly items: number | undefined;
}

export interface Leaf {
  readonly start: number;
  readonly end: number;
  readonly tag: number;
  readonly vr: string;
}

const CONTENT = 0x0040a730;

/** A file as dicom-parser reads it: none of the program's own code is asked what the program has written. */
export class Reading {
  /** The file; of a deflated one with the Data Set inflated. */
  readonly bytes: Uint8Array;
  private readonly dataSet: dicomParser.DataSet;

  /** @throws Error or string where the library cannot read the file */
  constructor(file: Uint8Array) {
    this.dataSet = dicomParser.parseDicom(inflated(file));
    this.bytes = this.dataSet.byteArray as Uint8Array;
    openUnknown(this.dataSet, this.bytes);
  }

  /** Tag, number of the Item, tag, …; undefined where something on the way is not there. */
  find(path: readonly number[]): Found | undefined {
    let dataSet: dicomParser.DataSet | undefined = this.dataSet;
    for (let i = 0; ; i += 2) {
      const element: dicomParser.Element | undefined = dataSet?.elements[nameOf(path[i])];
      if (element === undefined) return undefined;
      if (i === path.length - 1) return this.found(element);
      dataSet = element.items?.[path[i + 1]]?.dataSet;
    }
  }

  text(tag: number): string {
    return this.dataSet.string(nameOf(tag)) ?? '';
  }

  /** The element of a content item with this concept, wherever in the report. */
  findContent(scheme: string, code: string, tag: number): Found | undefined {
    const pending = [this.dataSet];
    for (let dataSet = pending.pop(); dataSet !== undefined; dataSet = pending.pop()) {
      for (const { dataSet: inside } of dataSet.elements[nameOf(CONTENT)]?.items ?? []) {
        if (inside === undefined) continue;
        pending.push(inside);
        const concept = inside.elements.x0040a043?.items?.[0]?.dataSet;
        if (concept?.string('x00080100') !== code || concept.string('x00080102') !== scheme) continue;
        const element = inside.elements[nameOf(tag)];
        return element === undefined ? undefined : this.found(element);
      }
    }
    return undefined;
  }

  /** Elements without Items, in order; for telling where something was found. */
  leaves(): Leaf[] {
    const leaves: Leaf[] = [];
    const walk = (dataSet: dicomParser.DataSet): void => {
      for (const element of Object.values(dataSet.elements)) {
        if (element.items !== undefined) for (const item of element.items) { if (item.dataSet !== undefined) walk(item.dataSet); }
        else leaves.push({ start: element.dataOffset, end: element.dataOffset + element.length, tag: Number.parseInt(element.tag.slice(1), 16), vr: element.vr ?? '' });
      }
    };
    walk(this.dataSet);
    return leaves.sort((a, b) => a.start - b.start);
  }

  /** First and last offset of the Pixel Data's value, or of what stands for it. */
  pixels(): { readonly start: number; readonly end: number } | undefined {
    const element = ['x7fe00010', 'x7fe00008', 'x7fe00009'].map((name) => this.dataSet.elements[name]).find((each) => each !== undefined);
    return element === undefined ? undefined : { start: element.dataOffset, end: element.dataOffset + element.length };
  }

  private found(element: dicomParser.Element): Found {
    return { bytes: this.bytes.subarray(element.dataOffset, element.dataOffset + element.length), items: element.items?.length };
  }
}

/** Private Sequences in implicit VR, and Sequences behind UN, are opened by their first Item: the library leaves them closed. */
function openUnknown(dataSet: dicomParser.DataSet, bytes: Uint8Array): void {
  for (const element of Object.values(dataSet.elements)) {
    const { dataOffset: at, length, vr = 'UN' } = element;
    const isItem = bytes[at] === 0xfe && bytes[at + 1] === 0xff && bytes[at + 2] === 0x00 && bytes[at + 3] === 0xe0;
    if (element.items === undefined && vr === 'UN' && length >= 8 && isItem && element.fragments === undefined) {
      try {
        dicomParser.readSequenceItemsImplicit(new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, at), element);
      } catch {
        delete element.items;
      }
    }
    for (const { dataSet: inside } of element.items ?? []) if (inside !== undefined) openUnknown(inside, bytes);
  }
}

const DEFLATED = '1.2.840.10008.1.2.1.99';

/**
 * A deflated file as it would stand in explicit VR little endian: dicom-parser 1.8 begins to read what it has inflated
 * at the preamble.
 */
function inflated(file: Uint8Array): Uint8Array {
  const syntax = dicomParser.readPart10Header(file).elements.x00020010;
  if (syntax === undefined || Buffer.from(file).toString('latin1', syntax.dataOffset, syntax.dataOffset + syntax.length) !== DEFLATED) return file;
  const length = dicomParser.readPart10Header(file).uint32('x00020000') ?? 0;
  const start = 132 + 12 + length;
  const copy = Buffer.from(file);
  copy.fill(0, syntax.dataOffset + 19, syntax.dataOffset + syntax.length);
  return new Uint8Array(Buffer.concat([copy.subarray(0, start), inflateRawSync(copy.subarray(start))]));
}

function nameOf(tag: number): string {
  return `x${(tag >>> 0).toString(16).padStart(8, '0')}`;
}
