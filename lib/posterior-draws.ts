import type {Random} from "./random.js";

/** What is to be drawn, and with how many tries. */
export interface PosteriorDrawOptions {
  x0: readonly number[]; // [dim]
  xt: readonly number[]; // [dim]
  alphaBar: number; // of xt
  alphaBarPrev: number; // more than alphaBar, below 1
  tries: number;
  random: Random;
}

/**
 * Draws from q(x_prev | x_t, x_0) without its formula, by Bayes' rule as it stands (@eq-bayes): candidates come from
 * q(x_prev | x_0), and each is kept with a probability in proportion to q(x_t | x_prev). Returns the kept ones, [n, dim];
 * few are kept where x_t is unlikely for this x_0.
 *
 * Throws a RangeError unless 0 < alphaBar < alphaBarPrev < 1.
 */
export function posteriorDraws(options: PosteriorDrawOptions): Float64Array {
  const {x0, xt, alphaBar, alphaBarPrev, tries, random} = options;
  if (!(alphaBar > 0 && alphaBar < alphaBarPrev && alphaBarPrev < 1))
    throw new RangeError(`the levels are ${alphaBar} and ${alphaBarPrev}: the second must be the larger, and below 1`);
  const alpha = alphaBar / alphaBarPrev;
  const [root, noise, keep] = [Math.sqrt(alphaBarPrev), Math.sqrt(1 - alphaBarPrev), Math.sqrt(alpha)];
  const kept: number[] = [];
  for (let i = 0; i < tries; ++i) {
    const candidate = x0.map((value) => root * value + noise * random.normal());
    const square = candidate.reduce((sum, value, d) => sum + (xt[d] - keep * value) ** 2, 0);
    if (random.uniform() < Math.exp(-square / (2 * (1 - alpha)))) kept.push(...candidate);
  }
  return Float64Array.from(kept);
}
