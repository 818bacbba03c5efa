// Matrix products on 32-bit floats. The rows of a matrix lie where a table of offsets says, so that the patches of an
// image are rows of a matrix without being copied: a convolution is one product.

/** Columns that the kernels work on at a time: two vectors of four. */
const WIDTH: i32 = 8;

/** Rows that the kernels work on at a time. */
const HEIGHT: i32 = 4;

/**
 * Lays out the matrix b [k, n], whose rows are `stride` apart, for `multiply`: panels of 8 columns, [panels, depth, 8],
 * filled up with zeros. It takes the first k of the `depth` rows of each panel. With `transposed` b is [n, k].
 */
export function pack(b: usize, stride: i32, k: i32, n: i32, transposed: bool, to: usize, depth: i32): void {
  for (let left = 0; left < n; left += WIDTH) {
    let place = to;
    for (let row = 0; row < k; ++row) {
      for (let column = left; column < left + WIDTH; ++column) {
        const at = transposed ? column * stride + row : row * stride + column;
        store<f32>(place, column < n ? load<f32>(b + ((<usize>at) << 2)) : 0);
        place += 4;
      }
    }
    to += (<usize>depth) << 5;
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
  const chunk = 196; // rows that stay in the cache while all columns pass by
  for (let first = 0; first < m; first += chunk) {
    const end = min(first + chunk, m);
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

// @ts-ignore: decorator
@inline
function at(base: usize, table: usize): usize {
  return base + ((<usize>load<u32>(table)) << 2);
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
      c00 = f32x4.add(c00, f32x4.mul(x0, b0));
      c01 = f32x4.add(c01, f32x4.mul(x0, b1));
      const x1 = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(x1, b0));
      c11 = f32x4.add(c11, f32x4.mul(x1, b1));
      const x2 = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(x2, b0));
      c21 = f32x4.add(c21, f32x4.mul(x2, b1));
      const x3 = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(x3, b0));
      c31 = f32x4.add(c31, f32x4.mul(x3, b1));
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
      c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
      c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b, 16)));
      a0 += 4;
      b += 32;
    }
    a0 += skip;
  }
  write(at(c, target), c0, c1, left, n, bias, accumulate);
}

// @ts-ignore: decorator
@inline
function write(c: usize, low: v128, high: v128, left: i32, n: i32, bias: usize, accumulate: bool): void {
  const to = c + ((<usize>left) << 2);
  if (left + WIDTH <= n) {
    if (bias) {
      low = f32x4.add(low, v128.load(bias + ((<usize>left) << 2)));
      high = f32x4.add(high, v128.load(bias + ((<usize>left) << 2), 16));
    }
    if (accumulate) {
      low = f32x4.add(low, v128.load(to));
      high = f32x4.add(high, v128.load(to, 16));
    }
    v128.store(to, low);
    v128.store(to, high, 16);
  } else writeSome(to, low, high, left, n, bias, accumulate);
}

const spare = memory.data(32, 16);

function writeSome(to: usize, low: v128, high: v128, left: i32, n: i32, bias: usize, accumulate: bool): void {
  v128.store(spare, low);
  v128.store(spare, high, 16);
  for (let j = 0; j < n - left; ++j) {
    let value = load<f32>(spare + ((<usize>j) << 2));
    if (bias) value += load<f32>(bias + ((<usize>(left + j)) << 2));
    if (accumulate) value += load<f32>(to + ((<usize>j) << 2));
    store<f32>(to + ((<usize>j) << 2), value);
  }
}

/**
 * c += aᵀ g: the gradient of the weights of `multiply`. a is [m, segments k] and g [m, n], both with a table of rows; c is
 * [segments k, n] with rows `stride` apart.
 */
export function multiplyTransposed(
  a: usize,
  rows: usize,
  m: i32,
  segments: i32,
  segment: i32,
  k: i32,
  g: usize,
  source: usize,
  n: i32,
  c: usize,
  stride: i32
): void {
  const chunk = 196;
  const step = (<usize>stride) << 2;
  for (let first = 0; first < m; first += chunk) {
    const count = min(chunk, m - first);
    const from = rows + ((<usize>first) << 2);
    const to = source + ((<usize>first) << 2);
    let row = c;
    for (let s = 0; s < segments; ++s) {
      const part = a + ((<usize>(s * segment)) << 2);
      let i = 0;
      for (; i + HEIGHT <= k; i += HEIGHT) {
        for (let left = 0; left < n; left += WIDTH) {
          outer4(part + ((<usize>i) << 2), from, count, g, to, left, n, row, step);
        }
        row += step * HEIGHT;
      }
      for (; i < k; ++i) {
        for (let left = 0; left < n; left += WIDTH) {
          outer1(part + ((<usize>i) << 2), from, count, g, to, left, n, row);
        }
        row += step;
      }
    }
  }
}

