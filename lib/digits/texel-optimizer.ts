import {muonSettings} from "../muon.js";
import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel} from "../texels/texel-kernel.js";
import {adamSettings} from "./digit-network.js";
import type {Parts} from "./texel-convolution.js";

// All that is trained is one tensor of texels: the weights, their running average, and the running means of the gradient
// and of its square, one after another. So a step makes one new tensor, in one launch.

/** Where each part of the state begins, in sizes of the weights. */
export const statePlaces = {weights: 0, average: 1, first: 2, second: 3};

const together = 6; // gradients in a launch; WebGPU promises 8 buffers to a kernel
const numbersOf = (k: number) => ["start", "size", "count", "base", "stride"].map((name) => `${name}${k}`);
const gather = texelKernel("GatherGradients", {
  inputs: ["previous", ...Array.from({length: together}, (_, k) => `part${k}`)],
  integers: ["begun", ...Array.from({length: together}, (_, k) => numbersOf(k)).flat()],
  text: `vec4 texel(int i) {
  vec4 sum = vec4(0.0);
${Array.from(
  {length: together},
  (_, k) => `  int j${k} = i - $start${k};
  if (j${k} >= 0 && j${k} < $size${k}) {
    for (int c = 0; c < $count${k}; ++c) {
      sum += part${k}($base${k} + c * $stride${k} + j${k});
    }
    return sum;
  }`
).join("\n")}
  if ($begun == 1) {
    sum = previous(i);
  }
  return sum;
}`
});

/** The gradient of all weights, [size] texels, from parts that do not overlap; a launch for six. */
export function gatherGradients(parts: readonly Parts[], size: number): Texels {
  let previous: Texels | undefined;
  for (let from = 0; from < parts.length; from += together) {
    const own = parts.slice(from, from + together);
    const numbers: Record<string, number> = {begun: Number(previous !== undefined)};
    const inputs: Record<string, Texels> = {previous: previous ?? own[0].texels};
    for (let k = 0; k < together; ++k) {
      const {at, size, count, base = 0, stride = size, texels} = own[k] ?? {...own[0], size: 0};
      [at, size, count, base, stride].forEach((value, i) => (numbers[numbersOf(k)[i]] = value));
      inputs[`part${k}`] = texels;
    }
    previous = gather(size, inputs, numbers);
  }
  if (!previous) throw new RangeError("there are no gradients to gather");
  return previous;
}

const ahead = texelKernel("MuonAhead", {
  inputs: ["state", "gradient", "owners"],
  integers: ["first"],
  floats: ["keep"],
  text: `vec4 texel(int i) {
  if (owners(i).x < 0.0) {
    return vec4(0.0);
  }
  vec4 fresh = (1.0 - $keep) * gradient(i);
  return $keep * ($keep * state($first + i) + fresh) + fresh;
}`
});

// The square of a matrix: with the longer side upright, transposed times itself; with the shorter one, itself times
// transposed. Either way it has the shorter side, and the matrix is multiplied by it on that side.
const squareText = `int sideOf(vec4 owner) {
  int rows = int(owner.y + 0.5);
  int width = int(owner.z + 0.5);
  int side = width;
  if (rows < 4 * width) {
    side = (rows + 3) / 4;
  }
  return side;
}
vec4 maskOf(int part) {
  return vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
}`;

const gram = texelKernel("MuonGram", {
  inputs: ["x", "squares"],
  integers: [],
  text: `${squareText}
vec4 texel(int i) {
  vec4 owner = squares(i);
  int at = int(owner.x + 0.5);
  int rows = int(owner.y + 0.5);
  int width = int(owner.z + 0.5);
  int side = sideOf(owner);
  int own = i - int(owner.w + 0.5);
  int r = own / side;
  int j = own - r * side;
  vec4 sum = vec4(0.0);
  if (rows >= 4 * width) {
    vec4 mask = maskOf(r % 4);
    for (int m = 0; m < rows; ++m) {
      sum += dot(x(at + m * width + r / 4), mask) * x(at + m * width + j);
    }
    return sum;
  }
  if (r >= rows) {
    return sum;
  }
  for (int c = 0; c < width; ++c) {
    vec4 v = x(at + r * width + c);
    int other = at + 4 * j * width + c;
    sum.x += dot(v, x(other));
    if (4 * j + 1 < rows) { sum.y += dot(v, x(other + width)); }
    if (4 * j + 2 < rows) { sum.z += dot(v, x(other + 2 * width)); }
    if (4 * j + 3 < rows) { sum.w += dot(v, x(other + 3 * width)); }
  }
  return sum;
}`
});

