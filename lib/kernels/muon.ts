import type {Matrix} from "../muon.js";
import {muonScale, muonSettings} from "../muon.js";
import type {Kernels} from "./kernels.js";

/** Flat arrays of all weights, by their addresses. */
export interface MuonArrays {
  weights: number;
  gradients: number;
  momentum: number; // the running means of the gradients of the matrices; 0 elsewhere
  count: number; // of numbers in each
}

/** A step of Muon on some matrices; see lib/muon.ts. It leaves their gradients 0, so that Adam does not move them too. */
export function kernelMuon(kernels: Kernels, matrices: readonly Matrix[]): (arrays: MuonArrays, rate: number) => void {
  const largest = Math.max(0, ...matrices.map(({rows, columns}) => rows * columns));
  const short = Math.max(0, ...matrices.map(({rows, columns}) => Math.min(rows, columns)));
  const long = Math.max(0, ...matrices.map(({rows, columns}) => Math.max(rows, columns)));
  const [x, y] = [kernels.take(largest), kernels.take(largest)];
  const [gram, factor] = [kernels.take(short * short), kernels.take(short * short)];
  const packed = kernels.take(short * (short + 8));
  const [longRows, shortRows] = [kernels.take(long), kernels.take(short)];

  return ({weights, gradients, momentum, count}, rate) => {
    for (const matrix of matrices) {
      const {offset, rows, columns} = matrix;
      const upright = rows >= columns; // the products take the short side twice
      mix(kernels.floats(gradients, count), kernels.floats(momentum, count), matrix, upright);
      const flat = orthogonal(Math.max(rows, columns), Math.min(rows, columns));
      const w = kernels.floats(weights, count);
      const step = rate * muonScale(matrix);
      for (let i = 0; i < rows; ++i) {
        for (let j = 0; j < columns; ++j)
          w[offset + i * columns + j] -= step * flat[upright ? i * columns + j : j * rows + i];
      }
    }
  };

  /** Brings the momentum up to date, and puts what Nesterov's rule makes of it into x, with its longer side upright. */
  function mix(gradients: Float32Array, momentum: Float32Array, {offset, rows, columns}: Matrix, upright: boolean) {
    const {momentum: keep} = muonSettings;
    const to = kernels.floats(x, rows * columns);
    let squares = 0;
    for (let i = 0; i < rows; ++i) {
      for (let j = 0; j < columns; ++j) {
        const at = offset + i * columns + j;
        momentum[at] = keep * momentum[at] + (1 - keep) * gradients[at];
        const ahead = keep * momentum[at] + (1 - keep) * gradients[at];
        to[upright ? i * columns + j : j * rows + i] = ahead;
        squares += ahead * ahead;
        gradients[at] = 0;
      }
    }
    const norm = 1 / (Math.sqrt(squares) + 1e-12);
    for (let i = 0; i < to.length; ++i) to[i] *= norm;
  }

  /** The matrix [m, n] in x, m >= n, with all its singular values brought near 1. */
  function orthogonal(m: number, n: number): Float32Array {
    const [a, b, c] = muonSettings.polynomial;
    const rows = fill(longRows, m, n);
    const square = fill(shortRows, n, n);
    let [from, to] = [x, y];
    for (let round = 0; round < muonSettings.rounds; ++round) {
      const g = kernels.floats(gram, n * n).fill(0);
      kernels.multiplyTransposed(from, rows, m, 1, 0, n, from, rows, n, gram, n);
      kernels.pack(gram, n, n, n, false, packed, n);
      kernels.multiply(gram, square, n, 1, 0, n, packed, n, factor, square, 0, false);
      const f = kernels.floats(factor, n * n);
      for (let i = 0; i < n * n; ++i) f[i] = b * g[i] + c * f[i];
      for (let i = 0; i < n; ++i) f[i * n + i] += a;
      kernels.pack(factor, n, n, n, false, packed, n);
      kernels.multiply(from, rows, m, 1, 0, n, packed, n, to, rows, 0, false);
      [from, to] = [to, from];
    }
    return kernels.floats(from, m * n);
  }

  function fill(table: number, count: number, stride: number): number {
    const rows = kernels.integers(table, count);
    for (let i = 0; i < count; ++i) rows[i] = i * stride;
    return table;
  }
}
