import type {BackendSelect} from "./backend-select.js";
import {chooseEngine, startChosen} from "./engine-choice.js";
import {gpuEngine} from "./gpu-engine.js";
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
 * Starts what trains. For the library's code: our kernels or our shaders, whichever is faster here, or the one of them that
 * is chosen; without a graphics card the kernels start at once, and tfjs is not loaded. For other code, and where ours do
 * not run, a backend of tfjs: the chosen one, else the fastest. On WebGL the library's code is trained in fused kernels.
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
      if (kernels) return await startOwn();
      why = "Our kernels do not have your code, so tfjs runs it. ";
    } catch (error) {
      options.signal.throwIfAborted();
      why = `Our kernels do not start (${(error as Error).message}). `;
    }
  }
  const {name, line} = await wish.start(options.signal);
  if (kernels && name === "webgpu") {
    try {
      const engine = await gpuEngine(options);
      tell(`${why}${line}`);
      return engine;
    } catch (error) {
      options.signal.throwIfAborted();
      why += `Our shaders do not start (${(error as Error).message}), so tfjs runs on its own. `;
    }
  }
  tell(`${why}${line}`);
  if (kernels && name === "webgl") {
    const {trainTexelPoints} = await import("../lib/texel-training.js");
    return tensorEngine({...options, backend: name, train: trainTexelPoints, takesCode: false});
  }
  return tensorEngine({...options, backend: name, train});

  async function startOwn(): Promise<TrainingEngine> {
    if (wish.value === "kernels") {
      const engine = await kernelEngine(options);
      tell("");
      return engine;
    }
    const choice = await chooseEngine();
    wish.note(choice.trials);
    const engine = await startChosen(choice, options);
    tell(choice.line);
    return engine;
  }
}
