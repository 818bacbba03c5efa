/** The points between two whole states, for smooth motion; only whole positions are states of a sampler. */
export function between(states: readonly Float32Array[], position: number): Float32Array {
  const k = Math.max(0, Math.min(Math.floor(position), states.length - 1));
  const rest = position - k;
  if (rest <= 0 || k + 1 >= states.length) return states[k];
  const next = states[k + 1];
  return states[k].map((value, i) => value + rest * (next[i] - value));
}

/** The index of the point in [n, 2] that is nearest to `at`, or -1 if none is nearer than `within` (data units). */
export function nearestPoint(points: ArrayLike<number>, [x, y]: readonly [number, number], within: number): number {
  let best = -1;
  let distance = within ** 2;
  for (let i = 0; i < points.length / 2; ++i) {
    const d = (points[2 * i] - x) ** 2 + (points[2 * i + 1] - y) ** 2;
    if (d < distance) [best, distance] = [i, d];
  }
  return best;
}
