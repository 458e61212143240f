/** Bytes one after another in memory that grows and is used again, behind room for what is written last. */
export class ByteWriter {
  bytes = new Uint8Array(1 << 16);
  position = 0;

  /** @param room bytes that are kept free in front */
  constructor(private readonly room: number) {}

  begin(): void {
    this.position = this.room;
  }

  /** The bytes from `start` to `end`. */
  write(from: Uint8Array, start: number, end: number): void {
    this.need(end - start);
    const { bytes } = this;
    let { position } = this;
    // Most stretches are too short for a view of them to pay.
    for (let i = start; i < end; i++) bytes[position++] = from[i];
    this.position = position;
  }

  /** ASCII, padded to even length with a zero, as a UID is (PS3.5 9.1). */
  writeText(text: string): void {
    this.need(text.length + 1);
    for (let i = 0; i < text.length; i++) this.bytes[this.position++] = text.charCodeAt(i);
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
