import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {before, describe, it} from "node:test";
import {setFlagsFromString} from "node:v8";
import fc from "fast-check";
import type {Kernels} from "../../lib/kernels/kernels.js";
import {hasRelaxedSimd, startKernels} from "../../lib/kernels/kernels.js";
import {seededRandom} from "../../lib/random.js";
import {compileAssembly} from "../../tools/bundle-kernels.js";

let kernels: Kernels;

// Older versions of Node have relaxed SIMD behind a flag, which newer ones do not know.
if (!hasRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");

/** Puts numbers into the kernels' memory. */
function put(values: ArrayLike<number>): number {
  const at = kernels.take(values.length);
  kernels.floats(at, values.length).set(values);
  return at;
}

function table(offsets: number[]): number {
  const at = kernels.take(offsets.length);
  kernels.integers(at, offsets.length).set(offsets);
  return at;
}

const size = fc.integer({min: 1, max: 21});
const random = seededRandom(1);
const draw = (count: number) => Float32Array.from(random.normals(count));
const rowsOf = (m: number, stride: number) => Array.from({length: m}, (_, i) => i * stride);

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = 1e-4): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; ++i) {
    const error = Math.abs(actual[i] - expected[i]);
    assert.ok(
      error <= tolerance * (1 + Math.abs(expected[i])),
      `${what}: ${actual[i]} at ${i} should be ${expected[i]}`
    );
  }
}

for (const fused of [false, true]) {
  describe(fused ? "the kernels with relaxed SIMD" : "the kernels with SIMD", () => {
    before(async () => (kernels = await startKernels({fused})));

    it("multiply matrices of any size, rows in stretches, with bias or added to what is there", () => {
      fc.assert(
        fc.property(size, size, size, fc.integer({min: 1, max: 3}), fc.boolean(), (m, k, n, segments, accumulate) => {
          const segment = k + 2; // stretches lie apart
          const stride = segments * segment + 1;
          const a = draw(m * stride);
          const [b, bias, c] = [draw(segments * k * n), draw(n), draw(m * (n + 3))];
          const packed = kernels.take(segments * k * (n + 8));
          kernels.pack(put(b), n, segments * k, n, false, packed, segments * k);
          const at = put(c);
          const [rows, target] = [table(rowsOf(m, stride)), table(rowsOf(m, n + 3))];
          kernels.multiply(put(a), rows, m, segments, segment, k, packed, n, at, target, put(bias), accumulate);
          const expected = c.slice();
          for (let i = 0; i < m; ++i) {
            for (let j = 0; j < n; ++j) {
              let sum = bias[j] + (accumulate ? c[i * (n + 3) + j] : 0);
              for (let s = 0; s < segments; ++s) {
                for (let l = 0; l < k; ++l) sum += a[i * stride + s * segment + l] * b[(s * k + l) * n + j];
              }
              expected[i * (n + 3) + j] = sum;
            }
          }
          near(kernels.floats(at, c.length), expected, "product"); // what lies between the rows stays
        }),
        {numRuns: 60}
      );
    });

    it("multiply by a transposed matrix once it is packed so, and add gradients of weights", () => {
      fc.assert(
        fc.property(size, size, size, (m, k, n) => {
          const [a, b, g] = [draw(m * k), draw(n * k), draw(m * n)];
          const packed = kernels.take(k * (n + 8));
          kernels.pack(put(b), k, k, n, true, packed, k);
          const c = kernels.take(m * n);
          const [rows, target] = [table(rowsOf(m, k)), table(rowsOf(m, n))];
          kernels.multiply(put(a), rows, m, 1, 0, k, packed, n, c, target, 0, false);
          const product = Array.from({length: m * n}, (_, i) =>
            dot(k, (l) => a[Math.floor(i / n) * k + l] * b[(i % n) * k + l])
          );
          near(kernels.floats(c, m * n), product, "product");
          const before = draw(k * n);
          const w = put(before);
          kernels.multiplyTransposed(put(a), rows, m, 1, 0, k, put(g), target, n, w, n);
          const gradient = Array.from(
            before,
            (old, i) => old + dot(m, (l) => a[l * k + Math.floor(i / n)] * g[l * n + (i % n)])
          );
          near(kernels.floats(w, k * n), gradient, "gradient");
          const sums = put(new Float32Array(n));
          kernels.sumRows(put(g), target, m, n, sums);
          near(
            kernels.floats(sums, n),
            Array.from({length: n}, (_, j) => dot(m, (l) => g[l * n + j])),
            "sums"
          );
        }),
        {numRuns: 60}
      );
    });

    it("swap axes, and copy rows", () => {
      const a = draw(2 * 3 * 5);
      const to = put(new Float32Array(30));
      kernels.transpose(put(a), 2, 3, 5, to, false);
      kernels.transpose(put(a), 2, 3, 5, to, true);
      near(
        kernels.floats(to, 30),
        Array.from({length: 30}, (_, i) => 2 * a[Math.floor(i / 15) * 15 + (i % 3) * 5 + (Math.floor(i / 3) % 5)]),
        "transposed"
      );
      const rows = put(draw(8));
      const copy = put(new Float32Array(12));
      kernels.copyRows(rows, table([4, 0]), copy, table([0, 8]), 2, 4, false);
      const [x, y] = [kernels.floats(rows, 8), kernels.floats(copy, 12)];
      assert.deepEqual([...y], [...x.subarray(4), 0, 0, 0, 0, ...x.subarray(0, 4)]);
    });

    it("bend by silu, also far from 0, with its slope on the way back", () => {
      const x = Float32Array.from([-200, -90, -20, -5, -1, -0.1, 0, 0.1, 0.5, 1, 3, 8, 20, 90, 200, 1000]);
      const [at, to, g] = [put(x), put(new Float32Array(16)), put(new Float32Array(16).fill(1))];
      kernels.silu(at, 16, to);
      kernels.siluBack(at, 16, g);
      const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
      near(
        kernels.floats(to, 16),
        Array.from(x, (v) => v * sigmoid(v)),
        "silu",
        1e-6
      );
      near(
        kernels.floats(g, 16),
        Array.from(x, (v) => sigmoid(v) * (1 + v * (1 - sigmoid(v)))),
        "slope",
        1e-6
      );
    });

    it("normalise groups of 8 channels, into a frame", () => {
      const [height, width, channels] = [3, 2, 16];
      const x = draw(2 * height * width * channels).map((value) => 3 * value + 5);
      const [scale, shift] = [draw(channels), draw(channels)];
      const to = put(new Float32Array(2 * 5 * 4 * channels));
      const moments = kernels.take(8);
      kernels.normalize(put(x), 2, height, width, channels, put(scale), put(shift), 0, to, 1, moments, false);
      const y = kernels.floats(to, 2 * 5 * 4 * channels);
      for (const image of [0, 1]) {
        for (const group of [0, 1]) {
          const members = Array.from({length: height * width * 8}, (_, i) => {
            const [place, channel] = [Math.floor(i / 8), group * 8 + (i % 8)];
            const framed = ((image * 5 + Math.floor(place / width) + 1) * 4 + (place % width) + 1) * channels + channel;
            return {x: x[(image * height * width + place) * channels + channel], y: y[framed], channel};
          });
          const mean = members.reduce((sum, member) => sum + member.x, 0) / members.length;
          const variance = members.reduce((sum, member) => sum + (member.x - mean) ** 2, 0) / members.length;
          const expected = members.map(
            (m) => ((m.x - mean) / Math.sqrt(variance + 1e-5)) * (1 + scale[m.channel]) + shift[m.channel]
          );
          near(
            members.map((m) => m.y),
            expected,
            "normalised"
          );
        }
      }
      assert.ok(
        y.subarray(0, 4 * channels).every((value) => value === 0),
        "the frame is not 0"
      );
    });

    it("take a step of Adam, and keep the average", () => {
      const [w, e, g, m, v] = Array.from({length: 5}, () => draw(4).map(Math.abs));
      const at = [w, e, g, m, v].map(put);
      kernels.adam(...(at as [number, number, number, number, number]), 4, 0.1, 0.9, 0.99, 1e-8, 0.7);
      const first = m.map((value, i) => 0.9 * value + 0.1 * g[i]);
      const second = v.map((value, i) => 0.99 * value + 0.01 * g[i] ** 2);
      const moved = w.map((value, i) => value - (0.1 * first[i]) / (Math.sqrt(second[i]) + 1e-8));
      const average = e.map((value, i) => 0.7 * value + 0.3 * moved[i]);
      [moved, average, g, first, second].forEach((expected, i) =>
        near(kernels.floats(at[i], 4), expected, `array ${i}`)
      );
    });

    it("give room that is 0, and keep what is there when the memory grows", () => {
      const at = put([1, 2, 3]);
      const large = kernels.take(3_000_000);
      assert.ok(
        kernels.floats(large, 3_000_000).every((value) => value === 0),
        "the room is not empty"
      );
      assert.deepEqual([...kernels.floats(at, 3)], [1, 2, 3]);
    });
  });
}

