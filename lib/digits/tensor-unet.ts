import * as tf from "../tf.js";

/** The weights of a name, as a tensor of their shape. */
export type WeightsOf = <T extends tf.Tensor>(name: string) => T;

/** What the network is asked: all for the same n digits. */
export interface UnetInput {
  x: tf.Tensor2D; // [n, 784], noisy digits
  times: tf.Tensor2D; // [n, 32], sine and cosine of the time
  labels: tf.Tensor2D; // [n, 11], 1 at the digit asked for, or at 10 for none
}

/** The digit network: from noisy digits [n, 784], times and labels to the velocity [n, 784]. */
export function tensorUnet({x, times, labels}: UnetInput, weights: WeightsOf): tf.Tensor2D {
  const said = embed(times, labels, weights); // [n, 64]
  const stem = convolution(toPatches(x), "stem", weights); // [n, 14, 14, 24]
  const down = block(stem, "down", said, weights);
  const shrunk = down
    .conv2d<tf.Tensor4D>(weights<tf.Tensor4D>("shrink.kernel"), 2, "valid") // [n, 7, 7, 56]
    .add<tf.Tensor4D>(weights("shrink.bias"));
  const before = block(shrunk, "before", said, weights);
  const mixed = mix(before, said, weights);
  const after = block(mixed, "after", said, weights);
  const joined = tf.concat([grow(after, weights), down], 3); // [n, 14, 14, 48]
  const up = block(joined, "up", said, weights);
  const head = silu(normalize(up, weights("head.norm.scale"), weights("head.norm.shift")));
  return fromPatches(convolution(head, "head", weights));
}

/** The time and the label as numbers, the same for all pixels. */
function embed(times: tf.Tensor2D, labels: tf.Tensor2D, weights: WeightsOf): tf.Tensor2D {
  const first = silu(dense(times, "time.first", weights));
  const second = dense(first, "time.second", weights);
  return silu(second.add(labels.matMul(weights<tf.Tensor2D>("label"))));
}

/** Two convolutions around x; the second is told the time and the label through its normalisation. */
export function block(x: tf.Tensor4D, name: string, said: tf.Tensor2D, weights: WeightsOf): tf.Tensor4D {
  const active = silu(normalize(x, weights(`${name}.norm.scale`), weights(`${name}.norm.shift`)));
  const hidden = convolution(active, `${name}.first`, weights);
  const told = dense(said, `${name}.condition`, weights); // a scale and a shift for each channel
  const [scale, shift] = tf.split(told.reshape<tf.Tensor4D>([-1, 1, 1, told.shape[1]]), 2, 3);
  const y = convolution(silu(normalize(hidden, scale, shift)), `${name}.second`, weights);
  if (x.shape[3] === y.shape[3]) return x.add(y);
  const skip = weights<tf.Tensor2D>(`${name}.skip`); // [from, to]
  return x.conv2d<tf.Tensor4D>(skip.reshape<tf.Tensor4D>([1, 1, ...skip.shape]), 1, "same").add(y);
}

/** A small network along the 49 places, the same for each channel: the one layer that sees the whole picture at once. */
function mix(x: tf.Tensor4D, said: tf.Tensor2D, weights: WeightsOf): tf.Tensor4D {
  const [n, , , channels] = x.shape;
  const normal = normalize(x, weights("mix.norm.scale"), weights("mix.norm.shift"));
  const tokens = normal.reshape<tf.Tensor3D>([n, 49, channels]).transpose<tf.Tensor3D>([0, 2, 1]); // [n, 56, 49]
  const rows = tokens.reshape<tf.Tensor2D>([n * channels, 49]);
  const told = said.matMul<tf.Tensor2D>(weights("mix.condition")).expandDims<tf.Tensor3D>(1); // [n, 1, 96]
  const hidden = dense(rows, "mix.first", weights).reshape<tf.Tensor3D>([n, channels, -1]).add<tf.Tensor3D>(told);
  const active = silu(hidden).reshape<tf.Tensor2D>([n * channels, hidden.shape[2]]);
  const mixed = dense(active, "mix.second", weights).reshape<tf.Tensor3D>([n, channels, 49]);
  return x.add(mixed.transpose([0, 2, 1]).reshape(x.shape));
}

/** From 7 x 7 to 14 x 14: each place becomes 2 x 2. */
function grow(x: tf.Tensor4D, weights: WeightsOf): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const four = dense(x.reshape<tf.Tensor2D>([n * height * width, channels]), "grow", weights);
  const outer = four.shape[1] / 4;
  return four
    .reshape([n * height, width, 2, 2, outer])
    .transpose([0, 2, 1, 3, 4])
    .reshape([n, 2 * height, 2 * width, outer]);
}

/** Group normalisation (Wu and He 2018) in groups of 8 channels, times 1 + scale, plus shift. */
function normalize(x: tf.Tensor4D, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const groups = x.reshape<tf.Tensor4D>([n, height * width, channels / 8, 8]);
  const {mean, variance} = tf.moments(groups, [1, 3], true);
  const normal = groups.sub(mean).div(variance.add(1e-5).sqrt()).reshape<tf.Tensor4D>(x.shape);
  return normal.mul(scale.add(1)).add(shift);
}

function convolution(x: tf.Tensor4D, name: string, weights: WeightsOf): tf.Tensor4D {
  return x.conv2d<tf.Tensor4D>(weights<tf.Tensor4D>(`${name}.kernel`), 1, "same").add(weights(`${name}.bias`));
}

function dense(x: tf.Tensor2D, name: string, weights: WeightsOf): tf.Tensor2D {
  return x.matMul<tf.Tensor2D>(weights(`${name}.kernel`)).add(weights(`${name}.bias`));
}

function silu<T extends tf.Tensor>(x: T): T {
  return x.mul(x.sigmoid());
}

/** Pixels [n, 784] as patches of 2 x 2, the channels of a place: [n, 14, 14, 4]. */
function toPatches(x: tf.Tensor2D): tf.Tensor4D {
  const n = x.shape[0];
  return x
    .reshape([n * 14, 2, 14, 2])
    .transpose([0, 2, 1, 3])
    .reshape([n, 14, 14, 4]);
}

/** The way back: [n, 784]. */
function fromPatches(patches: tf.Tensor4D): tf.Tensor2D {
  const n = patches.shape[0];
  return patches
    .reshape([n * 14, 14, 2, 2])
    .transpose([0, 2, 1, 3])
    .reshape([n, 784]);
}
