/**
 * The standard error of a statistic from what it is without each of g groups of the things in turn (the jackknife, Efron and
 * Tibshirani 1993, chapter 11). `without` [g] are those values; the groups are of one size. With one thing in each group the
 * error of a mean is the textbook's. Throws a RangeError for fewer than 2 groups.
 */
export function jackknifeError(without: readonly number[]): number {
  const groups = without.length;
  if (groups < 2) throw new RangeError(`there are ${groups} values: leave out each of at least 2 groups`);
  const mean = without.reduce((sum, value) => sum + value, 0) / groups;
  const square = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((groups - 1) / groups) * square);
}
