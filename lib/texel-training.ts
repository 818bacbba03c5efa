import {isBackendLost, restartBackend} from "./backend.js";
import {pointBatches} from "./batches.js";
import {cosineDecay} from "./cosine-decay.js";
import {emaDecay} from "./ema-decay.js";
import {timeSlice} from "./event-loop.js";
import type {PointWeights} from "./plain-network.js";
import type {TexelPointNetwork} from "./texel-point-network.js";
import {createTexelPointNetwork} from "./texel-point-network.js";
import {compileTexels} from "./texels/compile-texels.js";
import {hasTexels} from "./texels/texel-kernel.js";
import * as tf from "./tf.js";
import {TrainingDiverged} from "./training-diverged.js";
import {trainingLoop} from "./training-loop.js";
import type {TrainingOptions, TrainingReport} from "./training.js";
import {checkOptions, trainPoints} from "./training.js";

/** Options of `trainTexelPoints`: those of trainPoints but for code of one's own, which fused kernels do not have. */
export type TexelTrainingOptions = Omit<TrainingOptions, "loss" | "loop" | "optimizer">;

/**
 * Trains as trainPoints of ./training.js does with the library's own loss, loop and optimiser, from the same draws, in fused
 * kernels: 13 launches a step. The network has the weights of a report when it is yielded. Goes on as trainPoints does
 * when the graphics card is lost, and with trainPoints when no card is left. Throws as trainPoints does.
 */
export async function* trainTexelPoints(options: TexelTrainingOptions): AsyncGenerator<TrainingReport, void> {
  const {network, steps, learningRate = 3e-3, largestDecay, signal, reportEvery = 10} = options;
  checkOptions(options);
  if (signal?.aborted) return;
  const draw = pointBatches({...options, batch: options.batch ?? 512, seed: options.seed ?? 0});
  let saved: PointWeights = await network.save();
  if (!isSound(saved)) throw new Error("The network's weights are not all finite numbers: reset it, then train.");
  await compileTexels(undefined, signal).catch(() => {}); // what is wrong shows below; a stop as well
  let texels: TexelPointNetwork | undefined;
  let step = 0;
  const slice = timeSlice();
  try {
    while (step < steps && !signal?.aborted) {
      const start = performance.now();
      const count = Math.min(reportEvery, steps - step);
      let rate = learningRate;
      let loss = NaN;
      let restarted: string | undefined;
      try {
        texels ??= createTexelPointNetwork(saved);
        for (let n = step + 1; n <= step + count; ++n) {
          rate = cosineDecay(learningRate, n - 1, steps);
          texels.step(draw(), rate, emaDecay(n, largestDecay));
          await slice();
          if (signal?.aborted) return;
        }
        const next = await texels.save();
        loss = await texels.readLoss();
        if (signal?.aborted) return;
        if (!Number.isFinite(loss) || !isSound(next))
          throw new TrainingDiverged(step + count, step, loss, learningRate);
        saved = next;
        step += count;
      } catch (error) {
        if (!isBackendLost()) throw error;
        const lost = tf.getBackend();
        texels?.dispose();
        texels = undefined; // and its optimiser with it
        const {reason} = await restartBackend();
        restarted = `the graphics card stopped ${lost}; going on from step ${step}: ${reason}`;
      }
      network.load(saved);
      network.copy = saved;
      const stepsPerSecond = (1000 * count) / (performance.now() - start);
      yield {step, steps, loss, learningRate: rate, stepsPerSecond, backend: tf.getBackend(), restarted};
      if (!hasTexels()) return yield* withoutCard(options, step);
    }
  } finally {
    texels?.dispose();
  }
}

/** The rest of a training on another backend. */
async function* withoutCard(options: TexelTrainingOptions, from: number): AsyncGenerator<TrainingReport, void> {
  const {steps, largestDecay} = options;
  const rest = {
    ...options,
    steps: steps - from,
    loop: (tools: Parameters<typeof trainingLoop>[0]) =>
      trainingLoop({...tools, from: from + tools.from, steps}, largestDecay)
  };
  for await (const report of trainPoints(rest)) yield {...report, step: from + report.step, steps};
}

function isSound({weights, ema}: PointWeights): boolean {
  return [...weights, ...ema].every((values) => Array.prototype.every.call(values, Number.isFinite));
}
