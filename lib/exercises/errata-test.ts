import type {StepCode} from "../errata/code.js";
import type {Answer} from "./check.js";
import {asFunction} from "./check.js";

const {sqrt} = Math;

const right: StepCode = ({x0, epsilon, alphaBarPrev, eta, variance, z}) =>
  sqrt(alphaBarPrev) * x0 + sqrt(1 - alphaBarPrev - eta ** 2 * variance) * epsilon + eta * sqrt(variance) * z;

/** The steps of exhibits, which a good test refuses. */
const bugs: {name: string; step: StepCode; says: string}[] = [
  {
    name: "exhibit 1, which divides x₀ by √ᾱ_prev",
    step: ({x0, epsilon, alphaBarPrev, eta, variance, z}) =>
      x0 / sqrt(alphaBarPrev) + sqrt(1 - alphaBarPrev - eta ** 2 * variance) * epsilon + eta * sqrt(variance) * z,
    says: "show it a point that is all data, x0 = 1, and look at what becomes of it."
  },
  {
    name: "exhibit 14, which has sigma where the direction’s factor belongs",
    step: ({x0, epsilon, alphaBarPrev, eta, variance, z}) =>
      sqrt(alphaBarPrev) * x0 + eta * sqrt(variance) * epsilon + eta * sqrt(variance) * z,
    says: "show it a point that is all noise, epsilon = 1: together with the fresh noise it must fill the level."
  },
  {
    name: "exhibit 15, which only scales DDPM’s noise",
    step: ({x, epsilon, alphaBar, alphaBarPrev, eta, variance, z}) => {
      const beta = 1 - alphaBar / alphaBarPrev;
      return (x - (beta / sqrt(1 - alphaBar)) * epsilon) / sqrt(1 - beta) + eta * sqrt(variance) * z;
    },
    says: "it uses x, which must be √ᾱ·x0 + √(1−ᾱ)·epsilon, and it is right at eta = 1."
  },
  {
    name: "exhibit 16, which has eta where eta² belongs",
    step: ({x0, epsilon, alphaBarPrev, eta, variance, z}) =>
      sqrt(alphaBarPrev) * x0 + sqrt(1 - alphaBarPrev - eta * variance) * epsilon + eta * sqrt(variance) * z,
    says: "at eta = 0 and at eta = 1 nobody can tell. Take another eta."
  }
];

/** Whether the learner's test accepts the right step and refuses those of the exhibits. */
export function writeTheTest(answer: Answer): string | undefined {
  const passes = asFunction(answer, "passes");
  const verdict = (step: StepCode): unknown => passes(step);
  const first = verdict(right);
  if (typeof first !== "boolean") return "passes should return true or false: is there a return?";
  if (!first)
    return "your test refuses the right step: the factors of old and fresh noise are not fixed one by one, only the sum of their squares.";
  const missed = bugs.filter(({step}) => verdict(step) === true);
  if (!missed.length) return undefined;
  const [{name, says}] = missed;
  if (missed.length === bugs.length) return `your test accepts all four wrong steps, beginning with ${name}: ${says}`;
  return `your test accepts the step of ${name}: ${says}`;
}
