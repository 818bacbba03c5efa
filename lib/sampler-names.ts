import type {Denoiser} from "./denoiser.js";
import {sampleDpmSolver2M} from "./dpm-solver.js";
import {sampleHeun} from "./heun.js";
import type {SampleStep, SamplerOptions} from "./sampler.js";
import {sampleDdim, sampleDdpm} from "./sampler.js";

/** A sampler by a name that fits into a link. */
export type AnySampler = "ddim" | "ddpm" | "ddpm-large" | "dpm-solver" | "heun";

/** All samplers with what they are called in a menu, and which of them take eta. */
export const samplerTitles: Record<AnySampler, string> = {
  ddim: "DDIM with η",
  ddpm: "DDPM, small variance β̃",
  "ddpm-large": "DDPM, large variance β",
  "dpm-solver": "DPM-Solver++(2M)",
  heun: "Heun"
};

/** Runs a sampler by its name from xT [n, dim]; those that know no eta, seed or clip ignore them. Throws what the sampler throws. */
export function sampleBy(
  name: AnySampler,
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions
): Generator<SampleStep> {
  switch (name) {
    case "ddim":
      return sampleDdim(denoiser, xT, options);
    case "ddpm":
      return sampleDdpm(denoiser, xT, options);
    case "ddpm-large":
      return sampleDdpm(denoiser, xT, {...options, variance: "fixed_large"});
    case "dpm-solver":
      return sampleDpmSolver2M(denoiser, xT, options);
    case "heun":
      return sampleHeun(denoiser, xT, options);
  }
}

/** How often a sampler asks the denoiser in S steps down to clean data. */
export function denoiserCalls(name: AnySampler, steps: number): number {
  return name === "heun" ? 2 * steps - 1 : steps;
}
