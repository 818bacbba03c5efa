import type {BackendSelect} from "./backend-select.js";
import {kernelEngine} from "./kernel-engine.js";
import type {Train} from "./tensor-engine.js";
import {tensorEngine} from "./tensor-engine.js";
import type {TrainingCode} from "./training-code.js";
import type {EngineOptions, TrainingEngine} from "./training-engine.js";

export interface StartEngineOptions extends EngineOptions {
  wish: BackendSelect;
  train: Train; // on tfjs
  code: TrainingCode;
  kernels: boolean; // whether our kernels do what this code does
  tell: (line: string) => void; // gets what the reader should know of the choice
}

/**
 * Starts what trains: a backend of tfjs when one is chosen, else our kernels, which start at once and need no tfjs. Code
 * that they do not have, and a browser that does not run them, are for tfjs, on the fastest of its backends. On WebGL the
 * library's own code is trained in fused kernels.
 */
export async function startEngine({
  wish,
  train,
  kernels,
  tell,
  ...options
}: StartEngineOptions): Promise<TrainingEngine> {
  let why = "";
  if (wish.value === "auto" || wish.value === "kernels") {
    try {
      if (kernels) {
        const engine = await kernelEngine(options);
        tell("");
        return engine;
      }
      why = "Our kernels do not have your code, so tfjs runs it. ";
    } catch (error) {
      options.signal.throwIfAborted();
      why = `Our kernels do not start (${(error as Error).message}). `;
    }
  }
  const {name, line} = await wish.start(options.signal);
  tell(`${why}${line}`);
  if (kernels && name === "webgl") {
    const {trainTexelPoints} = await import("../lib/texel-training.js");
    return tensorEngine({...options, backend: name, train: trainTexelPoints, takesCode: false});
  }
  return tensorEngine({...options, backend: name, train});
}
