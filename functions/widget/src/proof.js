// The proof of work that a server may ask for (ALTCHA): find the number whose hash it names.

/** How long the page may stand still at a time. */
const SLICE_MS = 8;

const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);
for (let prime = 2, count = 0; count < 64; prime += 1) {
  let isPrime = true;
  for (let by = 2; by * by <= prime; by += 1) isPrime &&= prime % by !== 0;
  if (!isPrime) continue;
  // The first 32 bits behind the point of the roots, as FIPS 180-4 has it.
  const bits = (/** @type {number} */ root) => root % 1 * 2 ** 32;
  if (count < 8) START[count] = bits(prime ** (1 / 2));
  ROUNDS[count] = bits(prime ** (1 / 3));
  count += 1;
}

/**
 * SHA-256 as hexadecimal digits. Not `crypto.subtle`: that is absent on plain http, and takes
 * longer for a call than this does for the whole of so short a text.
 * @param {string} text
 */
export const sha256 = (text) => {
  const bytes = new TextEncoder().encode(text);
  const words = new Uint32Array(((bytes.length + 8 >> 6) + 1) * 16);
  bytes.forEach((byte, at) => { words[at >> 2] |= byte << 24 - at % 4 * 8; });
  words[bytes.length >> 2] |= 0x80 << 24 - bytes.length % 4 * 8;
  words[words.length - 1] = bytes.length * 8;
  const hash = START.slice();
  const w = new Uint32Array(64);
  /** @param {number} it @param {number} by */
  const turn = (it, by) => it >>> by | it << 32 - by;
  for (let from = 0; from < words.length; from += 16) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i += 1) {
      const [x, y] = [w[i - 15], w[i - 2]];
      w[i] = i < 16 ? words[from + i]
        : w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3)
          + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g)
        + ROUNDS[i] + w[i];
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c);
      [h, g, f, e, d, c, b, a] = [g, f, e, d + one | 0, c, b, a, one + two | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((it, at) => { hash[at] += it; });
  }
  return [...hash].map((it) => it.toString(16).padStart(8, '0')).join('');
};

/**
 * Yields what the server checks, or nothing if there is no such number.
 * @param {{ algorithm: string, challenge: string, salt: string, signature: string,
 *   maxnumber?: number }} asked
 */
export const prove = async ({ algorithm, challenge, salt, signature, maxnumber = 1e6 }) => {
  let until = Date.now() + SLICE_MS;
  for (let number = 0; number <= maxnumber; number += 1) {
    if (sha256(salt + number) === challenge) {
      return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
    if (until < Date.now()) {
      await new Promise((resolve) => { setTimeout(resolve); });
      until = Date.now() + SLICE_MS;
    }
  }
  return undefined;
};
