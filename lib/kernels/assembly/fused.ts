/**
 * x y + sum. Where the browser has relaxed SIMD this is one instruction, which rounds once on processors that can; the
 * kernels are compiled with and without it.
 */
@inline
export function multiplyAdd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(sum, f32x4.mul(x, y));
}
