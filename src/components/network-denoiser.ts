import type {Denoiser} from "../lib/denoiser.js";
import type {PointWeights} from "../lib/plain-network.js";
import {plainNetwork} from "../lib/plain-network.js";

/**
 * What a trained network answers, in plain numbers: on our kernels, which are loaded when first asked for, and where they
 * do not run in JavaScript, 35 to 40 times slower. A RangeError for weights that mean nothing here.
 */
export async function networkDenoiser(weights: PointWeights): Promise<Denoiser<Float64Array>> {
  try {
    const {wasmPointDenoiser} = await import("../lib/wasm-point-network.js");
    return await wasmPointDenoiser(weights);
  } catch {
    return plainNetwork(weights);
  }
}
