/**
 * WGSL that draws random numbers on the graphics card: Threefry4x32 with 20 rounds (Salmon et al. 2011), which makes four
 * words of a key and a counter. There is no state to carry along: each thread draws what belongs to its point and step,
 * whatever the others do, and the same seed gives the same words on every card. Cards round logarithms and sines in
 * their own ways, so normal numbers agree between cards to some digits only.
 */
export const randomText = /* wgsl */ `
const rotations = array<vec2u, 8>(
  vec2u(10, 26), vec2u(11, 21), vec2u(13, 27), vec2u(23, 5), vec2u(6, 20), vec2u(17, 11), vec2u(25, 10), vec2u(18, 20)
);

fn turned(word: u32, bits: u32) -> u32 {
  return (word << bits) | (word >> (32u - bits));
}

fn randomWords(key: vec4u, counter: vec4u) -> vec4u {
  let last = 0x1bd11bdau ^ key.x ^ key.y ^ key.z ^ key.w;
  var keys = array<u32, 5>(key.x, key.y, key.z, key.w, last);
  var x = counter + key;
  for (var round = 0u; round < 20u; round++) {
    let bits = rotations[round % 8u];
    if (round % 2u == 0u) {
      x.x += x.y;
      x.y = turned(x.y, bits.x) ^ x.x;
      x.z += x.w;
      x.w = turned(x.w, bits.y) ^ x.z;
    } else {
      x.x += x.w;
      x.w = turned(x.w, bits.x) ^ x.x;
      x.z += x.y;
      x.y = turned(x.y, bits.y) ^ x.z;
    }
    if (round % 4u == 3u) {
      let s = round / 4u + 1u;
      x += vec4u(keys[s % 5u], keys[(s + 1u) % 5u], keys[(s + 2u) % 5u], keys[(s + 3u) % 5u] + s);
    }
  }
  return x;
}

// In [0, 1), with 24 bits.
fn uniformOf(word: u32) -> f32 {
  return f32(word >> 8u) / 16777216.0;
}

// Two standard normal numbers (Box and Muller 1958), none beyond 5.9.
fn normalsOf(words: vec2u) -> vec2f {
  let radius = sqrt(-2.0 * log(uniformOf(words.x) + 0.5 / 16777216.0));
  let angle = 6.2831853 * (uniformOf(words.y) - 0.5); // in [-pi, pi), where WGSL promises exact sines
  return radius * vec2f(cos(angle), sin(angle));
}
`;

/** What a stream of random numbers is for, so that two never draw the same. */
export type RandomUse = "training" | "sampling";

/** The key of a stream, four words for the shader, from a seed, which may be any safe integer. Throws a RangeError otherwise. */
export function randomKey(seed: number, use: RandomUse): Uint32Array<ArrayBuffer> {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`seed is ${seed}: choose a whole number between -(2^53 - 1) and 2^53 - 1`);
  }
  return Uint32Array.of(seed, Math.floor(seed / 4294967296), use === "training" ? 1 : 2, 0);
}
