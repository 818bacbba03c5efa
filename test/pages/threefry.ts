/** The generator of lib/shaders/random-text.ts once more, in plain numbers, for its tests. */

const rotations = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20]
];

/** Threefry4x32 with 20 rounds (Salmon et al. 2011): four words of a key and a counter of four words each. */
export function threefry(key: readonly number[], counter: readonly number[]): number[] {
  const keys = [...key, key.reduce((a, b) => a ^ b, 0x1bd11bda)];
  const x = counter.map((word, i) => (word + key[i]) | 0);
  for (let round = 0; round < 20; ++round) {
    const [a, b] = rotations[round % 8];
    mix(x, 0, round % 2 ? 3 : 1, a);
    mix(x, 2, round % 2 ? 1 : 3, b);
    if (round % 4 < 3) continue;
    const s = (round + 1) / 4;
    for (let i = 0; i < 4; ++i) x[i] = (x[i] + keys[(s + i) % 5] + (i === 3 ? s : 0)) | 0;
  }
  return x.map((word) => word >>> 0);
}

function mix(x: number[], i: number, j: number, bits: number): void {
  x[i] = (x[i] + x[j]) | 0;
  x[j] = ((x[j] << bits) | (x[j] >>> (32 - bits))) ^ x[i];
}

/** A number in [0, 1) of a word. */
export const uniformOf = (word: number) => (word >>> 8) / 2 ** 24;

/** Two standard normal numbers of two words. */
export function normalsOf([a, b]: readonly number[]): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(uniformOf(a) + 2 ** -25));
  const angle = 2 * Math.PI * (uniformOf(b) - 0.5);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