// In the first round the matrix still has its own size; the trace of its square is that size, squared.
const factor = texelKernel("MuonFactor", {
  inputs: ["g", "squares"],
  integers: ["opening"],
  floats: ["a", "b", "c"],
  text: `${squareText}
vec4 texel(int i) {
  vec4 owner = squares(i);
  int start = int(owner.w + 0.5);
  int side = sideOf(owner);
  int own = i - start;
  int r = own / side;
  int j = own - r * side;
  float scale = 1.0;
  if ($opening == 1) {
    float trace = 0.0;
    for (int k = 0; k < 4 * side; ++k) {
      trace += dot(g(start + k * side + k / 4), maskOf(k % 4));
    }
    scale = 1.0 / (sqrt(trace) + 0.000000000001);
  }
  float square = scale * scale;
  vec4 product = vec4(0.0);
  for (int k = 0; k < side; ++k) {
    vec4 v = g(start + r * side + k) * square;
    int line = start + 4 * k * side + j;
    product += v.x * g(line) + v.y * g(line + side) + v.z * g(line + 2 * side) + v.w * g(line + 3 * side);
  }
  vec4 sum = square * ($b * g(i) + $c * product);
  if (r / 4 == j) {
    sum += $a * maskOf(r % 4);
  }
  return scale * sum;
}`
});

const apply = texelKernel("MuonApply", {
  inputs: ["x", "f", "owners"],
  integers: [],
  text: `${squareText}
vec4 texel(int i) {
  vec4 owner = owners(i);
  vec4 sum = vec4(0.0);
  if (owner.x < 0.0) {
    return sum;
  }
  int at = int(owner.x + 0.5);
  int rows = int(owner.y + 0.5);
  int width = int(owner.z + 0.5);
  int start = int(owner.w + 0.5);
  int side = sideOf(owner);
  int row = (i - at) / width;
  int j = i - at - row * width;
  if (rows >= 4 * width) {
    for (int k = 0; k < side; ++k) {
      vec4 v = x(at + row * width + k);
      int line = start + 4 * k * side + j;
      sum += v.x * f(line) + v.y * f(line + side) + v.z * f(line + 2 * side) + v.w * f(line + 3 * side);
    }
    return sum;
  }
  int last = rows - 1;
  for (int k = 0; k < side; ++k) {
    vec4 v = f(start + row * side + k);
    sum += v.x * x(at + 4 * k * width + j);
    sum += v.y * x(at + min(4 * k + 1, last) * width + j);
    sum += v.z * x(at + min(4 * k + 2, last) * width + j);
    sum += v.w * x(at + min(4 * k + 3, last) * width + j);
  }
  return sum;
}`
});

/** Which texels are matrices that Muon moves; see TexelLayout. */
export interface Ownership {
  owners: Texels;
  squares: Texels;
}

/** The matrices among these directions with all their singular values brought near 1, as lib/muon.ts says. 15 launches. */
export function orthogonal(directions: Texels, {owners, squares}: Ownership): Texels {
  const [a, b, c] = muonSettings.polynomial;
  const [size, small] = [directions.shape[0], squares.shape[0]];
  let x = directions;
  for (let round = 0; round < muonSettings.rounds; ++round) {
    const g = gram(small, {x, squares}, {});
    const f = factor(small, {g, squares}, {opening: Number(round === 0), a, b, c});
    x = apply(size, {x, f, owners}, {});
  }
  return x;
}

const update = texelKernel("UpdateState", {
  inputs: ["state", "gradient", "moves", "owners"],
  integers: ["quarter"],
  floats: ["rate", "adamRate", "epsilon", "decay", "beta1", "beta2", "momentum", "scale"],
  text: `vec4 texel(int i) {
  int part = i / $quarter;
  int j = i - part * $quarter;
  vec4 owner = owners(j);
  vec4 g = gradient(j);
  float keep = $beta1;
  float adam = 1.0;
  if (owner.x >= 0.0) {
    keep = $momentum;
    adam = 0.0;
  }
  vec4 first = keep * state(2 * $quarter + j) + (1.0 - keep) * g;
  if (part == 2) {
    return first;
  }
  vec4 second = $beta2 * state(3 * $quarter + j) + adam * (1.0 - $beta2) * g * g;
  if (part == 3) {
    return second;
  }
  vec4 change = $adamRate * first / (sqrt(second) + $epsilon);
  if (adam == 0.0) {
    change = $rate * $scale * sqrt(max(owner.y, 4.0 * owner.z)) * moves(j);
  }
  vec4 weights = state(j) - change;
  if (part == 0) {
    return weights;
  }
  return $decay * state($quarter + j) + (1.0 - $decay) * weights;
}`
});

/** The numbers of a step. */
export interface StepNumbers {
  step: number; // from 1
  learningRate: number;
  decay: number; // of the running average
}

/**
 * The state after a step along the gradient [size]: by Muon where a matrix is, by Adam elsewhere, with the running average
 * after it. 17 launches.
 */
export function updateState(state: Texels, gradient: Texels, own: Ownership, numbers: StepNumbers): Texels {
  const {step, learningRate, decay} = numbers;
  const {beta1, beta2, epsilon} = adamSettings;
  const size = gradient.shape[0];
  const {momentum} = muonSettings;
  const {owners} = own;
  const directions = ahead(size, {state, gradient, owners}, {first: statePlaces.first * size, keep: momentum});
  const moves = orthogonal(directions, own);
  const correction = Math.sqrt(1 - beta2 ** step);
  return update(
    4 * size,
    {state, gradient, moves, owners},
    {
      quarter: size,
      rate: learningRate,
      adamRate: (learningRate * correction) / (1 - beta1 ** step),
      epsilon: epsilon * correction,
      decay,
      beta1,
      beta2,
      momentum,
      scale: muonSettings.size
    }
  );
}
