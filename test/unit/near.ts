/**
 * Comparisons that say both values when they fail. A bare assert.ok(expression) does not, and worse: to quote the
 * expression node reads the source at the place of the call, which tsx has moved, and it may not come back for minutes.
 */
import assert from "node:assert/strict";

/** Fails unless got is within tolerance * max(1, |want|) of want. */
export function assertNear(got: number, want: number, tolerance: number, what = "the value"): void {
  const near = Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
  assert.ok(near, `${what} is ${got}, not ${want} (±${tolerance})`);
}

/** Fails unless got is within tolerance * |want| of want. */
export function assertRelative(got: number, want: number, tolerance: number, what = "the value"): void {
  assert.ok(
    Math.abs(got - want) <= tolerance * Math.abs(want),
    `${what} is ${got}, not ${want} (±${tolerance} relative)`
  );
}

/** assertNear on each entry of two arrays of the same length. */
export function assertAllNear(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  assert.equal(got.length, want.length);
  for (let i = 0; i < want.length; i++) assertNear(got[i], want[i], tolerance, `[${i}]`);
}

/** Fails unless got is strictly above the bound. */
export function assertAbove(got: number, bound: number, what = "the value"): void {
  assert.ok(got > bound, `${what} is ${got}, not above ${bound}`);
}
