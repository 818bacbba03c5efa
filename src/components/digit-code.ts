import type {AsyncDenoiser} from "../lib/async-sampler.js";
import type {CoordinateStep} from "../lib/coordinate-step.js";
import type {DigitPredictor, Guide} from "../lib/digits/digit-predictor.js";
import {guide as usualGuide, guided} from "../lib/digits/digit-predictor.js";
import {seededRandom} from "../lib/random.js";
import type {Blend} from "../lib/slerp.js";
import {slerp as usualSlerp} from "../lib/slerp.js";
import {kindOf, ownCode} from "./own-code.js";
import {namedSteps} from "./paired-view.js";

/** What the page's cells give to the figures of digits; what is missing is the library's. */
export interface DigitCode {
  guide?: Guide;
  ddimStep?: CoordinateStep;
  slerp?: Blend;
}

/** A denoiser of digits, and how often it asks the network in a step. */
export type DigitDenoiser = AsyncDenoiser & {readonly evaluations: number};

/** The denoiser of digits with these labels [n] and guidance w, by the reader's formula if there is one. */
export function denoiserOf(
  {guide}: DigitCode,
  predictor: DigitPredictor,
  labels: ArrayLike<number>,
  w: number
): DigitDenoiser {
  const own = guide && namedGuide(guide);
  return guided(predictor, labels, w, own && !agrees(own, w) ? own : undefined);
}

/** The reader's step of DDIM, with errors that name its cell. */
export function ddimStepOf({ddimStep}: DigitCode): CoordinateStep | undefined {
  return namedSteps({ddim: ddimStep}).ddim;
}

/** The reader's way between two noises, or the library's. */
export function blendOf({slerp}: DigitCode): Blend {
  if (!slerp) return usualSlerp;
  return ownCode("slerp", (a, b, share) => {
    const mixed: unknown = slerp(a, b, share);
    const array = Array.isArray(mixed) || ArrayBuffer.isView(mixed) ? Float64Array.from(mixed as Float64Array) : null;
    if (array?.length === a.length && array.every(Number.isFinite)) return array;
    const what = array?.length === a.length ? "numbers that are not finite" : kindOf(mixed);
    throw new TypeError(`it returned ${what}, but it should return a noise, ${a.length} numbers`);
  });
}

function namedGuide(guide: Guide): Guide {
  return ownCode("guide", (labelled, plain, w) => {
    const mixed: unknown = guide(labelled, plain, w);
    if (typeof mixed === "number" && Number.isFinite(mixed)) return mixed;
    throw new TypeError(
      `it returned ${kindOf(mixed)}, but it should return the velocity to go on with, a finite number`
    );
  });
}

/**
 * Whether the reader's formula is the library's at this w, tried on a few numbers. The library's then runs, which at w = 0
 * and w = 1 asks the network only once.
 */
function agrees(own: Guide, w: number): boolean {
  const random = seededRandom(1);
  for (let i = 0; i < 8; ++i) {
    const [labelled, plain] = [random.normal(), random.normal()];
    if (Math.abs(own(labelled, plain, w) - usualGuide(labelled, plain, w)) > 1e-9) return false;
  }
  return true;
}
