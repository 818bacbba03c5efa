import {observedOrder} from "../ladder.js";
import {logSnr, makeSchedule} from "../schedule.js";
import type {Checks} from "./check.js";
import {asFunction, asNumber, asNumbers, near} from "./check.js";
import {checkFormula, shown} from "./formula-check.js";

/** The checks of the exercises of /few-steps. */
export const checks: Checks = {
  "trailing-list"(answer) {
    const trailing = asFunction(answer, "trailing");
    for (const [T, S] of [
      [1000, 4],
      [1000, 10],
      [60, 5]
    ]) {
      const list = asNumbers(trailing(T, S), `trailing(${T}, ${S})`, S);
      const right = Array.from({length: S}, (_, i) => T - (i * T) / S - 1);
      if (same(list, right)) continue;
      const given = `trailing(${T}, ${S}) is ${shown(list)}`;
      if (same(list, [...right].reverse()))
        return `${given}: a sampler goes from noise to data, so the list must descend.`;
      if (list[0] === T) return `${given}: ${T} is not an index of a schedule with the indices 0 to ${T - 1}.`;
      if (
        same(
          list,
          right.map((t) => t + 1 - T / S)
        )
      )
        return `${given}: that is the leading list. It starts at ${list[0]}, but pure noise is at ${T - 1}.`;
      return `${given}, not ${shown(right)}.`;
    }
    return undefined;
  },

  "even-in-lambda"(answer) {
    const evenInLambda = asFunction(answer, "evenInLambda");
    const {alphaBar} = makeSchedule("linear");
    const lambda = Array.from(alphaBar, (level) => logSnr(level) / 2);
    for (const S of [6, 15, 120]) {
      const list = asNumbers(evenInLambda([...lambda], S), `evenInLambda(lambda, ${S})`);
      const trouble = troubleWith(list, lambda, S);
      if (trouble) return trouble;
    }
    return undefined;
  },

  "observed-order"(answer) {
    return checkFormula(answer, {
      name: "order",
      cases: [
        [10, 0.1, 30, 0.1 / 9],
        [20, 0.05, 40, 0.025],
        [50, 0.3, 80, 0.02]
      ],
      right: (n1: number, e1: number, n2: number, e2: number) => observedOrder([n1, e1], [n2, e2]),
      mistakes: [
        {
          formula: (_n1: number, e1: number, _n2: number, e2: number) => Math.log2(e1 / e2),
          says: "the logarithm to the base 2 is right only when the steps are doubled; here they go from 10 to 30."
        },
        {
          formula: (n1: number, e1: number, n2: number, e2: number) => -observedOrder([n1, e1], [n2, e2]),
          says: "the sign is wrong. The error falls, e = C n to the power −p, and the order p is positive."
        }
      ],
      otherwise: "divide e₁ = C n₁ to the power −p by e₂ = C n₂ to the power −p, and take logarithms."
    });
  },

  "heun-one-step"(answer) {
    const heun = asFunction(answer, "heun");
    // x' = x rho, from rho = 1 to 0: x(0) = x(1) exp(-1/2)
    const slope = (x: number, rho: number) => x * rho;
    const step = (x: number, rho: number, next: number) =>
      asNumber(heun(x, rho, next, slope), `heun(${shown(x)}, ${shown(rho)}, ${shown(next)}, slope)`);
    const own = step(2, 1, 0.8);
    const [here, guess] = [2, 2 - 0.2 * 2];
    const there = guess * 0.8;
    if (!near(own, 2 - 0.1 * (here + there))) {
      const at = `from x = 2 at ρ = 1 with the slope x ρ, your step to ρ = 0.8 leads to ${shown(own)}, not ${shown(2 - 0.1 * (here + there))}`;
      if (near(own, guess)) return `${at}: that is Euler’s step, of order 1. Look at the slope where it leads, too.`;
      if (near(own, 2 - 0.1 * (here + 2 * 0.8)))
        return `${at}: the second slope is taken at the old point; it belongs to the point that Euler’s step reaches.`;
      if (near(own, 2 - 0.2 * (here + there)))
        return `${at}: the sum of two slopes goes twice as far. Take their mean.`;
      if (near(own, guess - 0.1 * (here + there)))
        return `${at}: the second step starts from the predicted point, so the way is gone twice. Start again from x.`;
      return `${at}. The step is (ρ′ − ρ) times the mean of the slopes at both ends.`;
    }
    const errorOf = (n: number) => {
      let x = 1;
      for (let i = 0; i < n; ++i) x = step(x, 1 - i / n, 1 - (i + 1) / n);
      return Math.abs(x - Math.exp(-0.5));
    };
    const order = observedOrder([20, errorOf(20)], [40, errorOf(40)]);
    if (Math.abs(order - 2) < 0.2) return undefined;
    return `the order of your method is ${order.toFixed(2)} from 20 to 40 steps, not 2.`;
  },

  "half-step-ahead"(answer) {
    return checkFormula(answer, {
      name: "ahead",
      cases: [
        [0.8, 0.5, 0.6, 0.2],
        [-1, 0.4, 0.3, 0.9]
      ],
      right: (x0: number, before: number, h: number, hBefore: number) => x0 + (h / (2 * hBefore)) * (x0 - before),
      mistakes: [
        {
          formula: (x0: number, before: number, h: number, hBefore: number) => x0 + (h / hBefore) * (x0 - before),
          says: "you go on for a whole step. The mean of a straight line over the step is its value in the middle."
        },
        {
          formula: (x0: number, before: number) => x0 + 0.5 * (x0 - before),
          says: "one half is right for equal steps, but here h and hBefore differ."
        },
        {
          formula: (x0: number, before: number, h: number, hBefore: number) => x0 + (hBefore / (2 * h)) * (x0 - before),
          says: "the ratio of the steps is upside down: the difference was made over hBefore, and you go on by h / 2."
        }
      ],
      otherwise: "the slope is (x0 − x0Before) / hBefore, and the line is read h / 2 after x0."
    });
  }
};

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => near(value, b[i]));
}

