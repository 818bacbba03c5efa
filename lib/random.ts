/** A seeded stream of random numbers: the same seed gives the same numbers in every browser. */
export interface Random {
  /** One number in [0, 1), with 53 random bits. */
  uniform(): number;
  /** One standard normal number (mean 0, variance 1). */
  normal(): number;
  /** One integer in 0..n-1; throws a RangeError unless n is an integer from 1 to 2^53 - 1. */
  integer(n: number): number;
  /** `count` standard normal numbers, as a [count] array; they are the ones that `normal()` would give in turn. */
  normals(count: number): Float64Array;
  /** Shuffles an array in place (Fisher-Yates) and returns it. */
  shuffle<A>(array: A[]): A[];
  /**
   * An independent stream, named by a safe integer: one per purpose, so that drawing more for one figure does not move
   * another. It depends on the seed and the name only, not on what was drawn; forking does not advance this stream.
   */
  fork(stream: number): Random;
}

/**
 * A stream of random numbers from a seed, which may be any safe integer, also 0 or negative; throws a RangeError
 * otherwise. The generator is xoshiro128** (Blackman and Vigna 2021), normals are by the ziggurat method (Marsaglia and
 * Tsang 2000, in the form of Doornik 2005).
 */
export function seededRandom(seed: number): Random {
  return stream(wordsOf(seed, "seed"));
}

// The ziggurat: 128 layers of equal area that cover the bell curve exp(-x^2 / 2), the lowest with the tail beyond TAIL.
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const EDGES = new Float64Array(129); // the layers' right ends, descending to 0
const DENSITY = new Float64Array(129); // the curve there
EDGES[0] = AREA / Math.exp(-0.5 * TAIL * TAIL); // as if the tail were part of the rectangle
EDGES[1] = TAIL;
for (let i = 1; i < 128; ++i) {
  DENSITY[i] = Math.exp(-0.5 * EDGES[i] * EDGES[i]);
  if (i < 127) EDGES[i + 1] = Math.sqrt(-2 * Math.log(AREA / EDGES[i] + DENSITY[i]));
}
DENSITY[128] = 1;

function stream(key: readonly number[]): Random {
  const next = xoshiro128(key);

  function uniform(): number {
    const high = next() >>> 5; // 27 bits
    return (high * 67108864 + (next() >>> 6)) / 9007199254740992; // 26 more bits, over 2^53
  }

  function normal(): number {
    for (;;) {
      const word = next();
      const layer = word & 127; // bits that u does not use
      const u = 2 * (((word >>> 11) * 4294967296 + next()) / 9007199254740992) - 1;
      const x = u * EDGES[layer];
      if (Math.abs(x) < EDGES[layer + 1]) return x; // 97 % of all draws
      if (layer === 0) return u < 0 ? -tail() : tail();
      const below = DENSITY[layer];
      if (below + uniform() * (DENSITY[layer + 1] - below) < Math.exp(-0.5 * x * x)) return x;
    }
  }

  /** A normal number beyond the last edge (Marsaglia 1964). */
  function tail(): number {
    for (;;) {
      const x = -Math.log(1 - uniform()) / TAIL;
      if (-2 * Math.log(1 - uniform()) > x * x) return TAIL + x;
    }
  }

  function integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`n is ${n}: choose a whole number of at least 1`);
    return Math.floor(uniform() * n);
  }

  function normals(count: number): Float64Array {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`count is ${count}: choose a whole number of at least 0`);
    }
    const values = new Float64Array(count);
    for (let i = 0; i < count; ++i) values[i] = normal();
    return values;
  }

  function shuffle<A>(array: A[]): A[] {
    for (let i = array.length - 1; i > 0; --i) {
      const j = integer(i + 1);
      [array[i], array[j]] = [array[j], array[i]];
    }
    return array;
  }

  const fork = (name: number): Random => stream([...key, ...wordsOf(name, "stream")]);
  return {uniform, normal, integer, normals, shuffle, fork};
}

/** The 64-bit two's complement of a safe integer, as two 32-bit words. */
function wordsOf(integer: number, name: string): [number, number] {
  if (!Number.isSafeInteger(integer)) {
    throw new RangeError(`${name} is ${integer}: choose a whole number between -(2^53 - 1) and 2^53 - 1`);
  }
  return [integer >>> 0, Math.floor(integer / 4294967296) >>> 0];
}

/**
 * The generator of 32-bit words: the key is hashed into its 128 bits of state, so that near seeds give unrelated
 * streams.
 */
function xoshiro128(key: readonly number[]): () => number {
  const s = Int32Array.from([1, 2, 3, 4], (lane) => key.reduce((hash, word) => mix(hash ^ word), mix(lane)));
  if ((s[0] | s[1] | s[2] | s[3]) === 0) s[0] = 1; // the one state that the generator never leaves
  return () => {
    const m = Math.imul(s[1], 5);
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
  };
}

/** The finaliser of MurmurHash3, after a step of the golden ratio: a bijection of 32-bit words. */
function mix(word: number): number {
  let h = (word + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
