import {posteriorBetween} from "../posterior.js";
import {snr} from "../schedule.js";
import type {Checks} from "./check.js";
import {asFunction, asNumber, near} from "./check.js";

const levels = [
  [0.2, 0.3],
  [0.6, 0.9],
  [0.97, 0.99]
] as const;

const shown = (value: number) => Number(value.toPrecision(4));

/** The checks of the exercises of /objective. */
export const checks: Checks = {
  "two-measurements"(answer) {
    const fuse = asFunction(answer, "fuse");
    const [m1, v1, m2, v2] = [1, 0.5, 3, 2];
    const given = fuse(m1, v1, m2, v2) as {mean?: unknown; variance?: unknown} | undefined;
    const mean = asNumber(given?.mean, "the mean of fuse(1, 0.5, 3, 2)");
    const variance = asNumber(given?.variance, "the variance of fuse(1, 0.5, 3, 2)");
    if (near(variance, v1 + v2))
      return "your variance is the sum, 2.5: two measurements together are more certain than each, so the precisions 1/v add, not the variances.";
    if (!near(variance, 0.4))
      return `your variance is ${shown(variance)}: the precisions are 1/0.5 and 1/2, they add to 2.5, and the variance is 1 over that.`;
    if (near(mean, 2.6))
      return "your mean is 2.6, nearer to the less certain measurement: the weight of a measurement is its precision, 1/v, not v.";
    if (!near(mean, 1.4))
      return `your mean is ${shown(mean)}: weigh each mean with its precision, and divide by the sum of the precisions.`;
    for (const [a, b] of levels) {
      const [alpha, x0, xt] = [a / b, 0.7, -1.1];
      const {x0: c0, xt: ct} = posteriorBetween(a, b);
      const fused = fuse(Math.sqrt(b) * x0, 1 - b, xt / Math.sqrt(alpha), (1 - alpha) / alpha) as {mean: unknown};
      if (!near(asNumber(fused?.mean, "a mean"), c0 * x0 + ct * xt, 1e-9))
        return "right for one pair, but not for the pair that makes the posterior: does fuse use all four of its inputs?";
    }
  },

  "gaussian-divergence"(answer) {
    const divergence = asFunction(answer, "divergence");
    const call = (a: number[], s: number, b: number[], r: number) =>
      asNumber(divergence(a, s, b, r), `divergence([${a.join(", ")}], ${s}, [${b.join(", ")}], ${r})`);
    const same = call([1, 2], 0.5, [1, 2], 0.5);
    if (!near(same, 0)) return `two equal Gaussians have the divergence 0, and yours gives ${shown(same)}.`;
    const moved = call([1, 2], 0.5, [1.5, 2], 0.5);
    if (near(moved, 1)) return "means 0.5 apart with s = r = 0.5 give 0.5, and yours gives 1: where is the factor 1/2?";
    if (!near(moved, 0.5))
      return `means 0.5 apart with s = r = 0.5 give 0.5, the squared distance over 2 r², and yours gives ${shown(moved)}.`;
    const wide = call([0, 0, 0], 1, [0, 0, 0], 2);
    const right = 1.5 * (0.25 - 1 + Math.log(4));
    if (near(wide, right / 3))
      return `for three coordinates yours gives ${shown(wide)}, which is right for one: each coordinate has its share.`;
    if (near(wide, 1.5 * (4 - 1 - Math.log(4))))
      return "you have the two the other way round: the expectation is over the first Gaussian, of std s.";
    if (!near(wide, right))
      return `for s = 1, r = 2 and three coordinates the divergence is ${shown(right)}, and yours is ${shown(wide)}: look at the terms without means.`;
  },

  "noise-from-velocity"(answer) {
    const noiseOf = asFunction(answer, "noiseOf");
    for (const [alphaBar] of levels) {
      const [x0, epsilon] = [-0.6, -1.3];
      const [a, b] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
      const [x, v] = [a * x0 + b * epsilon, a * epsilon - b * x0];
      const given = asNumber(noiseOf(v, x, alphaBar), `noiseOf(${shown(v)}, ${shown(x)}, ${alphaBar})`);
      if (near(given, epsilon)) continue;
      if (near(given, a * x - b * v)) return `yours gives ${shown(given)}, which is x₀, not the noise ${epsilon}.`;
      if (near(given, alphaBar * v + (1 - alphaBar) * x))
        return `yours gives ${shown(given)} instead of ${epsilon}: the factors are the roots of ᾱ and 1 − ᾱ, not themselves.`;
      if (near(given, a * v - b * x) || near(given, b * x - a * v))
        return `yours gives ${shown(given)} instead of ${epsilon}: there is a wrong sign between the two terms.`;
      return `at ᾱ = ${alphaBar} the noise was ${epsilon}, and yours gives ${shown(given)}: solve the two equations of x and v for ε.`;
    }
  },

  "two-points"(answer) {
    const guess = asFunction(answer, "guess");
    for (const alphaBar of [0.1, 0.5, 0.9]) {
      for (const x of [-1.2, 0.15, 0.6]) {
        const root = Math.sqrt(alphaBar);
        const right = Math.tanh((root * x) / (1 - alphaBar));
        const given = asNumber(guess(x, alphaBar), `guess(${x}, ${alphaBar})`);
        if (near(given, right)) continue;
        const where = `at x = ${x}, ᾱ = ${alphaBar} yours gives ${shown(given)}, and the mean is ${shown(right)}`;
        if (near(given, Math.sign(x)))
          return `${where}: you choose the nearer point. The best guess is an average, and lies between the two while there is doubt.`;
        if (near(given, Math.tanh(x / (1 - alphaBar))))
          return `${where}: in x_t the two points stand at ±√ᾱ, not at ±1.`;
        if (near(given, Math.tanh((root * x) / (2 * (1 - alphaBar)))))
          return `${where}: you are off by a factor of 2 in the exponent. The two exponents differ by 2√ᾱ x/(1 − ᾱ), and tanh takes half of that.`;
        return `${where}: weigh +1 and −1 with how likely x is from each.`;
      }
    }
  },

  "velocity-weight"(answer) {
    const velocityWeight = asFunction(answer, "velocityWeight");
    for (const [a, b] of levels) {
      const half = (snr(b) - snr(a)) / 2;
      const right = half * (1 - a);
      const given = asNumber(velocityWeight(a, b), `velocityWeight(${a}, ${b})`);
      if (near(given, right)) continue;
      const where = `at ᾱ = ${a} and ${b} yours is ${shown(given)}, and right is ${shown(right)}`;
      if (near(given, half))
        return `${where}: this is the weight of an error in x₀. How much smaller is that error than the one in v?`;
      if (near(given, half / (1 - a)))
        return `${where}: turn it over. An error in x₀ is the smaller one, √(1 − ᾱ) times that in v, so v has the smaller weight.`;
      if (near(given, half * Math.sqrt(1 - a))) return `${where}: the error is squared, so its factor is squared too.`;
      if (near(given, -right))
        return `${where}: the signal-to-noise ratio falls with t, so take the cleaner level first.`;
      if (near(given, 2 * right)) return `${where}: the divergence has a factor 1/2.`;
      return `${where}: begin with half of what the signal-to-noise ratio falls in the step.`;
    }
  }
};
