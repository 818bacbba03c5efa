import {multiplyAdd} from "./fused";
import {CHUNK, HEIGHT, WIDTH, at, write} from "./place";

// Products of matrices of 32-bit floats. The rows of a matrix lie where a table of offsets says, so that the patches of an
// image are rows of a matrix without being copied: a convolution is one product.

/**
 * Lays out the matrix b [k, n], whose rows are `stride` apart, for `multiply`: panels of 8 columns, [panels, depth, 8],
 * filled up with zeros. It takes the first k of the `depth` rows of each panel. With `transposed` b is [n, k].
 */
export function pack(b: usize, stride: i32, k: i32, n: i32, transposed: bool, to: usize, depth: i32): void {
  const step = (<usize>stride) << 2;
  let left = 0;
  for (; left + WIDTH <= n; left += WIDTH) {
    if (transposed) packTurned(b + (<usize>left) * step, step, k, to);
    else packStraight(b + ((<usize>left) << 2), step, k, to);
    to += (<usize>depth) << 5;
  }
  if (left < n) packRest(b, stride, k, n, transposed, to, left);
}

function packStraight(b: usize, step: usize, k: i32, to: usize): void {
  const end = to + ((<usize>k) << 5);
  while (to < end) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    b += step;
    to += 32;
  }
}

// Eight rows of b become columns: four of their numbers at a time, in two squares of 4 x 4.
function packTurned(b: usize, step: usize, k: i32, to: usize): void {
  let row = 0;
  for (; row + 4 <= k; row += 4) {
    turn4(b, step, to);
    turn4(b + 4 * step, step, to + 16);
    b += 16;
    to += 128;
  }
  for (; row < k; ++row) {
    for (let column: usize = 0; column < <usize>WIDTH; ++column) {
      store<f32>(to + (column << 2), load<f32>(b + column * step));
    }
    b += 4;
    to += 32;
  }
}

@inline
function turn4(b: usize, step: usize, to: usize): void {
  const x0 = v128.load(b);
  const x1 = v128.load(b + step);
  const x2 = v128.load(b + 2 * step);
  const x3 = v128.load(b + 3 * step);
  const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}

// The last panel, which b does not fill.
function packRest(b: usize, stride: i32, k: i32, n: i32, transposed: bool, to: usize, left: i32): void {
  for (let row = 0; row < k; ++row) {
    for (let column = left; column < left + WIDTH; ++column) {
      const at = transposed ? column * stride + row : row * stride + column;
      store<f32>(to, column < n ? load<f32>(b + ((<usize>at) << 2)) : 0);
      to += 4;
    }
  }
}

/**
 * c = a b + bias, or c += a b. a is [m, segments k]: row i begins at a + rows[i] and goes on, every k numbers, at the next
 * multiple of `segment`. b is packed, [segments k, n]. Row i of c [m, n] begins at c + target[i]. `bias` is [n] or 0.
 */
export function multiply(
  a: usize,
  rows: usize,
  m: i32,
  segments: i32,
  segment: i32,
  k: i32,
  b: usize,
  n: i32,
  c: usize,
  target: usize,
  bias: usize,
  accumulate: bool
): void {
  const panel = (<usize>(segments * k)) << 5;
  for (let first = 0; first < m; first += CHUNK) {
    const end = min(first + CHUNK, m);
    let columns = b;
    for (let left = 0; left < n; left += WIDTH) {
      let row = first;
      for (; row + HEIGHT <= end; row += HEIGHT) {
        block4(a, rows + ((<usize>row) << 2), segments, segment, k, columns, c, target + ((<usize>row) << 2), left, n, bias, accumulate);
      }
      for (; row < end; ++row) {
        block1(a, rows + ((<usize>row) << 2), segments, segment, k, columns, c, target + ((<usize>row) << 2), left, n, bias, accumulate);
      }
      columns += panel;
    }
  }
}

// Four rows of a times a panel of b.
function block4(
  a: usize,
  rows: usize,
  segments: i32,
  segment: i32,
  k: i32,
  b: usize,
  c: usize,
  target: usize,
  left: i32,
  n: i32,
  bias: usize,
  accumulate: bool
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let a0 = at(a, rows);
  let a1 = at(a, rows + 4);
  let a2 = at(a, rows + 8);
  let a3 = at(a, rows + 12);
  const width = (<usize>k) << 2;
  const skip = ((<usize>segment) << 2) - width;
  for (let s = 0; s < segments; ++s) {
    const end = a0 + width;
    while (a0 < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(a0);
      c00 = multiplyAdd(x0, b0, c00);
      c01 = multiplyAdd(x0, b1, c01);
      const x1 = v128.load32_splat(a1);
      c10 = multiplyAdd(x1, b0, c10);
      c11 = multiplyAdd(x1, b1, c11);
      const x2 = v128.load32_splat(a2);
      c20 = multiplyAdd(x2, b0, c20);
      c21 = multiplyAdd(x2, b1, c21);
      const x3 = v128.load32_splat(a3);
      c30 = multiplyAdd(x3, b0, c30);
      c31 = multiplyAdd(x3, b1, c31);
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      b += 32;
    }
    a0 += skip;
    a1 += skip;
    a2 += skip;
    a3 += skip;
  }
  write(at(c, target), c00, c01, left, n, bias, accumulate);
  write(at(c, target + 4), c10, c11, left, n, bias, accumulate);
  write(at(c, target + 8), c20, c21, left, n, bias, accumulate);
  write(at(c, target + 12), c30, c31, left, n, bias, accumulate);
}

function block1(
  a: usize,
  rows: usize,
  segments: i32,
  segment: i32,
  k: i32,
  b: usize,
  c: usize,
  target: usize,
  left: i32,
  n: i32,
  bias: usize,
  accumulate: bool
): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let a0 = at(a, rows);
  const width = (<usize>k) << 2;
  const skip = ((<usize>segment) << 2) - width;
  for (let s = 0; s < segments; ++s) {
    const end = a0 + width;
    while (a0 < end) {
      const x = v128.load32_splat(a0);
      c0 = multiplyAdd(x, v128.load(b), c0);
      c1 = multiplyAdd(x, v128.load(b, 16), c1);
      a0 += 4;
      b += 32;
    }
    a0 += skip;
  }
  write(at(c, target), c0, c1, left, n, bias, accumulate);
}
