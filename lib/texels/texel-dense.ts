import type {Texels} from "./texel-kernel.js";
import {texelKernel} from "./texel-kernel.js";
import type {TexelPlace} from "./texel-layout.js";

// Dense layers with ReLU, which is done as a layer's answer is written. A row is one of n inputs; its numbers fill whole
// texels, with zeros after the last.

/** The weights of all layers, each a kernel [inputs, outputs] with its bias right after it. */
export interface DenseWeights {
  texels: Texels;
  kernel: TexelPlace;
}

const numbersOf = ({at, rows, width}: TexelPlace) => ({at, inputs: rows, out: width});

const forward = texelKernel("DenseRelu", {
  inputs: ["x", "w"],
  integers: ["at", "inputs", "out"],
  text: `vec4 texel(int i) {
  int row = i / $out;
  int o = i - row * $out;
  int across = ($inputs + 3) / 4;
  vec4 sum = w($at + $inputs * $out + o);
  for (int c = 0; c < across; ++c) {
    vec4 v = x(row * across + c);
    int k = $at + 4 * c * $out + o;
    sum += v.x * w(k) + v.y * w(k + $out) + v.z * w(k + 2 * $out) + v.w * w(k + 3 * $out);
  }
  return max(sum, vec4(0.0));
}`
});

/** relu(x kernel + bias) for n rows. One launch. */
export function denseRelu(n: number, x: Texels, {texels: w, kernel}: DenseWeights): Texels {
  return forward(n * kernel.width, {x, w}, numbersOf(kernel));
}

const back = texelKernel("DenseReluBack", {
  inputs: ["dy", "x", "w"],
  integers: ["at", "inputs", "out"],
  text: `vec4 texel(int i) {
  int across = ($inputs + 3) / 4;
  int row = i / across;
  int c = i - row * across;
  vec4 sum = vec4(0.0);
  for (int o = 0; o < $out; ++o) {
    vec4 d = dy(row * $out + o);
    int k = $at + 4 * c * $out + o;
    sum += vec4(dot(d, w(k)), dot(d, w(k + $out)), dot(d, w(k + 2 * $out)), dot(d, w(k + 3 * $out)));
  }
  return sum * (1.0 - step(x(i), vec4(0.0)));
}`
});

/** The gradient of x, which is what a ReLU gave, from that of x kernel + bias: 0 where x is. One launch. */
export function denseReluBack(n: number, dy: Texels, x: Texels, {texels: w, kernel}: DenseWeights): Texels {
  return back(n * Math.ceil(kernel.rows / 4), {dy, x, w}, numbersOf(kernel));
}

const filter = texelKernel("DenseFilter", {
  inputs: ["dy", "x"],
  integers: ["inputs", "out", "rows", "chunks"],
  text: `vec4 texel(int i) {
  int size = ($inputs + 1) * $out;
  int chunk = i / size;
  int j = i - chunk * size;
  int line = j / $out;
  int o = j - line * $out;
  int across = ($inputs + 3) / 4;
  int c = line / 4;
  int part = line - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int row = chunk * $rows / $chunks; row < (chunk + 1) * $rows / $chunks; ++row) {
    vec4 d = dy(row * $out + o);
    if (line < $inputs) {
      d = d * dot(x(row * across + c), mask);
    }
    sum += d;
  }
  return sum;
}`
});

/** The gradient of kernel and bias as `chunks` parts, one after another, whose sum it is. One launch. */
export function denseGradient(n: number, dy: Texels, x: Texels, {rows, width}: TexelPlace, chunks: number): Texels {
  const size = (rows + 1) * width;
  return filter(chunks * size, {dy, x}, {inputs: rows, out: width, rows: n, chunks});
}
