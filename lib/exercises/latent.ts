import type {Checks} from "./check.js";
import {checkFormula} from "./formula-check.js";

const {sqrt, log2} = Math;

/** The checks of the chapter on codes. */
export const checks: Checks = {
  "middle-variance": (answer) =>
    checkFormula(answer, {
      name: "variance",
      cases: [[0.5], [0.25], [0.9]],
      right: (s: number) => (1 - s) ** 2 + s ** 2,
      mistakes: [
        {
          formula: () => 1,
          says: "that holds on the sphere. On the line the factors 1−s and s add up to 1; their squares do not."
        },
        {
          formula: (s: number) => sqrt((1 - s) ** 2 + s ** 2),
          says: "that is the standard deviation. Asked for is its square."
        },
        {
          formula: (s: number) => 1 - s + s,
          says: "a factor in front of a random number enters its variance squared."
        }
      ],
      otherwise:
        "at s = 0 and at s = 1 the code is one of the two noises, with variance 1; between them it must be less."
    }),

  stretch: (answer) =>
    checkFormula(answer, {
      name: "stretch",
      cases: [
        [0, 0.5, 1],
        [0.5, 1, 1],
        [2, 3, 0.25]
      ],
      right: (rho: number, next: number, v: number) => 1 + ((next - rho) * rho) / (v + rho * rho),
      mistakes: [
        {
          formula: (rho: number, next: number, v: number) => 1 + ((next - rho) * next) / (v + next * next),
          says: "ε is taken at the level that is reached. Here it is to be taken at the level that is left."
        },
        {
          formula: (rho: number, next: number, v: number) => sqrt((v + next * next) / (v + rho * rho)),
          says: "that is the exact solution. One step of Euler follows the slope at its start only."
        },
        {
          formula: (rho: number, next: number, v: number) => 1 + (next - rho) / (v + rho * rho),
          says: "ε is ρ x̄/(s² + ρ²): the ρ on top is missing."
        }
      ],
      otherwise: "with ρ = 0 the factor is 1, since clean data hold no noise; and it does not depend on x̄."
    }),

  "exact-code": (answer) =>
    checkFormula(answer, {
      name: "code",
      cases: [
        [1, 0.25, 0.5],
        [-2, 4, 0.1],
        [0.5, 1, 0.9]
      ],
      right: (x0: number, v: number, a: number) => (x0 * sqrt(a * v + 1 - a)) / sqrt(v),
      mistakes: [
        {
          formula: (x0: number, _: number, a: number) => sqrt(a) * x0,
          says: "this shrinks the point and adds no noise. The solution of the equation keeps a point at its place in the distribution, which grows wider than that."
        },
        {
          formula: (x0: number, v: number, a: number) => (x0 * (a * v + 1 - a)) / v,
          says: "that is the ratio of the variances. A point moves by the ratio of the standard deviations."
        },
        {
          formula: (x0: number, v: number, a: number) => (x0 * sqrt(v + (1 - a) / a)) / sqrt(v),
          says: "that is x̄, with the shrinking undone. Multiply by √ᾱ to get x."
        }
      ],
      otherwise:
        "count in standard deviations: x₀ lies x₀/s of them from the centre, and its code as many of the noisy level’s."
    }),

  "order-of-a-trip": (answer) =>
    checkFormula(answer, {
      name: "order",
      cases: [
        [0.04, 0.01],
        [0.08, 0.005],
        [0.3, 0.3]
      ],
      right: (e: number, f: number) => log2(e / f) / 2,
      mistakes: [
        {
          formula: (e: number, f: number) => log2(e / f),
          says: "a mean squared error is the square of a distance, and falls with twice the power."
        },
        {
          formula: (e: number, f: number) => log2(f / e) / 2,
          says: "the sign is turned: an order is positive where more steps make the error smaller."
        },
        {
          formula: (e: number, f: number) => e / f,
          says: "that is the factor by which the error fell. The order is the power of 2 in it."
        }
      ],
      otherwise: "if the distance falls as 1/Sᵖ, doubling S divides its square by 2²ᵖ. Solve for p."
    })
};
