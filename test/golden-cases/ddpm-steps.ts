import type {VarianceType} from "../../lib/ddpm.js";
import {ddpmCoefficients, ddpmStep, ddpmVariance} from "../../lib/ddpm.js";
import {readClip, readLevels} from "./ddim-steps.js";
import type {Reader} from "./reading.js";
import {predictions, readSections} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** The files that this module compares. */
export const names = ["ddpm_steps*"];

const variances: Record<string, VarianceType> = {fixed_small: "fixed_small", fixed_large: "fixed_large"};

/** Compares single ancestral steps: the levels, the variance, x0 and the next sample. */
export function compare(json: unknown, file: string): GoldenReport {
  return readSections(json, file, {cases: compareStep});
}

function compareStep(read: Reader): void {
  const {alphaBar, alphaBarPrev} = readLevels(read);
  const variance = read.choice("variance_type", variances);
  const prediction = read.choice("prediction_type", predictions, "epsilon");
  const x = read.numbers("x_t");
  const output = read.numbers("model_output");
  const noise = read.value("noise") === undefined ? undefined : read.numbers("noise");
  const clip = readClip(read);
  // The reference asks whether t is 0, not whether the step ends at clean data.
  const last = !read.flag("noise_added", read.number("t") > 0);
  const options = {alphaBar, alphaBarPrev, variance, prediction, last};
  read.figure("variance", ddpmVariance(alphaBar, alphaBarPrev, variance));
  const result = ddpmStep(x, output, {...options, noise, clip});
  read.figure("pred_original_sample", result.x0);
  read.figure("prev_sample", result.x);
  if (clip !== undefined) return;
  const c = ddpmCoefficients(options);
  result.x.forEach((value, i) => {
    const terms = [c.x * x[i], c.output * output[i], c.noise ? c.noise * noise![i] : 0];
    const scale = terms.reduce((sum, term) => sum + Math.abs(term), 0.01);
    if (!(Math.abs(terms[0] + terms[1] + terms[2] - value) <= 1e-10 * scale))
      read.fail(`the coefficients ${JSON.stringify(c)} do not make the sample[${i}] ${value}`);
  });
}
