import type {Matrix} from "../muon.js";
import {muonScale, muonSettings} from "../muon.js";
import * as tf from "../tf.js";

/**
 * How Muon moves a flat array [count] of all weights, for a learning rate of 1, given the same array of its directions; 0
 * where there is no matrix. Matrices of one shape go together. See lib/muon.ts.
 */
export function tensorMuon(matrices: readonly Matrix[], count: number): (directions: tf.Tensor1D) => tf.Tensor1D {
  const pieces = piecesOf(matrices, count);
  const sizes = pieces.map(({size}) => size);
  const groups = new Map<string, number[]>(); // the numbers of the pieces, by the shape of their matrices
  pieces.forEach(({matrix}, i) => {
    if (!matrix) return;
    const shape = String(uprightShape(matrix));
    groups.set(shape, [...(groups.get(shape) ?? []), i]);
  });

  return (directions) => {
    const parts = tf.split(directions, sizes);
    const moves: tf.Tensor1D[] = pieces.map(({matrix, size}) => (matrix ? directions : tf.zeros([size])));
    for (const members of groups.values()) {
      const upright = members.map((i) => stand(parts[i], pieces[i].matrix!));
      const flat = tf.unstack(orthogonal(tf.stack(upright) as tf.Tensor3D)) as tf.Tensor2D[];
      members.forEach((i, k) => (moves[i] = lay(flat[k], pieces[i].matrix!)));
    }
    return tf.concat1d(moves);
  };
}

/** The flat array in order: matrices, and what lies between them. */
function piecesOf(matrices: readonly Matrix[], count: number): {size: number; matrix?: Matrix}[] {
  const pieces: {size: number; matrix?: Matrix}[] = [];
  let at = 0;
  for (const matrix of [...matrices].sort((a, b) => a.offset - b.offset)) {
    if (matrix.offset > at) pieces.push({size: matrix.offset - at});
    pieces.push({size: matrix.rows * matrix.columns, matrix});
    at = matrix.offset + matrix.rows * matrix.columns;
  }
  if (count > at) pieces.push({size: count - at});
  return pieces;
}

// With the longer side upright, the products take the shorter side twice.
function uprightShape({rows, columns}: Matrix): [number, number] {
  return rows >= columns ? [rows, columns] : [columns, rows];
}

function stand(part: tf.Tensor, {rows, columns}: Matrix): tf.Tensor2D {
  const matrix = part.reshape<tf.Tensor2D>([rows, columns]);
  return rows >= columns ? matrix : matrix.transpose();
}

function lay(upright: tf.Tensor2D, matrix: Matrix): tf.Tensor1D {
  const own = matrix.rows >= matrix.columns ? upright : upright.transpose();
  return own.reshape<tf.Tensor1D>([matrix.rows * matrix.columns]).mul(muonScale(matrix));
}

/** Matrices [k, m, n], m >= n, with all their singular values brought near 1. */
function orthogonal(x: tf.Tensor3D): tf.Tensor3D {
  const [a, b, c] = muonSettings.polynomial;
  let own = x.div<tf.Tensor3D>(x.square().sum([1, 2], true).sqrt().add(1e-12));
  for (let round = 0; round < muonSettings.rounds; ++round) {
    const gram = tf.matMul(own, own, true, false);
    const factor = gram.mul(b).add<tf.Tensor3D>(tf.matMul(gram, gram).mul(c));
    own = own.mul(a).add<tf.Tensor3D>(tf.matMul(own, factor));
  }
  return own;
}
