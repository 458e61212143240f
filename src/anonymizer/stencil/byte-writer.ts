import type { Host } from '../dicom/host.ts';

/** Bytes one after another in memory that grows and is used again, behind room for what is written last. */
export class ByteWriter {
  bytes = new Uint8Array(1 << 16);
  position = 0;

  /** @param room bytes that are kept free in front */
  constructor(private readonly room: number, private readonly host: Host) {}

  begin(): void {
    this.position = this.room;
  }

  write(bytes: Uint8Array): void {
    this.need(bytes.length);
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** ASCII, padded to even length with a zero, as a UID is (PS3.5 9.1). */
  writeText(text: string): void {
    this.need(text.length + 1);
    this.host.layText(this.bytes, this.position, text);
    this.position += text.length;
    if (text.length % 2 === 1) this.bytes[this.position++] = 0;
  }

  writeLength(length: number, lengthBytes: number): void {
    if (lengthBytes === 4) {
      this.writeUint32(length);
      return;
    }
    this.need(2);
    this.bytes[this.position++] = length & 0xff;
    this.bytes[this.position++] = length >>> 8;
  }

  writeUint32(value: number): void {
    this.need(4);
    this.setUint32(this.position, value);
    this.position += 4;
  }

  setUint32(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.bytes[at + i] = (value >>> (8 * i)) & 0xff;
  }

  /** Everything, with `front` before it; a view of memory that the next one overwrites. */
  end(front: Uint8Array): Uint8Array {
    const start = this.room - front.length;
    this.bytes.set(front, start);
    return this.bytes.subarray(start, this.position);
  }

  private need(length: number): void {
    if (this.position + length <= this.bytes.length) return;
    const grown = new Uint8Array((this.position + length) * 2);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
