import type {PointWeights} from "../lib/plain-network.js";
import {predictionViews} from "../lib/prediction.js";
import {ddimMoves} from "../lib/sampler-moves.js";
import {alphaBarAt} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import type {TrainingReport} from "../lib/training.js";
import {kernelEngine} from "./kernel-engine.js";
import type {EngineOptions, Round, TrainingEngine} from "./training-engine.js";
import {snapshotNoise} from "./training-samples.js";

/** What our shaders are called where a backend has its name. */
export const shadersName = "our WebGPU shaders";

const reportTime = 12; // ms of work between two reports: less than a frame, since the card also draws the page
const mostSteps = 256; // between two reports

/**
 * A network in our shaders, on tfjs's WebGPU device, which must have been started. It trains as the library does, and not
 * with the reader's code. When the graphics card is lost, `spare` goes on from a copy. Rejects where the shaders do not run.
 */
export async function gpuEngine(
  options: EngineOptions,
  spare: (options: EngineOptions) => Promise<TrainingEngine> = kernelEngine
): Promise<TrainingEngine> {
  const {plan, weights, signal} = options;
  const {schedule, prediction, set} = plan;
  const [{webgpuDevice}, {createWebgpuPointNetwork}, {webgpuTraining}] = await Promise.all([
    import("../lib/backend.js"), // brings tfjs, so not before it is needed
    import("../lib/webgpu-point-network.js"),
    import("../lib/webgpu-training.js")
  ]);
  const network = await createWebgpuPointNetwork({device: webgpuDevice(), schedule, prediction});
  if (weights) network.load(weights);
  const first = weights ?? (await network.save());
  let copy: {step: number; weights: () => PointWeights} = {step: 0, weights: () => first}; // off the card; step of a round
  let other: Promise<TrainingEngine> | undefined; // what goes on in its place
  let name = shadersName;
  let disposed = false;

  return {
    get name() {
      return name;
    },
    takesCode: false,
    async *round(round) {
      if (other) return yield* (await other).round(round);
      try {
        return yield* ownRound(round);
      } catch (error) {
        if (signal.aborted || !isLoss(error)) throw error;
      }
      const engine = await goOn();
      const {step} = copy;
      const restarted = `the graphics card stopped WebGPU; ${engine.name} go on from step ${step}`;
      yield report(round, {step, learningRate: round.learningRate, loss: NaN, stepsPerSecond: NaN, restarted});
      yield* engine.round({...round, from: step});
    },
    sample: (steps) =>
      answer(
        () => {
          const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
          return network.sample(snapshotNoise(), ddimMoves(prediction, {schedule, timesteps}));
        },
        (engine) => engine.sample(steps)
      ),
    field: (grid, t) =>
      answer(
        async () => predictionViews(prediction, await network.predict(grid, t), grid, alphaBarAt(schedule, t)).epsilon,
        (engine) => engine.field(grid, t)
      ),
    weights: () =>
      answer(
        () => network.save(),
        (engine) => engine.weights()
      ),
    dispose() {
      disposed = true;
      network.dispose();
      void other?.then((engine) => engine.dispose());
    }
  };

  async function* ownRound(round: Round): AsyncGenerator<TrainingReport, void> {
    copy = {...copy, step: 0};
    const {learningRate, steps, seed} = round;
    const training = await webgpuTraining({network, data: {sample: set.sample}, learningRate, steps, seed});
    for (let count = 1; training.step < steps;) {
      const began = performance.now();
      const progress = await training.advance(count);
      const stepsPerSecond = (1000 * progress.count) / (performance.now() - began);
      copy = {step: training.copy.step, weights: () => network.weightsOf(training.copy.state)};
      // From few to as many as fill the time: the first report comes soon, on a slow card too.
      count = Math.max(1, Math.min(mostSteps, 4 * count, Math.round((stepsPerSecond * reportTime) / 1000)));
      yield report(round, {...progress, stepsPerSecond});
    }
  }

  function report(
    {steps}: Round,
    {step, loss, learningRate, stepsPerSecond, restarted}: Omit<TrainingReport, "steps" | "backend">
  ): TrainingReport {
    return {step, steps, loss, learningRate, stepsPerSecond, backend: name, restarted};
  }

  /** Asks the card, or what goes on in its place; undefined when the page is gone. */
  async function answer<A>(
    ask: () => Promise<A>,
    askOther: (engine: TrainingEngine) => Promise<A | undefined>
  ): Promise<A | undefined> {
    try {
      if (!other) return await ask();
    } catch (error) {
      if (signal.aborted || disposed) return undefined;
      if (!isLoss(error)) throw error;
    }
    return askOther(await goOn());
  }

  function goOn(): Promise<TrainingEngine> {
    other ??= spare({...options, weights: copy.weights()}).then((engine) => {
      name = engine.name;
      return engine;
    });
    return other;
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof Error && error.name === "BackendLost";
}
