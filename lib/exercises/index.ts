import type {Checks} from "./check.js";
import {checkFormula} from "./formula-check.js";

const {sqrt} = Math;

/** The checks of the first page. */
export const checks: Checks = {
  "mix-in-noise": (answer) =>
    checkFormula(answer, {
      name: "noisy",
      cases: [
        [2, 1, 0.64],
        [-1, 3, 0.25],
        [0.5, -2, 0.9]
      ],
      right: (x0: number, e: number, a: number) => sqrt(a) * x0 + sqrt(1 - a) * e,
      mistakes: [
        {
          formula: (x0: number, e: number, a: number) => a * x0 + (1 - a) * e,
          says: "the roots are missing. With x₀ and ε of variance 1 your mixture has the variance ᾱ² + (1−ᾱ)², which is less than 1."
        },
        {
          formula: (x0: number, e: number, a: number) => sqrt(a) * x0 + (1 - sqrt(a)) * e,
          says: "your two factors add up to 1, but it is their squares that must: variances add, standard deviations do not."
        },
        {
          formula: (x0: number, e: number, a: number) => sqrt(1 - a) * x0 + sqrt(a) * e,
          says: "the two factors are exchanged. ᾱ is what is left of the data, so it is near 1 where there is little noise."
        }
      ],
      otherwise: "put ᾱ = 1 and ᾱ = 0 into your formula. The first must give x₀ alone, the second ε alone."
    }),

  "guess-of-data": (answer) =>
    checkFormula(answer, {
      name: "guess",
      cases: [
        [1.6, 1, 0.64],
        [-1, 0.5, 0.25],
        [0.3, -2, 0.9]
      ],
      right: (x: number, e: number, a: number) => (x - sqrt(1 - a) * e) / sqrt(a),
      mistakes: [
        {
          formula: (x: number, e: number, a: number) => x - sqrt(1 - a) * e,
          says: "the noise is taken out, and what is left is √ᾱ times the data. One division is missing."
        },
        {
          formula: (x: number, e: number, a: number) => (x - sqrt(1 - a) * e) / a,
          says: "you divide by ᾱ, but x was made with its root, √ᾱ."
        },
        {
          formula: (x: number, e: number, a: number) => (x - (1 - a) * e) / sqrt(a),
          says: "too little noise is taken out: x holds √(1−ᾱ) times ε, not 1−ᾱ times."
        }
      ],
      otherwise: "make an x from x₀ = 1 and ε = 1 by the first formula of this page; your function must give 1 for it."
    }),

  "one-point": (answer) =>
    checkFormula(answer, {
      name: "denoiser",
      cases: [
        [1.4, 0.64],
        [-1, 0.25],
        [5, 0.9]
      ],
      right: (x: number, a: number) => (x - 3 * sqrt(a)) / sqrt(1 - a),
      mistakes: [
        {
          formula: (x: number) => x - 3,
          says: "that is the way from the data to x. The noise in x is multiplied by √(1−ᾱ), and the data in it have shrunk."
        },
        {
          formula: (x: number, a: number) => (x - 3) / sqrt(1 - a),
          says: "in x the data have shrunk: a point at 3 is at √ᾱ · 3 now, and the rest of x is noise."
        },
        {
          formula: (x: number, a: number) => x - 3 * sqrt(a),
          says: "that is what the noise adds to x, which is √(1−ᾱ) times ε. One division is missing."
        }
      ],
      otherwise: "solve x = √ᾱ · 3 + √(1−ᾱ) · ε for ε."
    }),

  "step-coefficients": (answer) =>
    checkFormula(answer, {
      name: "coefficients",
      cases: [
        [0.25, 0.64],
        [0.5, 0.9],
        [0.36, 1]
      ],
      right: (a: number, prev: number) => [sqrt(prev / a), sqrt(1 - prev) - sqrt(prev / a) * sqrt(1 - a)],
      mistakes: [
        {
          formula: (a: number, prev: number) => [1, sqrt(1 - prev) - sqrt(1 - a)],
          says: "the noise is exchanged for less, but the data are still as faint as before. They must grow from √ᾱ to √ᾱ_prev."
        },
        {
          formula: (a: number, prev: number) => [sqrt(prev / a), -sqrt(prev / a) * sqrt(1 - a)],
          says: "the noise that is put back, √(1−ᾱ_prev) times the predicted one, is missing: this is √ᾱ_prev times the guess."
        },
        {
          formula: (a: number, prev: number) => [sqrt(prev / a), sqrt(1 - prev)],
          says: "the predicted noise also stands inside the guess of the data, with a minus: it is taken out before it is put back."
        },
        {
          formula: (a: number, prev: number) => [sqrt(prev * a), sqrt(1 - prev) - sqrt(prev * a) * sqrt(1 - a)],
          says: "the roots are once divided and once multiplied: √ᾱ stands below the guess, √ᾱ_prev in front of it."
        }
      ],
      otherwise: "with equal levels nothing may move: there your function must give [1, 0]."
    }),

  "start-left": (answer) =>
    checkFormula(answer, {
      name: "startLeft",
      cases: [[[0.1, 0.5, 0.2]], [[0.3, 0.9]], [[0.25, 0.25, 0.25, 0.25]]],
      right: (fresh: number[]) => fresh.reduce((left, f) => left * (1 - f), 1),
      mistakes: [
        {
          formula: (fresh: number[]) => 1 - fresh.reduce((sum, f) => sum + f, 0),
          says: "each step takes its share of what is left, not of the start. Your sum can even pass 1."
        },
        {
          formula: (fresh: number[]) => 1 - (fresh.at(-1) ?? 0),
          says: "that is what the last step alone keeps. The steps before it have forgotten as well."
        },
        {
          formula: (fresh: number[]) => 1 - fresh.reduce((left, f) => left * (1 - f), 1),
          says: "that is what has been forgotten. Asked for is the rest."
        },
        {
          formula: (fresh: number[]) => fresh.reduce((left, f) => left * sqrt(1 - f), 1),
          says: "that compares standard deviations. The shares are shares of the variance, without a root."
        }
      ],
      otherwise: "after one step 1−f₁ is left of the start, and the second step keeps the share 1−f₂ of it."
    })
};
