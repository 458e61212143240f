/** Numbers that break length checks, as 16 and 32 bits. */
const INTERESTING = [0, 1, 2, 3, 7, 8, 12, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** Pieces of the grammar of PS3.5: delimiters, headers, VRs. */
const TOKENS = [
  'feff00e0ffffffff', 'feff00e000000000', 'feff0de000000000', 'feffdde000000000', '5351', '554e', '4f42', '504e', '55540000', 'ffffffff',
  '08000500435308 00', '1000100050 4e0800', '09001000', '0900 1010', '08004011 53510000ffffffff', '40 0030a7', 'e07f1000', '0200100055491400',
].map((hex) => Buffer.from(hex.replace(/ /g, ''), 'hex'));

/** A small fast generator (xorshift), so that a run can be repeated from its seed. */
export function generator(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** One to eight random changes of an input; another input serves for splicing. */
export function mutate(input, other, random, maxLength) {
  let bytes = Buffer.from(input);
  for (let rounds = 1 + random(8); rounds > 0; rounds--) {
    const at = random(bytes.length || 1);
    switch (random(9)) {
      case 0: if (bytes.length > 0) bytes[at] ^= 1 << random(8); break;
      case 1: if (bytes.length > 0) bytes[at] = random(256); break;
      case 2: if (at + 2 <= bytes.length) bytes.writeUInt16LE(INTERESTING[random(16)] & 0xffff, at); break;
      case 3: if (at + 4 <= bytes.length) bytes.writeUInt32LE(INTERESTING[random(INTERESTING.length)], at); break;
      case 4: { const length = random(Math.min(64, bytes.length) || 1); bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]); break; }
      case 5: { const length = random(256); bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]); break; }
      case 6: { const token = TOKENS[random(TOKENS.length)]; bytes = Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(random(2) ? at : at + token.length)]); break; }
      case 7: { const from = random(other.length || 1); bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + random(512)), bytes.subarray(at)]); break; }
      default: bytes = bytes.subarray(0, Math.max(1, at));
    }
  }
  return bytes.length > maxLength ? bytes.subarray(0, maxLength) : bytes;
}
