/** A measured number with its standard error. */
export interface Measured {
  value: number;
  error: number; // one standard deviation
}

/**
 * The share of `hits` out of `count` tries, with its standard error. The error is taken at (hits + 2) / (count + 4), as
 * Agresti and Coull (1998) do: none of a hundred tries failing does not mean that none ever will, so it is never 0. Throws
 * a RangeError if count is not a whole number of at least 1, or hits not one of 0..count.
 */
export function measuredShare(hits: number, count: number): Measured {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`count is ${count}: a share needs at least one try`);
  if (!Number.isInteger(hits) || hits < 0 || hits > count) {
    throw new RangeError(`hits is ${hits}: it must be a whole number from 0 to ${count}`);
  }
  const likely = (hits + 2) / (count + 4);
  return {value: hits / count, error: Math.sqrt((likely * (1 - likely)) / (count + 4))};
}