function outer4(
  a: usize,
  rows: usize,
  count: i32,
  g: usize,
  source: usize,
  left: i32,
  n: i32,
  c: usize,
  step: usize
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const shifted = g + ((<usize>left) << 2);
  const end = rows + ((<usize>count) << 2);
  while (rows < end) {
    const x = at(a, rows);
    const y = at(shifted, source);
    const g0 = v128.load(y);
    const g1 = v128.load(y, 16);
    const x0 = v128.load32_splat(x);
    c00 = f32x4.add(c00, f32x4.mul(x0, g0));
    c01 = f32x4.add(c01, f32x4.mul(x0, g1));
    const x1 = v128.load32_splat(x, 4);
    c10 = f32x4.add(c10, f32x4.mul(x1, g0));
    c11 = f32x4.add(c11, f32x4.mul(x1, g1));
    const x2 = v128.load32_splat(x, 8);
    c20 = f32x4.add(c20, f32x4.mul(x2, g0));
    c21 = f32x4.add(c21, f32x4.mul(x2, g1));
    const x3 = v128.load32_splat(x, 12);
    c30 = f32x4.add(c30, f32x4.mul(x3, g0));
    c31 = f32x4.add(c31, f32x4.mul(x3, g1));
    rows += 4;
    source += 4;
  }
  write(c, c00, c01, left, n, 0, true);
  write(c + step, c10, c11, left, n, 0, true);
  write(c + 2 * step, c20, c21, left, n, 0, true);
  write(c + 3 * step, c30, c31, left, n, 0, true);
}

function outer1(a: usize, rows: usize, count: i32, g: usize, source: usize, left: i32, n: i32, c: usize): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  const shifted = g + ((<usize>left) << 2);
  for (let i = 0; i < count; ++i) {
    const x = v128.load32_splat(at(a, rows));
    const y = at(shifted, source);
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(y)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(y, 16)));
    rows += 4;
    source += 4;
  }
  write(c, c0, c1, left, n, 0, true);
}

/** to[j] += the sum over the m rows of g [m, n], whose rows the table places: the gradient of a bias. */
export function sumRows(g: usize, source: usize, m: i32, n: i32, to: usize): void {
  for (let i = 0; i < m; ++i) {
    const row = at(g, source + ((<usize>i) << 2));
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const place = to + ((<usize>j) << 2);
      v128.store(place, f32x4.add(v128.load(place), v128.load(row + ((<usize>j) << 2))));
    }
    for (; j < n; ++j) {
      const place = to + ((<usize>j) << 2);
      store<f32>(place, load<f32>(place) + load<f32>(row + ((<usize>j) << 2)));
    }
  }
}

/** Copies the first n numbers of each of m rows, n a multiple of 4, or adds them; both sides have a table of rows. */
export function copyRows(from: usize, source: usize, to: usize, target: usize, m: i32, n: i32, accumulate: bool): void {
  for (let i = 0; i < m; ++i) {
    const x = at(from, source + ((<usize>i) << 2));
    const y = at(to, target + ((<usize>i) << 2));
    for (let j: usize = 0; j < <usize>(n << 2); j += 16) {
      const value = v128.load(x + j);
      v128.store(y + j, accumulate ? f32x4.add(value, v128.load(y + j)) : value);
    }
  }
}

/** Swaps the last two axes of a [count, m, n] into to [count, n, m], or adds them there. */
export function transpose(a: usize, count: i32, m: i32, n: i32, to: usize, accumulate: bool): void {
  const size = (<usize>(m * n)) << 2;
  for (let image = 0; image < count; ++image) {
    for (let i = 0; i < m; ++i) {
      for (let j = 0; j < n; ++j) {
        const place = to + ((<usize>(j * m + i)) << 2);
        const value = load<f32>(a + ((<usize>(i * n + j)) << 2));
        store<f32>(place, accumulate ? load<f32>(place) + value : value);
      }
    }
    a += size;
    to += size;
  }
}
