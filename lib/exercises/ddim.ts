import type {Checks} from "./check.js";
import {asFunction, asNumbers} from "./check.js";
import {checkFormula, shown} from "./formula-check.js";

const {sqrt} = Math;

/** Levels of a step: the noisier one and the one before it. */
const levels = [
  [0.5, 0.6],
  [0.2, 0.5],
  [0.9, 0.95]
] as const;

/** DDPM's variance of a step. */
const fresh = (a: number, prev: number) => ((1 - prev) / (1 - a)) * (1 - a / prev);

/** The checks of the chapter on DDIM. */
export const checks: Checks = {
  "wrong-factor": (answer) =>
    checkFormula(answer, {
      name: "excess",
      cases: [[0.64], [0.25], [0.0001]],
      right: (prev: number) => 1 / prev,
      mistakes: [
        {
          formula: (prev: number) => 1 / sqrt(prev),
          says: "that is the wrong factor itself. It stands where √ᾱ_prev should stand: by how much is it larger than that?"
        },
        {
          formula: (prev: number) => prev,
          says: "that is the right factor over the wrong one. The wrong one is larger."
        },
        {formula: () => 1, says: "1 would mean that the factor is right. Compare 1/√ᾱ_prev with √ᾱ_prev."}
      ],
      otherwise: "divide the factor that was written, 1/√ᾱ_prev, by the right one, √ᾱ_prev."
    }),

  "eta-sigma": (answer) =>
    checkFormula(answer, {
      name: "sigma",
      cases: levels.flatMap(([a, prev]) => [
        [a, prev, 1],
        [a, prev, 0.3]
      ]),
      right: (a: number, prev: number, eta: number) => eta * sqrt(fresh(a, prev)),
      mistakes: [
        {
          formula: (_: number, prev: number, eta: number) => eta * sqrt(1 - prev),
          says: "with this, η = 1 is already the limit of the root. η is a share of DDPM’s sigma, which is smaller."
        },
        {
          formula: (a: number, prev: number, eta: number) => eta * fresh(a, prev),
          says: "this is η times DDPM’s variance. η scales its root, the standard deviation."
        },
        {
          formula: (a: number, prev: number, eta: number) => eta * sqrt(1 - a / prev),
          says: "this is η√β, the other variance that DDPM allows. The paper takes the one of the posterior, β̃."
        },
        {
          formula: (a: number, prev: number, eta: number) => sqrt(eta * fresh(a, prev)),
          says: "η stands inside of the root, but it multiplies the standard deviation: take it out."
        }
      ],
      otherwise: "at η = 1 the square of sigma is β̃ = (1−ᾱ_prev)/(1−ᾱ) · β, with β = 1 − ᾱ/ᾱ_prev."
    }),

  "eta-limit": (answer) =>
    checkFormula(answer, {
      name: "largestEta",
      cases: levels,
      right: (a: number, prev: number) => sqrt((1 - a) / (1 - a / prev)),
      mistakes: [
        {
          formula: () => 1,
          says: "1 is DDPM, and there some of the predicted noise is still used. The root becomes 0 only later."
        },
        {
          formula: (a: number, prev: number) => (1 - a) / (1 - a / prev),
          says: "that is the square of it: the condition is on σ², and η stands in σ."
        },
        {
          formula: (a: number, prev: number) => sqrt((1 - a / prev) / (1 - a)),
          says: "that is below 1, so DDPM would not be allowed. The fraction is upside down."
        },
        {
          formula: (_: number, prev: number) => sqrt(1 - prev),
          says: "that is the largest σ. Divide it by σ(1) to have the largest η."
        }
      ],
      otherwise: "find the η at which σ² = η² · β̃ equals 1−ᾱ_prev."
    }),

  "mean-alone": (answer) =>
    checkFormula(answer, {
      name: "noiseLeft",
      cases: levels,
      right: (a: number, prev: number) => 1 - prev - fresh(a, prev),
      mistakes: [
        {
          formula: (_: number, prev: number) => 1 - prev,
          says: "so much there ought to be, and with DDIM’s mean it is. DDPM’s mean leaves room for the fresh noise."
        },
        {
          formula: (a: number, prev: number) => fresh(a, prev),
          says: "that is what is missing. Asked for is what is left."
        },
        {
          formula: (a: number, prev: number) => sqrt(1 - prev - fresh(a, prev)),
          says: "that is the standard deviation. Asked for is the variance, its square."
        },
        {
          formula: (a: number, prev: number) => 1 - prev - (1 - a / prev),
          says: "you have taken β away. The variance of DDPM’s fresh noise is β̃, which is smaller."
        }
      ],
      otherwise: "the mean holds the predicted noise with the factor √(1−ᾱ_prev−β̃). Its variance is the square of that."
    }),

  "half-variance": (answer) =>
    checkFormula(answer, {
      name: "settled",
      cases: [
        [100, 2],
        [0.5, 1],
        [3, 0.5]
      ],
      right: (u: number, s: number) => (s * s * u) / (1 + 2 * u),
      mistakes: [
        {
          formula: (_: number, s: number) => s * s,
          says: "that is the variance of the data. A mean over all data that are possible varies less than they do."
        },
        {
          formula: (_: number, s: number) => (s * s) / 2,
          says: "that is where it ends, for large u. At high noise, the other end, the guess hardly varies: find it for every u."
        },
        {
          formula: (u: number, s: number) => (s * s * u) / (1 + u),
          says: "that is the variance of the guess when x has its right distribution. Here x is made of the guess before it."
        },
        {
          formula: (u: number, s: number) => (s * s * u) / (1 + u) ** 2,
          says: "that is r² s²/u, the part of the fresh noise in one step. The part of the guess before, r² v, is missing."
        }
      ],
      otherwise: "solve v = r² (v + s²/u) for v, with r = u/(1+u)."
    }),

  "encode-up": (answer) =>
    checkFormula(answer, {
      name: "encode",
      cases: [
        [1, 0.5, 0.9, 0.64],
        [-0.4, 1, 0.64, 0.25],
        [2, -1, 1, 0.9]
      ],
      right: (x: number, e: number, a: number, up: number) => sqrt(up / a) * (x - sqrt(1 - a) * e) + sqrt(1 - up) * e,
      mistakes: [
        {
          formula: (x: number, e: number, a: number, up: number) =>
            sqrt(a / up) * (x - sqrt(1 - up) * e) + sqrt(1 - a) * e,
          says: "that is a step down, as if x were at the noisier level. Exchange the two levels."
        },
        {
          formula: (x: number, e: number, _: number, up: number) => sqrt(up) * x + sqrt(1 - up) * e,
          says: "x is not clean: it already holds noise and has already shrunk. First guess x₀ from it."
        },
        {
          formula: (x: number, e: number, a: number, up: number) => x + (sqrt((1 - up) / up) - sqrt((1 - a) / a)) * e,
          says: "that is the step of x̄ = x/√ᾱ. Your x has its shrinking: divide by √ᾱ before, multiply by the new root after."
        }
      ],
      otherwise: "guess x₀ from x at its own level, then mix it with the noise as the noisier level asks."
    }),

  "step-pairs"(answer) {
    const pairs = asFunction(answer, "pairs");
    for (const list of [[999, 749, 499, 249], [9, 4, 1], [999]]) {
      const call = `pairs(${shown(list)})`;
      const result = pairs([...list]);
      if (!Array.isArray(result)) return `${call} gives no list: it should be a list of [t, tPrev].`;
      const got = result.slice(0, 100).map((pair, i) => asNumbers(pair, `pair ${i} of ${call}`, 2));
      const want = list.map((t, i) => [t, list[i + 1] ?? -1]);
      if (got.length < want.length)
        return `${call} has ${got.length} pairs, not ${want.length}: the last entry has to step as well, to clean data, or a little noise stays.`;
      if (got.length > want.length)
        return `${call} has ${result.length} pairs, not ${want.length}: one for each entry of the list.`;
      const wrong = got.findIndex(([t, prev], i) => t !== want[i][0] || prev !== want[i][1]);
      if (wrong < 0) continue;
      const [[t, prev], [wantT, wantPrev]] = [got[wrong], want[wrong]];
      const start = `${call} has the pair [${t}, ${prev}], not [${wantT}, ${wantPrev}]: `;
      if (t !== wantT)
        return `${start}the first of a pair is the entry of the list itself, the time that the network is given.`;
      if (wrong === list.length - 1 && prev === 0)
        return `${start}in code, time 0 is one step of noise. Clean data are at −1.`;
      if (prev === t - 1) return `${start}the previous level is the next entry of the list, not the neighbour t − 1.`;
      return `${start}each entry steps to the one that comes after it in the list, the last to −1.`;
    }
    return undefined;
  }
};
