import {ddimEncodeStep} from "../../lib/ddim.js";
import {diffuse, velocity} from "../../lib/forward.js";
import {posteriorVariance} from "../../lib/posterior.js";
import {openaiTimesteps, respaceSchedule} from "../../lib/respace.js";
import {alphaBarAt} from "../../lib/schedule.js";
import {previousLevel} from "./ddim-steps.js";
import type {Reader} from "./reading.js";
import {brief, readSections, spacings} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** The files that this module compares. */
export const names = ["forward_inverse_respaced*"];

/** Compares draws from q(x_t | x_0), DDIM encoding steps and shortened chains. */
export function compare(json: unknown, file: string): GoldenReport {
  return readSections(json, file, {
    forward_cases: compareForward,
    inverse_cases: compareInverse,
    respaced: compareRespaced
  });
}

function compareForward(read: Reader): void {
  const alphaBar = alphaBarAt(read.schedule(), read.number("t"));
  const x0 = read.numbers("x0");
  const epsilon = read.numbers("eps");
  if (read.has("mean_coef")) read.figure("mean_coef", Math.sqrt(alphaBar));
  if (read.has("std")) read.figure("std", Math.sqrt(1 - alphaBar));
  read.figure("x_t", diffuse(x0, epsilon, alphaBar));
  read.figure("v", velocity(x0, epsilon, alphaBar));
}

function compareInverse(read: Reader): void {
  const schedule = read.schedule();
  read.number("S", 0);
  read.choice("spacing", spacings, "leading");
  const alphaBar = previousLevel(schedule, read.number("t_from"), read.flag("set_alpha_to_one", true));
  const alphaBarNext = alphaBarAt(schedule, read.number("t_to"));
  read.relativeFigure("alpha_bar_from", alphaBar);
  read.relativeFigure("alpha_bar_to", alphaBarNext);
  const step = ddimEncodeStep(read.numbers("x"), read.numbers("eps"), {alphaBar, alphaBarNext});
  read.figure("x_next", step.x);
  read.figure("pred_original_sample", step.x0);
}

function compareRespaced(read: Reader): void {
  const schedule = read.schedule();
  const spec = read.value("spec");
  if (typeof spec !== "string" && !Array.isArray(spec))
    throw new TypeError(`spec is ${brief(spec)}, not a text or list`);
  const respaced = respaceSchedule(schedule, openaiTimesteps(spec, schedule.timesteps));
  read.figure("timestep_map", respaced.timestepMap);
  read.figure("betas", respaced.beta);
  read.figure("alpha_bar", respaced.alphaBar);
  read.figure(
    "posterior_variance",
    respaced.beta.map((_, i) => posteriorVariance(respaced, i))
  );
}
