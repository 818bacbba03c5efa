/** Theil and Sen's slope: the median of the slopes between all pairs of rounds. A few odd rounds do not move it. */
export function robustSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < values.length; ++i)
    for (let j = i + 1; j < values.length; ++j) slopes.push((values[j] - values[i]) / (j - i));
  if (!slopes.length) return NaN;
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  return slopes.length % 2 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
}

/** What became of a measure over the rounds. */
export interface Verdict {
  flat: boolean;
  slope: number; // per round
  line: string; // for the reader of the soak
}

/** Says whether a measure grows by more than `tolerance` a round. The first `warmUp` rounds fill caches, and are left out. */
export function verdict(
  name: string,
  values: readonly number[],
  {tolerance, warmUp = 2, unit = ""}: {tolerance: number; warmUp?: number; unit?: string}
): Verdict {
  const settled = values.slice(warmUp);
  if (settled.length < 3) throw new Error(`${name}: ${values.length} rounds are too few; ${warmUp + 3} are needed`);
  const slope = robustSlope(settled);
  const flat = slope <= tolerance;
  const [first, last] = [settled[0], settled.at(-1)!].map(short);
  const line = `${flat ? "flat " : "GROWS"} ${name}: ${first} to ${last}${unit}, ${short(slope)}${unit} a round (at most ${tolerance})`;
  return {flat, slope, line};
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
