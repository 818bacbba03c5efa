import {seededRandom} from "../random.js";
import type {Checks} from "./check.js";
import {asFunction, asNumbers} from "./check.js";
import {checkFormula} from "./formula-check.js";

const {sqrt} = Math;

/** The checks of the chapter on the denoiser for points. */
export const checks: Checks = {
  "best-velocity": (answer) =>
    checkFormula(answer, {
      name: "bestVelocity",
      cases: [
        [1.5, 0.64, 2],
        [-1, 0.25, 0.5],
        [2, 0.5, 1]
      ],
      right: (x: number, a: number, s: number) => (sqrt(a * (1 - a)) * (1 - s * s) * x) / (a * s * s + 1 - a),
      mistakes: [
        {
          formula: () => 0,
          says: "0 is right only for data of variance 1, where data and noise weigh the same. In general v depends on x."
        },
        {
          formula: (x: number, a: number, s: number) => sqrt(a * (1 - a)) * (1 - s * s) * x,
          says: "that is the covariance of v and x, times x. It has still to be divided by the variance of x."
        },
        {
          formula: (x: number, a: number, s: number) => (sqrt(a * (1 - a)) * (s * s - 1) * x) / (a * s * s + 1 - a),
          says: "the sign is wrong. v is √ᾱ ε − √(1−ᾱ) x₀: the noise counts as positive, the data as negative."
        },
        {
          formula: (x: number, a: number, s: number) => sqrt(a * (1 - a)) * (1 - s * s) * (x / (s * s)),
          says: "the covariance is right, but s² is the variance of the data. That of the noisy point is ᾱ s² + 1 − ᾱ."
        }
      ],
      otherwise: "it is Cov(v, x) / Var(x) times x. Find both from x = √ᾱ x₀ + √(1−ᾱ) ε and v = √ᾱ ε − √(1−ᾱ) x₀."
    }),

  "three-errors": (answer) =>
    checkFormula(answer, {
      name: "errors",
      cases: [
        [0.1, 0.64],
        [-0.3, 0.25],
        [1, 0.9]
      ],
      right: (e: number, a: number) => [-sqrt((1 - a) / a) * e, e / sqrt(a)],
      mistakes: [
        {
          formula: (e: number, a: number) => [sqrt((1 - a) / a) * e, e / sqrt(a)],
          says: "the error of v is right, the sign of the first is not. If too much noise is taken out of x, too little is left for x₀."
        },
        {
          formula: (e: number, a: number) => [-sqrt((1 - a) / a) * e, sqrt(a) * e],
          says: "the error of x₀ is right. It is a part of that of v as well: v is √ᾱ ε − √(1−ᾱ) x₀, and both are off."
        },
        {
          formula: (e: number, a: number) => [-sqrt(1 - a) * e, e / sqrt(a)],
          says: "the error of v is right. For x₀ the noise is taken out of x, and then all is divided by √ᾱ."
        },
        {
          formula: (e: number) => [e, e],
          says: "x is fixed, so an error of the noise moves x₀ by another amount. Solve x = √ᾱ x₀ + √(1−ᾱ) ε for x₀."
        }
      ],
      otherwise: "write x₀ and v in terms of x and ε, and see what e added to ε does to each."
    }),

  "velocity-from-noise": (answer) =>
    checkFormula(answer, {
      name: "velocityOf",
      cases: [
        [1.4, 1, 0.64],
        [-1, 0.5, 0.25],
        [0.3, -2, 0.9]
      ],
      right: (x: number, e: number, a: number) => (e - sqrt(1 - a) * x) / sqrt(a),
      mistakes: [
        {
          formula: (x: number, e: number, a: number) => sqrt(a) * e - sqrt(1 - a) * x,
          says: "in that formula stands the clean x₀, and you have put the noisy point there."
        },
        {
          formula: (x: number, e: number, a: number) => e - sqrt(1 - a) * x,
          says: "one division is missing: ε = √(1−ᾱ) x + √ᾱ v has √ᾱ in front of v."
        },
        {
          formula: (x: number, e: number, a: number) => sqrt(a) * e - sqrt(1 - a) * (x - sqrt(1 - a) * e),
          says: "you have taken the noise out of x, but what is left is √ᾱ x₀: divide it by √ᾱ before it is used as x₀."
        }
      ],
      otherwise: "solve ε = √(1−ᾱ) x + √ᾱ v for v."
    }),

  "least-absolute": (answer) =>
    checkFormula(answer, {
      name: "bestForAbs",
      cases: [
        [
          [-1, 1],
          [0.4, 0.6]
        ],
        [
          [3, 0, 10],
          [0.3, 0.45, 0.25]
        ],
        [
          [5, 1, 2, 4],
          [0.1, 0.3, 0.25, 0.35]
        ]
      ],
      right: weightedMedian,
      mistakes: [
        {
          formula: (values: number[], weights: number[]) => values.reduce((sum, v, i) => sum + v * weights[i], 0),
          says: "that is the mean, which is best for the squared error. The absolute error does not care how far the others are away."
        },
        {
          formula: (values: number[], weights: number[]) => values[weights.indexOf(Math.max(...weights))],
          says: "that is the value with the largest weight. It is best only if it holds more than half of all."
        },
        {
          formula: (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)],
          says: "that is the middle of the list, as if all weights were equal. Count weights, not values."
        },
        {
          formula: (values: number[], weights: number[]) => halfWay(values, weights),
          says: "the values have to be in order of size before you add up their weights."
        }
      ],
      otherwise: "at the best c, at most half of the weight lies below it and at most half above."
    }),

  "spread-times"(answer) {
    const spread = asFunction(answer, "spreadTimes");
    const [n, T] = [10, 100];
    const counts = new Float64Array(T);
    const random = seededRandom(1);
    for (let round = 0; round < 2000; ++round) {
      const times = asNumbers(
        spread(n, T, () => random.uniform()),
        `spreadTimes(${n}, ${T}, random)`,
        n
      );
      const odd = times.find((t) => !Number.isInteger(t) || t < 0 || t >= T);
      if (odd !== undefined)
        return `it gives the time ${odd}, but times are whole numbers from 0 to T − 1, here ${T - 1}: round down, after the product with T.`;
      const slices = new Set(times.map((t) => Math.floor((t * n) / T)));
      if (slices.size < n)
        return `the times ${[...times].sort((a, b) => a - b).join(", ")} leave slices empty: draw one in each of the ${n} slices of length T/n.`;
      for (const t of times) ++counts[t];
    }
    const never = counts.indexOf(0);
    if (never >= 0)
      return `in 2000 batches the time ${never} was never drawn: within its slice, each time must be drawn at random.`;
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    if (most > 1.8 * least)
      return `in 2000 batches one time was drawn ${least} times and another ${most} times, but all must be equally likely: is it random() that moves within the slice, from its start to its end?`;
    return undefined;
  }
};

function weightedMedian(values: number[], weights: number[]): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  return halfWay(
    order.map((i) => values[i]),
    order.map((i) => weights[i])
  );
}

/** The value at which the weights, added up in the order of the list, pass one half. */
function halfWay(values: number[], weights: number[]): number {
  let sum = 0;
  return values.find((_, i) => (sum += weights[i]) > 0.5) ?? NaN;
}
