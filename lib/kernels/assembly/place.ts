// What the products share: how much they take at a time, where rows begin, and how a result is written.

/** Columns that the kernels work on at a time: two vectors of four. */
export const WIDTH: i32 = 8;

/** Rows that the kernels work on at a time. */
export const HEIGHT: i32 = 4;

/** Rows that stay in the cache while all columns pass by: those of one large image. */
export const CHUNK: i32 = 196;

/** Where the row begins whose offset stands at `table`. */
@inline
export function at(base: usize, table: usize): usize {
  return base + ((<usize>load<u32>(table)) << 2);
}

/** Writes 8 columns from `left` on of a row of c, with a bias if there is one; columns beyond n are left out. */
@inline
export function write(c: usize, low: v128, high: v128, left: i32, n: i32, bias: usize, accumulate: bool): void {
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
