import type {Checks} from "./check.js";
import {checkFormula} from "./formula-check.js";

const {log, sqrt} = Math;

/** The checks of the chapter on adding noise. */
export const checks: Checks = {
  "two-steps": (answer) =>
    checkFormula(answer, {
      name: "afterSteps",
      cases: [
        [2, [0.1, 0.2]],
        [-1, [0.5, 0.1, 0.3]],
        [4, []]
      ],
      right: (x0: number, betas: number[]) =>
        follow(
          x0,
          betas,
          (b) => sqrt(1 - b),
          (v, b) => (1 - b) * v + b
        ),
      mistakes: [
        {
          formula: (x0: number, betas: number[]) =>
            follow(
              x0,
              betas,
              () => 1,
              (v, b) => v + b
            ),
          says: "the step also shrinks the point, by √(1−β). Your mean stays where it is, and your variance only grows."
        },
        {
          formula: (x0: number, betas: number[]) =>
            follow(
              x0,
              betas,
              (b) => sqrt(1 - b),
              (v, b) => v + b
            ),
          says: "the mean is right. The noise that is there already shrinks with the point, before β is added."
        },
        {
          formula: (x0: number, betas: number[]) =>
            follow(
              x0,
              betas,
              (b) => 1 - b,
              (v, b) => (1 - b) * v + b
            ),
          says: "the variance is right. The mean is multiplied by the root, √(1−β), and the variance by its square."
        },
        {
          formula: (x0: number, betas: number[]) =>
            follow(
              x0,
              betas,
              (b) => sqrt(1 - b),
              (v, b) => sqrt(1 - b) * v + b
            ),
          says: "the mean is right. A factor √(1−β) in front of a number puts its square in front of the variance."
        }
      ],
      otherwise:
        "in each step, mean and variance change by one rule each. A chain without steps leaves x₀, with variance 0."
    }),

  "from-the-middle": (answer) =>
    checkFormula(answer, {
      name: "fromMiddle",
      cases: [
        [0.8, 0.2],
        [0.5, 0.4],
        [1, 0.3]
      ],
      right: (s: number, t: number) => [sqrt(t / s), 1 - t / s],
      mistakes: [
        {
          formula: (_s: number, t: number) => [sqrt(t), 1 - t],
          says: "that is the jump from clean data. At s some of the noise is there already, and some of the shrinking is done."
        },
        {
          formula: (s: number, t: number) => [t / s, 1 - t / s],
          says: "the variance is right. The factor of the point is the root of what is kept of the variance."
        },
        {
          formula: (s: number, t: number) => [sqrt(t / s), s - t],
          says: "the factor is right. The noise makes the variance up to 1 again: 1 minus what is kept, which is ᾱ_t/ᾱ_s."
        },
        {
          formula: (s: number, t: number) => [sqrt(s / t), 1 - s / t],
          says: "the ratio is upside down. ᾱ falls with time, so what is kept from s to t is ᾱ_t/ᾱ_s, at most 1."
        }
      ],
      otherwise: "the steps from s+1 to t are a forward process of their own. What is the product of its alphas?"
    }),

  "constant-beta": (answer) =>
    checkFormula(answer, {
      name: "constantBeta",
      cases: [
        [1000, 1e-4],
        [10, 0.5],
        [2, 0.25]
      ],
      right: (T: number, last: number) => 1 - last ** (1 / T),
      mistakes: [
        {
          formula: (T: number, last: number) => (1 - last) / T,
          says: "the steps multiply, they do not add. With this β, (1−β) to the power T is far above what is asked for."
        },
        {
          formula: (T: number, last: number) => -log(last) / T,
          says: "that is the approximation log(1−β) ≈ −β, good for small β only. Solve (1−β)^T = ᾱ_T without it."
        },
        {
          formula: (T: number, last: number) => last ** (1 / T),
          says: "that is α, what a step keeps. β is the rest, 1−α."
        }
      ],
      otherwise: "(1−β) to the power T must be ᾱ_T. Take the root of order T."
    }),

  "betas-of-products": (answer) =>
    checkFormula(answer, {
      name: "betasOf",
      cases: [[[0.9, 0.72, 0.36]], [[0.5]], [[0.99, 0.9, 0.6, 0.1]]],
      right: (products: number[]) => products.map((a, i) => 1 - a / (i ? products[i - 1] : 1)),
      mistakes: [
        {
          formula: (products: number[]) => products.map((a) => 1 - a),
          says: "1−ᾱ is the noise of all steps so far. A single step keeps ᾱ_t/ᾱ_{t−1} of what was there before it."
        },
        {
          formula: (products: number[]) => products.map((a, i) => (i ? products[i - 1] : 1) - a),
          says: "what a step keeps is a ratio, since ᾱ is a product. You take a difference."
        },
        {
          formula: (products: number[]) => products.map((a, i) => (i ? 1 - a / products[i - 1] : 0)),
          says: "the first step adds noise as well. Before it stand clean data, with ᾱ = 1, which have no place in the array."
        }
      ],
      otherwise: "divide each ᾱ by the one before it, and the first by 1, for clean data."
    }),

  "snr-crossing": (answer) =>
    checkFormula(answer, {
      name: "firstBelow",
      cases: [
        [[0.9, 0.7, 0.45, 0.3, 0.1], 1],
        [[0.9, 0.7, 0.45, 0.3, 0.1], 0.5],
        [[0.9, 0.7, 0.45, 0.3, 0.1], 4],
        [[0.3, 0.2], 5]
      ],
      right: (alphaBar: number[], level: number) => alphaBar.findIndex((a) => a / (1 - a) < level),
      mistakes: [
        {
          formula: (alphaBar: number[], level: number) => alphaBar.findIndex((a) => a < level),
          says: "ᾱ is the share of the data. The ratio compares it with the share of the noise, 1−ᾱ."
        },
        {
          formula: (alphaBar: number[], level: number) => alphaBar.findIndex((a) => a / (1 - a) < level) + 1,
          says: "that is the t of the papers, which count from 1. Asked for is the index of the array, which is one less."
        },
        {
          formula: (alphaBar: number[], level: number) => alphaBar.findIndex((a) => sqrt(a / (1 - a)) < level),
          says: "you compare standard deviations. The ratio of the text is that of the variances, without a root."
        }
      ],
      otherwise: "go through the array from its start, and stop at the first entry whose ᾱ/(1−ᾱ) is below the level."
    }),

  "prior-divergence": (answer) =>
    checkFormula(answer, {
      name: "divergence",
      cases: [
        [0.366, [2.3, 1.7]],
        [0.1, [0, 0, 0]],
        [0.5, [1]]
      ],
      right: (a: number, x0: number[]) => (a * square(x0) - x0.length * a - x0.length * log(1 - a)) / 2,
      mistakes: [
        {
          formula: (a: number, x0: number[]) => (a * square(x0) - a - log(1 - a)) / 2,
          says: "d is the number of coordinates of x₀, and every coordinate has a variance of its own: three terms carry d."
        },
        {
          formula: (a: number, x0: number[]) => (sqrt(a) * square(x0) - x0.length * a - x0.length * log(1 - a)) / 2,
          says: "the mean is √ᾱ x₀. Its squared length has ᾱ in front, not √ᾱ."
        },
        {
          formula: (a: number, x0: number[]) => (a * square(x0)) / 2,
          says: "that is the part of the mean. The variance is 1−ᾱ instead of 1, and that costs as well."
        },
        {
          formula: (a: number, x0: number[]) => a * square(x0) - x0.length * a - x0.length * log(1 - a),
          says: "that is twice as much: look for the half in the formula of the hint."
        }
      ],
      otherwise: "put μ = √ᾱ x₀ and v = 1−ᾱ into ½(‖μ‖² + d·v − d − d·log v)."
    })
};

/** Mean and variance after steps, from a mean x0 without variance. */
function follow(
  x0: number,
  betas: number[],
  factor: (beta: number) => number,
  spread: (variance: number, beta: number) => number
): number[] {
  return [betas.reduce((mean, b) => factor(b) * mean, x0), betas.reduce((variance, b) => spread(variance, b), 0)];
}

function square(x: number[]): number {
  return x.reduce((sum, value) => sum + value * value, 0);
}