/** What is wrong with a list that should be even in lambda. */
function troubleWith(list: number[], lambda: readonly number[], S: number): string | undefined {
  const last = lambda.length - 1;
  const given = `for S = ${S} your list is ${shown(list.slice(0, 8))}${list.length > 8 ? " …" : ""}`;
  if (!list.length) return "your list is empty: give the indices t, from noise to data.";
  if (new Set(list).size < list.length) return `for S = ${S} your list has an index twice: leave repeats out.`;
  if (list.some((t, i) => i && t >= list[i - 1]))
    return `${given}: a sampler goes from noise to data, so t must descend.`;
  if (list[0] !== last) return `${given}: it should begin at the noisiest index, ${last}.`;
  if (list.at(-1) !== 0)
    return `for S = ${S} your list ends at t = ${list.at(-1)} and does not reach λ₀: there are S − 1 gaps between S values.`;
  const wanted = Array.from({length: S}, (_, i) => lambda[last] + (i / (S - 1)) * (lambda[0] - lambda[last]));
  const nearest = [...new Set(wanted.map((value) => nearestIndex(lambda, value)))];
  if (same(list, nearest)) return undefined;
  const even = list.every((t, i) => Math.abs(t - (last - (i * last) / (list.length - 1))) <= 1);
  if (even)
    return `${given}: it is even in t, and its λ are not: they lie up to ${shown(longest(list, lambda))} apart.`;
  return `${given}, not ${shown(nearest.slice(0, 8))}${nearest.length > 8 ? " …" : ""}: take the index whose λ is nearest to each wanted value.`;
}

function nearestIndex(values: readonly number[], wanted: number): number {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = i;
  });
  return best;
}

function longest(list: readonly number[], lambda: readonly number[]): number {
  return Math.max(...list.slice(1).map((t, i) => lambda[t] - lambda[list[i]]));
}
