import {multiplyAdd} from "./fused";
import {CHUNK, HEIGHT, WIDTH, at, write} from "./place";

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
  const step = (<usize>stride) << 2;
  for (let first = 0; first < m; first += CHUNK) {
    const count = min(CHUNK, m - first);
    const from = rows + ((<usize>first) << 2);
    const to = source + ((<usize>first) << 2);
    const even = isEven(from, count) && isEven(to, count);
    let row = c;
    for (let s = 0; s < segments; ++s) {
      const part = a + ((<usize>(s * segment)) << 2);
      let i = 0;
      for (; i + HEIGHT <= k; i += HEIGHT) {
        const x = part + ((<usize>i) << 2);
        for (let left = 0; left < n; left += WIDTH) {
          if (even) outer4(x, from, count, g, to, left, n, row, step, true);
          else outer4(x, from, count, g, to, left, n, row, step, false);
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

// Whether rows are equally far apart, as those of a plain matrix are: then no table need be asked on the way.
function isEven(rows: usize, count: i32): bool {
  if (count < 2) return false;
  const apart = load<i32>(rows, 4) - load<i32>(rows);
  for (let i = 2; i < count; ++i) {
    rows += 4;
    if (load<i32>(rows, 4) - load<i32>(rows) != apart) return false;
  }
  return true;
}

// Four columns of a times 8 of g. With `even` a constant, the compiler makes two loops of it.
@inline
function outer4(
  a: usize,
  rows: usize,
  count: i32,
  g: usize,
  source: usize,
  left: i32,
  n: i32,
  c: usize,
  step: usize,
  even: bool
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
  let x = at(a, rows);
  let y = at(shifted, source);
  const xStep = even ? at(a, rows + 4) - x : 0;
  const yStep = even ? at(shifted, source + 4) - y : 0;
  for (let i = 0; i < count; ++i) {
    if (!even) {
      x = at(a, rows + ((<usize>i) << 2));
      y = at(shifted, source + ((<usize>i) << 2));
    }
    const g0 = v128.load(y);
    const g1 = v128.load(y, 16);
    const x0 = v128.load32_splat(x);
    c00 = multiplyAdd(x0, g0, c00);
    c01 = multiplyAdd(x0, g1, c01);
    const x1 = v128.load32_splat(x, 4);
    c10 = multiplyAdd(x1, g0, c10);
    c11 = multiplyAdd(x1, g1, c11);
    const x2 = v128.load32_splat(x, 8);
    c20 = multiplyAdd(x2, g0, c20);
    c21 = multiplyAdd(x2, g1, c21);
    const x3 = v128.load32_splat(x, 12);
    c30 = multiplyAdd(x3, g0, c30);
    c31 = multiplyAdd(x3, g1, c31);
    if (even) {
      x += xStep;
      y += yStep;
    }
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
    c0 = multiplyAdd(x, v128.load(y), c0);
    c1 = multiplyAdd(x, v128.load(y, 16), c1);
    rows += 4;
    source += 4;
  }
  write(c, c0, c1, left, n, 0, true);
}
