import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {tensorMuon} from "../../lib/digits/tensor-muon.js";
import {startKernels} from "../../lib/kernels/kernels.js";
import {kernelMuon} from "../../lib/kernels/muon.js";
import type {Matrix} from "../../lib/muon.js";
import {muonScale, muonSettings} from "../../lib/muon.js";
import {seededRandom} from "../../lib/random.js";
import * as tf from "../../lib/tf.js";

// Tall matrices and wide ones, two of one shape, one shorter and narrower, and weights between them that are none.
const matrices: Matrix[] = [
  {offset: 3, rows: 20, columns: 6},
  {offset: 130, rows: 5, columns: 9},
  {offset: 175, rows: 6, columns: 20},
  {offset: 300, rows: 14, columns: 3}
];
const count = 350;
const gradient = Float32Array.from(seededRandom(1).normals(count), (z) => 1e-3 * z);

/** The weights after a step of the kernels from 0, and what is left of the gradients. */
async function kernelStep(gradients = gradient, momentum = new Float32Array(count)) {
  const kernels = await startKernels();
  const [w, g, m] = [kernels.take(count), kernels.take(count), kernels.take(count)];
  const step = kernelMuon(kernels, matrices);
  kernels.floats(g, count).set(gradients);
  kernels.floats(m, count).set(momentum);
  step({weights: w, gradients: g, momentum: m, count}, 0.01);
  return [w, g, m].map((at) => kernels.floats(at, count).slice());
}

/** The largest and the smallest singular value of a matrix, by powers of its Gram matrix and of what is left of it. */
function singularValues(values: Float32Array, {rows, columns}: Matrix): [largest: number, smallest: number] {
  const side = Math.min(rows, columns);
  const at = (i: number, k: number) => (rows >= columns ? values[k * columns + i] : values[i * columns + k]);
  const gram = Array.from({length: side}, (_, i) =>
    Array.from({length: side}, (_, j) => {
      let sum = 0;
      for (let k = 0; k < Math.max(rows, columns); ++k) sum += at(i, k) * at(j, k);
      return sum;
    })
  );
  const top = power(gram);
  const rest = power(gram.map((row, i) => row.map((value, j) => (i === j ? top : 0) - value)));
  return [Math.sqrt(top), Math.sqrt(Math.max(0, top - rest))];
}

function power(matrix: number[][]): number {
  let v = matrix.map((_, i) => 1 + 0.1 * i);
  let length = 0;
  for (let round = 0; round < 3000; ++round) {
    const next = matrix.map((row) => row.reduce((sum, value, j) => sum + value * v[j], 0));
    length = Math.hypot(...next);
    v = next.map((value) => value / length);
  }
  return length;
}

describe("a step of Muon", () => {
  it("is about as large in every direction of a matrix, whatever its gradient is", async () => {
    const [weights] = await kernelStep();
    for (const matrix of matrices) {
      const {offset, rows, columns} = matrix;
      const [largest, smallest] = singularValues(weights.slice(offset, offset + rows * columns), matrix);
      const unit = 0.01 * muonScale(matrix);
      assert.ok(largest < 1.3 * unit && smallest > 0.5 * unit, `${smallest / unit} to ${largest / unit} at ${offset}`);
    }
  });

  it("goes against the gradient, and does not depend on its size", async () => {
    const [weights] = await kernelStep();
    const [again] = await kernelStep(gradient.map((g) => 1000 * g));
    for (const {offset, rows, columns} of matrices) {
      let along = 0;
      for (let i = offset; i < offset + rows * columns; ++i) along += weights[i] * gradient[i];
      assert.ok(along < 0, "it climbs");
    }
    weights.forEach((w, i) => assert.ok(Math.abs(w - again[i]) < 1e-5, `weight ${i}: ${w}, ${again[i]}`));
  });

  it("leaves what is no matrix to Adam, and takes the gradients of matrices away from it", async () => {
    const [weights, gradients, momentum] = await kernelStep();
    const inside = (i: number) =>
      matrices.some(({offset, rows, columns}) => i >= offset && i < offset + rows * columns);
    for (let i = 0; i < count; ++i) {
      if (inside(i)) {
        assert.equal(gradients[i], 0);
        assert.ok(Math.abs(momentum[i] - (1 - muonSettings.momentum) * gradient[i]) < 1e-9, `momentum ${i}`);
      } else assert.deepEqual([weights[i], gradients[i], momentum[i]], [0, gradient[i], 0]);
    }
  });

  it("is the same in tfjs", async () => {
    await tf.useBackend("cpu");
    const before = seededRandom(2).normals(count);
    const {momentum: keep} = muonSettings;
    const running = Float32Array.from(before, (m, i) => keep * 1e-3 * m + (1 - keep) * gradient[i]);
    const ahead = running.map((m, i) => keep * m + (1 - keep) * gradient[i]);
    const [expected] = await kernelStep(
      gradient,
      Float32Array.from(before, (m) => 1e-3 * m)
    );
    const tensors = tf.memory().numTensors;
    const move = tf.tidy(() => tensorMuon(matrices, count)(tf.tensor1d(ahead)).mul(-0.01));
    const got = await move.data();
    move.dispose();
    assert.equal(tf.memory().numTensors, tensors, "tensors are left");
    expected.forEach((w, i) => assert.ok(Math.abs(w - got[i]) < 2e-4, `weight ${i}: ${w}, in tfjs ${got[i]}`));
  });
});
