import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel} from "../texels/texel-kernel.js";

/** Images [n, places, 4 width] in texels. */
export interface Images {
  texels: Texels;
  n: number;
  places: number;
  width: number; // channels by fours
}

/**
 * A group normalisation (Wu and He 2018) in groups of 8 channels, times 1 + scale, plus shift. Scale and shift lie in `from`,
 * `stride` texels apart for two images; 0 when they are weights, which are the same for all.
 */
export interface Norm {
  x: Images;
  stats: Texels; // the mean and the inverse standard deviation of each group, [n, width / 2] texels
  from: Texels;
  stride: number;
  scale: number; // first texel
  shift: number;
}

/** The numbers that `normText` reads; its inputs are `x`, `stats` and `s`. */
export const normNumbers = ["width", "stride", "scale", "shift"];

/** What `normText` reads, for a kernel. */
export function normInputs({x, stats, from, stride, scale, shift}: Norm) {
  return {inputs: {x: x.texels, stats, s: from}, numbers: {width: x.width, stride, scale, shift}};
}

/** Functions for kernels that normalise as they read: no normalised image is ever stored. */
export const normText = `vec4 spreadOf(int image, int c) {
  return stats(image * ($width / 2) + c / 2);
}
vec4 factorOf(int image, int c) {
  return 1.0 + s(image * $stride + $scale + c);
}
vec4 shiftOf(int image, int c) {
  return s(image * $stride + $shift + c);
}`;

// Beyond 80 the exponential would leave the range of float32, which WGSL does not promise to survive.
export const siluText = `vec4 silu(vec4 z) {
  return z / (1.0 + exp(min(-z, vec4(80.0))));
}
vec4 siluSlope(vec4 z) {
  vec4 share = 1.0 / (1.0 + exp(min(-z, vec4(80.0))));
  return share * (1.0 + z * (1.0 - share));
}`;

// One pass: the first number of the group stands in for its mean, so that little is lost in the difference of squares.
const stats = texelKernel("GroupStats", {
  inputs: ["x"],
  integers: ["places", "width"],
  text: `vec4 texel(int i) {
  int groups = $width / 2;
  int image = i / groups;
  int at = image * $places * $width + (i - image * groups) * 2;
  float pivot = x(at).x;
  vec4 sum = vec4(0.0);
  vec4 squares = vec4(0.0);
  for (int p = 0; p < $places; ++p) {
    vec4 a = x(at + p * $width) - pivot;
    vec4 b = x(at + p * $width + 1) - pivot;
    sum += a + b;
    squares += a * a + b * b;
  }
  float count = float(8 * $places);
  float mean = dot(sum, vec4(1.0)) / count;
  float variance = max(dot(squares, vec4(1.0)) / count - mean * mean, 0.0);
  return vec4(pivot + mean, 1.0 / sqrt(variance + 0.00001), 0.0, 0.0);
}`
});

/** Measures the groups of x, for a normalisation with this scale and shift. One launch. */
export function groupNorm(x: Images, place: Omit<Norm, "x" | "stats">): Norm {
  const {texels, n, places, width} = x;
  return {...place, x, stats: stats((n * width) / 2, {x: texels}, {places, width})};
}

const sums = texelKernel("GroupSums", {
  inputs: ["dz", "x", "stats"],
  integers: ["places", "width"],
  text: `vec4 texel(int i) {
  int image = i / (2 * $width);
  int j = i - image * 2 * $width;
  int c = j % $width;
  int at = image * $places * $width + c;
  vec4 spread = stats(image * ($width / 2) + c / 2);
  float own = 1.0;
  float rest = 0.0;
  if (j >= $width) {
    own = 0.0;
    rest = 1.0;
  }
  vec4 sum = vec4(0.0);
  for (int p = 0; p < $places; ++p) {
    vec4 normal = (x(at + p * $width) - spread.x) * spread.y;
    sum += dz(at + p * $width) * (own * normal + rest);
  }
  return sum;
}`
});

/**
 * From the gradient of what a normalisation gives, dz, those of its scale and its shift for each image, [n, 2, width] texels.
 * One launch.
 */
export function groupNormSums({x, stats}: Norm, dz: Texels): Texels {
  const {texels, n, places, width} = x;
  return sums(2 * n * width, {dz, x: texels, stats}, {places, width});
}

const backText = (more: string) => `${normText}
vec4 texel(int i) {
  int place = i / $width;
  int c = i - place * $width;
  int image = place / $places;
  int first = c - c % 2;
  int at = image * 2 * $width + first;
  vec4 a = factorOf(image, first);
  vec4 b = factorOf(image, first + 1);
  float count = float(8 * $places);
  float along = (dot(a, sums(at)) + dot(b, sums(at + 1))) / count;
  float mean = (dot(a, sums(at + $width)) + dot(b, sums(at + $width + 1))) / count;
  vec4 spread = spreadOf(image, c);
  vec4 normal = (x(i) - spread.x) * spread.y;
  vec4 own = spread.y * (dz(i) * factorOf(image, c) - mean - normal * along);
  ${more}
  return own;
}`;
const backInputs = ["dz", "x", "stats", "s", "sums"];
const backNumbers = ["places", ...normNumbers];
const back = texelKernel("GroupNormBack", {
  inputs: backInputs,
  integers: backNumbers,
  text: backText("")
});
const backAdded = texelKernel("GroupNormBackAdded", {
  inputs: [...backInputs, "dy"],
  integers: backNumbers,
  text: backText("own += dy(i);")
});
const backSkipped = texelKernel("GroupNormBackSkipped", {
  inputs: [...backInputs, "dy", "w"],
  integers: [...backNumbers, "skip", "across"],
  text: backText(`for (int o = 0; o < $across; ++o) {
    vec4 d = dy(place * $across + o);
    int k = $skip + 4 * c * $across + o;
    own += vec4(dot(d, w(k)), dot(d, w(k + $across)), dot(d, w(k + 2 * $across)), dot(d, w(k + 3 * $across)));
  }`)
});

/** What else reaches x: a gradient of its own shape, or one that comes through a matrix [channels, 4 across]. */
export interface Beside {
  dy: Texels;
  through?: {weights: Texels; at: number; across: number};
}

/** The gradient of x, from dz and the sums that groupNormSums makes of it. One launch. */
export function groupNormBack(norm: Norm, dz: Texels, sums: Texels, beside?: Beside): Texels {
  const {n, places, width} = norm.x;
  const own = normInputs(norm);
  const inputs = {...own.inputs, dz, sums};
  const numbers = {...own.numbers, places};
  const size = n * places * width;
  if (!beside) return back(size, inputs, numbers);
  const {dy, through} = beside;
  if (!through) return backAdded(size, {...inputs, dy}, numbers);
  const {weights: w, at: skip, across} = through;
  return backSkipped(size, {...inputs, dy, w}, {...numbers, skip, across});
}
