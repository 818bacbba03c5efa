import {encodeDdimAsync} from "../lib/async-sampler.js";
import {digitSchedule} from "../lib/digits/digit.js";
import type {DigitCode, DigitDenoiser} from "./digit-code.js";
import {apart, digitTimes, runDigits} from "./digit-run.js";

/** A digit that was taken to its noise and back. */
export interface Inversion {
  latent: Float64Array; // x_T [n, 784]
  decoded: Float64Array; // [n, 784]
  error: number; // mean square of a pixel, on the scale of -1 to 1
}

export interface InversionOptions {
  x0: Float64Array; // [n, 784]
  steps: number; // S, the same both ways
  encoder: DigitDenoiser;
  decoder: DigitDenoiser; // another one to change the digit on the way back
  code?: DigitCode; // the step of the way back
  signal: AbortSignal;
}

/** Encodes digits by DDIM and decodes them again; undefined when `signal` aborts. */
export async function invert(options: InversionOptions): Promise<Inversion | undefined> {
  const {x0, steps, encoder, decoder, code, signal} = options;
  const settings = {schedule: digitSchedule, timesteps: digitTimes(steps), signal};
  let latent = x0;
  for await (const {x} of encodeDdimAsync(encoder, x0, settings)) latent = x;
  if (signal.aborted) return undefined;
  const back = await runDigits({sampler: "ddim", denoiser: decoder, code, xT: latent, steps, signal});
  return back && {latent, decoded: back.x, error: apart(back.x, x0) ** 2};
}
