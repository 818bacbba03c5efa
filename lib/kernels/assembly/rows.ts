import {at} from "./place";

// What moves and adds the rows of matrices.

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
