import type {Matrix} from "../muon.js";
import {muonScale, muonSettings} from "../muon.js";
import * as tf from "../tf.js";

/** Matrices that go together, with zeros added until all have one shape; that changes nothing of what comes out. */
interface Group {
  members: number[]; // the numbers of their pieces
  shape: [number, number]; // rows >= columns
}

/**
 * How Muon moves a flat array [count] of all weights, for a learning rate of 1, given the same array of its directions; 0
 * where there is no matrix. Long matrices go together, and short ones: on a graphics card it is the number of operations
 * that takes the time. See lib/muon.ts.
 */
export function tensorMuon(matrices: readonly Matrix[], count: number): (directions: tf.Tensor1D) => tf.Tensor1D {
  const pieces = piecesOf(matrices, count);
  const sizes = pieces.map(({size}) => size);
  const groups = groupsOf(pieces);

  return (directions) => {
    const parts = tf.split(directions, sizes);
    const moves: tf.Tensor1D[] = pieces.map(({matrix, size}) => (matrix ? directions : tf.zeros([size])));
    for (const {members, shape} of groups) {
      const upright = members.map((i) => stand(parts[i], pieces[i].matrix!, shape));
      const flat = tf.unstack(orthogonal(tf.stack(upright) as tf.Tensor3D)) as tf.Tensor2D[];
      members.forEach((i, k) => (moves[i] = lay(flat[k], pieces[i].matrix!)));
    }
    return tf.concat1d(moves);
  };
}

function groupsOf(pieces: {matrix?: Matrix}[]): Group[] {
  const all = pieces.flatMap(({matrix}, i) => (matrix ? [{i, sides: uprightShape(matrix)}] : []));
  const longest = Math.max(0, ...all.map(({sides}) => sides[0]));
  return [true, false].flatMap((long) => {
    const own = all.filter(({sides}) => sides[0] >= longest / 2 === long);
    if (!own.length) return [];
    const side = (k: 0 | 1) => Math.max(...own.map(({sides}) => sides[k]));
    return [{members: own.map(({i}) => i), shape: [side(0), side(1)]}];
  });
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

function stand(part: tf.Tensor, matrix: Matrix, [height, width]: [number, number]): tf.Tensor2D {
  const own = part.reshape<tf.Tensor2D>([matrix.rows, matrix.columns]);
  const upright = matrix.rows >= matrix.columns ? own : own.transpose<tf.Tensor2D>();
  const [rows, columns] = upright.shape;
  if (rows === height && columns === width) return upright;
  return upright.pad([
    [0, height - rows],
    [0, width - columns]
  ]);
}

function lay(padded: tf.Tensor2D, matrix: Matrix): tf.Tensor1D {
  const upright = padded.slice([0, 0], uprightShape(matrix));
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
