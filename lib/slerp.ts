/** A way from one array to another: `share` 0 is a, 1 is b. */
export type Blend = (a: Float64Array, b: Float64Array, share: number) => Float64Array;

/**
 * Spherical interpolation (Shoemake 1985; Song et al. 2021, Eq. 67): the point at `share` of the angle from a [n] to
 * b [n]. Both ends are kept exactly, and so is the length on the way when both are of one length, which a straight line
 * does not do. Arrays that point the same way are mixed on a line. Throws a RangeError for arrays that differ in length,
 * are zero, or point in opposite directions, where the way is not unique.
 * @eq-slerp.
 */
export const slerp: Blend = (a, b, share) => {
  if (a.length !== b.length) {
    throw new RangeError(
      `a has ${a.length} numbers and b has ${b.length}: to go from one to the other they must agree`
    );
  }
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  if (Number.isNaN(cosine)) throw new RangeError("one of the ends is zero: it has no direction to turn from");
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  if (angle > Math.PI - 1e-6) {
    throw new RangeError("the ends point in opposite directions: every way around is as short as the others");
  }
  if (angle < 1e-6) return a.map((value, i) => (1 - share) * value + share * b[i]);
  const near = Math.sin((1 - share) * angle) / Math.sin(angle);
  const far = Math.sin(share * angle) / Math.sin(angle);
  return a.map((value, i) => near * value + far * b[i]);
};

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
