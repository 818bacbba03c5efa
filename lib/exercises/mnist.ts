import type {Checks} from "./check.js";
import {checkFormula} from "./formula-check.js";

const {exp, sqrt} = Math;

const squares = [
  [1, 1],
  [-1, 1],
  [0.5, -1]
];

/** The checks of the chapter on digits. */
export const checks: Checks = {
  "perfect-denoiser": (answer) =>
    checkFormula(answer, {
      name: "perfectGuess",
      cases: [
        [[0.5, 0.1], squares, 0.5],
        [[-0.2, 0.9], squares, 0.8],
        [[60, -40], squares, 0.9]
      ],
      right: (x: number[], data: number[][], a: number) => guess(x, data, (d) => d / (2 * (1 - a)), sqrt(a)),
      mistakes: [
        {
          formula: (x: number[], data: number[][]) => guess(x, data, () => 0, 1),
          says: "that is the mean of all data, the right guess only for pure noise. Those that are more likely to have led here count more."
        },
        {
          formula: (x: number[], data: number[][], a: number) => guess(x, data, (d) => d / (2 * (1 - a)), 1),
          says: "you measure how far x is from the clean points. On the way to x they have shrunk by √ᾱ."
        },
        {
          formula: (x: number[], data: number[][], a: number) => guess(x, data, (d) => d / 2, sqrt(a)),
          says: "the noise has the variance 1−ᾱ, not 1: divide the squared distances by 2 (1−ᾱ)."
        },
        {
          formula: (x: number[], data: number[][], a: number) => guess(x, data, (d) => (d * 1e9) / (1 - a), sqrt(a)),
          says: "that is the nearest point of the data alone. The others count too, each by how likely it is."
        }
      ],
      otherwise: "each point counts as exp(−‖x − √ᾱ x₀‖² / (2 (1−ᾱ))); then divide by the sum of these weights."
    }),

  "two-errors": (answer) =>
    checkFormula(answer, {
      name: "ratio",
      cases: [[0.64], [0.2], [0.9]],
      right: (a: number) => sqrt(a / (1 - a)),
      mistakes: [
        {
          formula: (a: number) => sqrt((1 - a) / a),
          says: "that is the error of the data over that of the noise. Asked for is the noise over the data."
        },
        {
          formula: (a: number) => a / (1 - a),
          says: "that is the ratio of the squares. The errors themselves stand in the ratio of its root."
        },
        {
          formula: () => 1,
          says: "the two errors are equal only where ᾱ = ½. Both guesses make the same x: subtract one equation from the other."
        }
      ],
      otherwise: "√ᾱ x₀ + √(1−ᾱ) ε = x holds for the true pair and for the guessed one. Subtract."
    }),

  "guided-variance": (answer) =>
    checkFormula(answer, {
      name: "guidedVariance",
      cases: [
        [0.5, 2, 0.5],
        [0.8, 1.5, 0.25],
        [0.3, 1, 0.6]
      ],
      right: (a: number, w: number, s2: number) => 1 / (1 - w + w / (a * s2 + 1 - a)),
      mistakes: [
        {
          formula: (a: number, w: number, s2: number) => a / (1 - w + w / s2) + 1 - a,
          says: "that is the noisy version of the guided clean density. But the sampler mixes the slopes at this very level."
        },
        {
          formula: (a: number, w: number, s2: number) => 1 - w + w * (a * s2 + 1 - a),
          says: "you have mixed the variances. What is mixed are slopes, and the slope of a Gaussian has the variance below."
        },
        {
          formula: (_: number, w: number, s2: number) => 1 / (1 - w + w / s2),
          says: "that is right for clean data, ᾱ = 1. At a noisy level the variance of the class is ᾱ s² + 1 − ᾱ."
        },
        {
          formula: (a: number, w: number, s2: number) => 1 - w + w / (a * s2 + 1 - a),
          says: "that is the precision. The variance is one over it."
        }
      ],
      otherwise: "the slope of log N(m, v) is −(x − m)/v. Mix −x for all data with that of the class, and read off 1/v."
    }),

  "digits-needed": (answer) =>
    checkFormula(answer, {
      name: "digitsNeeded",
      cases: [
        [0.986, 0.981],
        [0.5, 0.4],
        [0.9, 0.95]
      ],
      right: (p: number, q: number) => (4 * (p * (1 - p) + q * (1 - q))) / (p - q) ** 2,
      mistakes: [
        {
          formula: (p: number, q: number) => (p * (1 - p) + q * (1 - q)) / (p - q) ** 2,
          says: "with so many the difference is one standard error. It is to be two, and the standard error falls only as 1/√n."
        },
        {
          formula: (p: number, q: number) => (4 * p * (1 - p)) / (p - q) ** 2,
          says: "both shares are measured, and both have an error: the variance of the difference is the sum of the two."
        },
        {
          formula: (p: number, q: number) => (2 * sqrt(p * (1 - p) + q * (1 - q))) / Math.abs(p - q),
          says: "that is √n: square it."
        },
        {
          formula: (p: number, q: number) => (2 * (p * (1 - p) + q * (1 - q))) / (p - q) ** 2,
          says: "the 2 stands in front of a root, so it is squared with the root: 4 times, not 2."
        }
      ],
      otherwise: "set |p − q| = 2 √((p(1−p) + q(1−q))/n), and solve for n, without rounding."
    }),

  "straight-on-shell": (answer) =>
    checkFormula(answer, {
      name: "blend",
      cases: [
        [1, -2, 0.5],
        [0.3, 0.8, 0.2],
        [-1, 0.4, 0]
      ],
      right: (a: number, b: number, s: number) => ((1 - s) * a + s * b) / Math.hypot(1 - s, s),
      mistakes: [
        {
          formula: (a: number, b: number, s: number) => (1 - s) * a + s * b,
          says: "halfway the variance of this is ½: noise as faint as that never came up in training."
        },
        {
          formula: (a: number, b: number, s: number) => ((1 - s) * a + s * b) / ((1 - s) ** 2 + s ** 2),
          says: "you divide by the variance, and what comes out has the variance 1/((1−s)² + s²), above 1. Divide by its root."
        },
        {
          formula: (a: number, b: number, s: number) => sqrt(1 - s) * a + sqrt(s) * b,
          says: "the variance is 1, well done, but a and b no longer stand in the ratio of 1−s to s, which was asked for."
        },
        {
          formula: (a: number, b: number, s: number) =>
            Math.cos((s * Math.PI) / 2) * a + Math.sin((s * Math.PI) / 2) * b,
          says: "the variance is 1, and this is slerp for a right angle; but a and b do not stand in the ratio of 1−s to s."
        }
      ],
      otherwise: "keep the ratio of 1−s to s, and divide both by the one number that makes the sum of their squares 1."
    }),

  "count-evaluations": (answer) =>
    checkFormula(answer, {
      name: "evaluations",
      cases: [
        [20, 1, 10],
        [1000, 1.5, 10],
        [50, 0, 3],
        [7, -1, 2]
      ],
      right: (steps: number, w: number, digits: number) => steps * digits * (w === 0 || w === 1 ? 1 : 2),
      mistakes: [
        {
          formula: (steps: number, _: number, digits: number) => steps * digits,
          says: "with guidance each step asks the network twice, with the label and without."
        },
        {
          formula: (steps: number, _: number, digits: number) => 2 * steps * digits,
          says: "at w = 1 the answer without a label is multiplied by 0, so nobody has to ask for it."
        },
        {
          formula: (steps: number, w: number, digits: number) => steps * digits * (w === 1 ? 1 : 2),
          says: "at w = 0 it is the answer with the label that is multiplied by 0: one is enough there too."
        },
        {
          formula: (steps: number, w: number, digits: number) => steps * digits * (w > 1 ? 2 : 1),
          says: "a w below 0 needs both answers as well. Only two values of w need one alone."
        }
      ],
      otherwise: "for each digit and each step, how many answers of the network have a factor that is not 0?"
    })
};

/** The mean of the data, each weighted by its squared distance from x after `shrink`. */
function guess(x: number[], data: number[][], energy: (square: number) => number, shrink: number): number[] {
  const energies = data.map((d) => energy(d.reduce((sum, value, i) => sum + (x[i] - shrink * value) ** 2, 0)));
  const least = Math.min(...energies);
  const weights = energies.map((e) => exp(least - e));
  const total = weights.reduce((sum, w) => sum + w);
  return x.map((_, i) => data.reduce((sum, d, k) => sum + weights[k] * d[i], 0) / total);
}