describe("products and sums in one instruction", () => {
  it("are taken where they are, and round differently, but little", async () => {
    assert.ok(hasRelaxedSimd(), "this version of Node has none, not even behind its flag");
    const [plain, fused] = await Promise.all([
      startKernels({fused: false}).then(largeProduct),
      startKernels().then(largeProduct)
    ]);
    assert.notDeepEqual(plain, fused, "it is the same binary");
    near(fused, plain, "a sum of 300 products");
  });
});

describe("compiling the kernels", () => {
  it("says what is wrong with a source", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kernels-"));
    try {
      await writeFile(join(folder, "index.ts"), "export function half(x: f32): f32 { return x / two; }");
      await assert.rejects(compileAssembly({folder}), /do not compile: [^]*Cannot find name 'two'/);
    } finally {
      await rm(folder, {recursive: true});
    }
  });
});

/** A product of matrices [8, 300] and [300, 8]. */
function largeProduct(own: Kernels): Float32Array {
  const values = Float32Array.from(seededRandom(2).normals(2400));
  const [a, b, packed, c, rows, target] = [2400, 2400, 2400, 64, 8, 8].map((count) => own.take(count));
  own.floats(a, 2400).set(values);
  own.floats(b, 2400).set(values);
  own.integers(rows, 8).set(rowsOf(8, 300));
  own.integers(target, 8).set(rowsOf(8, 8));
  own.pack(b, 8, 300, 8, false, packed, 300);
  own.multiply(a, rows, 8, 1, 0, 300, packed, 8, c, target, 0, false);
  return own.floats(c, 64).slice();
}

function dot(count: number, term: (l: number) => number): number {
  let sum = 0;
  for (let l = 0; l < count; ++l) sum += term(l);
  return sum;
}
