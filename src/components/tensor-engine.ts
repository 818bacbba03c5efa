import type {Denoiser} from "../lib/denoiser.js";
import type {BackendName, Tensor2D} from "../lib/tf.js";
import type {TrainingOptions, TrainingReport} from "../lib/training.js";
import type {TrainingCode} from "./training-code.js";
import {namedCode} from "./training-code.js";
import type {EngineOptions, TrainingEngine} from "./training-engine.js";
import {drawSnapshot} from "./training-samples.js";

/** How to train: what trainPoints of lib/training.ts does, or a page's own version. */
export type Train = (options: TrainingOptions) => AsyncGenerator<TrainingReport, void>;

export interface TensorEngineOptions extends EngineOptions {
  backend: BackendName; // that runs
  train: Train;
  code: TrainingCode; // whose denoiser the network has from now on
  takesCode?: boolean; // whether `train` runs the reader's code; defaults to true
}

/** A network of tfjs, which runs the reader's code; it goes on when the graphics card is lost. */
export async function tensorEngine(options: TensorEngineOptions) {
  const {plan, backend, train, code, takesCode = true, weights, isTraining, signal} = options;
  const {createPointNetwork} = await import("../lib/point-network.js");
  const {schedule, prediction, set} = plan;
  const forward = namedCode(code).denoiser;
  const network = createPointNetwork({prediction, timesteps: schedule.timesteps, forward});
  let name = backend;
  if (weights) network.load(weights);

  return {
    get name() {
      return name;
    },
    takesCode,
    async *round({learningRate, steps, seed, code}) {
      const {loss, loop, optimizer} = namedCode(code);
      const data = {sample: set.sample};
      const settings = {network, data, schedule, learningRate, steps, seed, reportEvery: 5, signal};
      for await (const report of train({...settings, loss, loop, optimizer})) {
        name = report.backend as BackendName;
        yield report;
      }
    },
    sample: (steps) => ask(() => drawSnapshot(network.ema, {schedule, steps, signal})),
    field: (grid, t) =>
      ask(async () => {
        const {predictField} = await import("../lib/tensor-denoiser.js");
        const denoiser: Denoiser<Tensor2D> = network.ema;
        return (await predictField(denoiser, grid, {schedule, t})).epsilon;
      }),
    weights: () => ask(() => network.save()),
    dispose: network.dispose
  } satisfies TrainingEngine;

  /** Asks the network something; where the graphics card was lost meanwhile, starts it again and asks once more. */
  async function ask<A>(question: () => Promise<A>): Promise<A | undefined> {
    try {
      return await question();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isLoss(error)) throw error;
      if (isTraining() || !network.copy) return undefined; // the training mends it
      const {restartBackend} = await import("../lib/backend.js");
      name = (await restartBackend()).name;
      network.load(network.copy);
      return question();
    }
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof Error && error.name === "BackendLost";
}
