import {ddpmStep} from "../ddpm.js";
import {chainVarianceRatio, reverseVariance} from "../gaussian-chain.js";
import {makeSchedule, scheduleFromBetas} from "../schedule.js";
import {timestepList} from "../timesteps.js";
import type {Checks} from "./check.js";
import {asFunction, asNumber, asNumbers, near} from "./check.js";

const pairs = [
  [0.2, 0.35],
  [0.6, 0.9],
  [0.97, 0.995]
] as const;

const shown = (value: number) => Number(value.toPrecision(4));

/** The checks of the exercises of /ddpm. */
export const checks: Checks = {
  "ancestral-step"(answer) {
    const step = asFunction(answer, "step");
    const [x, epsilon, z] = [0.7, -0.4, 1.3];
    for (const [alphaBar, alphaBarPrev] of [...pairs, [0.9, 1] as const]) {
      const at = {x, epsilon, alphaBar, alphaBarPrev, z};
      const one = (value: number) => Float64Array.of(value);
      const right = (noise: number) => ddpmStep(one(x), one(epsilon), {alphaBar, alphaBarPrev, noise: one(noise)}).x[0];
      const given = asNumber(step(at), `step at ᾱ = ${alphaBar} and ${alphaBarPrev}`);
      const still = asNumber(step({...at, z: 0}), "step with z = 0");
      if (near(given, right(z))) continue;
      const beta = 1 - alphaBar / alphaBarPrev;
      const where = `from ᾱ = ${alphaBar} to ${alphaBarPrev}`;
      if (near(still, given)) return `${where} the noise z changes nothing in yours: this step thins the modes.`;
      if (near(still, right(0))) {
        if (alphaBarPrev === 1) return "the last step adds noise in yours: to clean data the variance is 0.";
        if (near(given - still, Math.sqrt(beta) * z))
          return `${where} the mean is right, and the variance is β, ${shown(beta)}; the exercise asks for β̃.`;
        const variance = (beta * (1 - alphaBarPrev)) / (1 - alphaBar);
        if (near(given - still, variance * z))
          return `${where} the mean is right, but z is multiplied by the variance: take its root.`;
        return `${where} the mean is right, and z is multiplied by ${shown((given - still) / z)} instead of ${shown(Math.sqrt(variance))}.`;
      }
      const root = Math.sqrt(1 - beta);
      if (near(still, (x - beta * epsilon) / root))
        return `${where} the noise in the mean lacks its factor: β over √(1 − ᾱ), not β alone.`;
      if (near(still, x - (beta / Math.sqrt(1 - alphaBar)) * epsilon))
        return `${where} your mean is not yet divided by √α: the forward step has shrunk the point.`;
      return `${where}, with z = 0, yours gives ${shown(still)} and right is ${shown(right(0))}: look at the mean.`;
    }
  },

  "true-variance"(answer) {
    const variance = asFunction(answer, "variance");
    for (const std of [0, 1, 0.3, 2]) {
      for (const [a, b] of pairs) {
        const right = reverseVariance(a, b, std);
        const given = asNumber(variance(a, b, std), `variance(${a}, ${b}, ${std})`);
        if (near(given, right)) continue;
        const [small, large] = [reverseVariance(a, b, 0), reverseVariance(a, b, 1)];
        const where = `for s = ${std}, from ᾱ = ${a} to ${b}, yours is ${shown(given)} and right is ${shown(right)}`;
        if (near(given, small))
          return `${where}: this is β̃, as if x₀ were known. How uncertain is x₀ when only x_t is seen?`;
        if (near(given, large)) return `${where}: this is β, which is right for s = 1 only.`;
        const c = (Math.sqrt(b) * (1 - a / b)) / (1 - a);
        const doubt = (std ** 2 * (1 - a)) / (a * std ** 2 + 1 - a);
        if (near(given, small + c * doubt))
          return `${where}: x₀ stands in the mean with a factor, and a variance takes the square of it.`;
        if (near(given, small + c ** 2 * std ** 2))
          return `${where}: the spread of x₀ is s² before x_t is seen, and less after. Use Var(x₀ | x_t).`;
        return `${where}: add to β̃ what the uncertainty of x₀ brings in.`;
      }
    }
  },

  "without-noise"(answer) {
    const left = asFunction(answer, "left");
    const {alphaBar} = makeSchedule("linear");
    for (const steps of [5, 50]) {
      const list = timestepList("trailing", {timesteps: 1000, steps}).map((t) => alphaBar[t]);
      const right = chainVarianceRatio([...list, 1], {std: 1, variance: "none"});
      const given = asNumber(left([...list, 1]), `left of ${steps} steps`);
      if (near(given / right, 1, 1e-6)) continue;
      const where = `with ${steps} steps yours says ${shown(given)}, and the samples have ${shown(right)}`;
      if (near(given / Math.sqrt(right), 1)) return `${where}: this is the standard deviation. Square it.`;
      if (near(given, 1))
        return `${where}: nothing is lost in yours. By how much does the mean shrink the point in each step?`;
      return `${where}: for data N(0, 1) the mean of x_prev given x_t is √α x_t. Multiply over the steps.`;
    }
  },

  "clip-and-step"(answer) {
    const mean = asFunction(answer, "mean");
    for (const [alphaBar, alphaBarPrev] of pairs) {
      for (const [x, epsilon] of [
        [0.3, 0.2],
        [2.4, -1.1]
      ]) {
        const one = (value: number) => Float64Array.of(value);
        const options = {alphaBar, alphaBarPrev, noise: one(0)};
        const right = ddpmStep(one(x), one(epsilon), {...options, clip: 1}).x[0];
        const free = ddpmStep(one(x), one(epsilon), options).x[0];
        const given = asNumber(mean({x, epsilon, alphaBar, alphaBarPrev}), `mean at x = ${x}, ε = ${epsilon}`);
        if (near(given, right)) continue;
        const where = `at x = ${x}, ε = ${epsilon}, ᾱ = ${alphaBar} yours gives ${shown(given)}, and right is ${shown(right)}`;
        if (near(given, free)) return `${where}: the guess of the data is not clipped in yours.`;
        if (near(given, Math.max(-1, Math.min(1, free))))
          return `${where}: you clip the mean. The mean is a noisy point and may well lie outside; only the guess of the data may not.`;
        const beta = 1 - alphaBar / alphaBarPrev;
        const x0 = Math.max(-1, Math.min(1, (x - Math.sqrt(1 - alphaBar) * epsilon) / Math.sqrt(alphaBar)));
        const variance = (beta * (1 - alphaBarPrev)) / (1 - alphaBar);
        const kept = Math.sqrt(alphaBarPrev) * x0 + Math.sqrt(1 - alphaBarPrev - variance) * epsilon;
        if (near(given, kept))
          return `${where}: you clip x₀ and keep the old ε. The two no longer make x; derive ε anew, or use x₀ and x alone.`;
        return `${where}: clip the guess of x₀ to −1 … 1, then take the posterior’s mean of it and x.`;
      }
    }
  },

  "enough-noise"(answer) {
    const betas = asFunction(answer, "betas");
    for (const timesteps of [50, 200]) {
      const list = asNumbers(betas(timesteps), `betas(${timesteps})`, timesteps);
      if (!list.every((b) => b > 0 && b < 1)) return `betas(${timesteps}) has a number that is not between 0 and 1.`;
      if (list.some((b, i) => i > 0 && b < list[i - 1]))
        return `betas(${timesteps}) should not fall from one step to the next.`;
      const end = scheduleFromBetas(list).alphaBar[timesteps - 1];
      if (end > 1e-4) {
        const sum = list.reduce((total, b) => total + b, 0);
        return `with T = ${timesteps}, ᾱ_T is ${shown(end)}: too much of the data is left. Your betas sum to ${shown(sum)}; about 10 are needed, whatever T is.`;
      }
      if (end < 1e-6)
        return `with T = ${timesteps}, ᾱ_T is ${shown(end)}: that is lower than needed, and leaves fewer steps for the data. Stay between 1e-6 and 1e-4.`;
    }
  }
};
