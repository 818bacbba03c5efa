import type {Denoiser} from "../lib/denoiser.js";
import type {PointNetwork, PointWeights} from "../lib/point-network.js";
import type {BackendName, Tensor2D} from "../lib/tf.js";
import type {TrainingDiverged, TrainingOptions, TrainingReport} from "../lib/training.js";
import type {StartedBackend} from "./backend-select.js";
import type {TrainingCode} from "./training-code.js";
import {blameCode, namedCode} from "./training-code.js";
import type {CodeChange, TrainingPlan} from "./training-plan.js";
import {changeOf, sameTraining} from "./training-plan.js";
import {drawSnapshot} from "./training-samples.js";

/** How to train: what trainPoints of lib/training.ts does, or a page's own version. */
export type Train = (options: TrainingOptions) => AsyncGenerator<TrainingReport, void>;

export type TrainingState = "idle" | "starting" | "training" | "paused" | "stopped" | "finished";

export interface TrainingRunOptions {
  train: Train;
  /** Starts the backend that the reader has chosen. */
  startBackend: () => Promise<StartedBackend>;
  onBegin: () => void; // there is a new network, at its first weights; the one before is gone
  /** Whether the figure is in view; training waits while it is not. */
  mayRun: () => boolean;
  samplingSteps: () => number; // S, for the samples on the way
  onState: (state: TrainingState) => void;
  onReport: (report: TrainingReport) => void; // steps count on over rounds
  onSamples: (step: number, points: Float64Array) => void;
  onStop: () => Promise<void>; // stopped or at its end: the weights are worth keeping
  onTrouble: (error: unknown) => void;
  signal: AbortSignal;
}

/** A training as a figure drives it. No tfjs is loaded before the first `go`. */
export interface TrainingRun {
  readonly state: TrainingState;
  readonly step: number; // made so far
  readonly steps: number; // at the end of this round
  readonly plan?: TrainingPlan; // of what is there; undefined before the first run and after a reset
  readonly backend?: BackendName;
  readonly change: CodeChange; // of the code, since the training that is there took it up
  /** Takes the reader's code; a training that is under way keeps its own. */
  use(code: TrainingCode): void;
  /**
   * Trains: goes on where it stopped if the plan is the same but for `steps` and so is the denoiser, with the loss and the
   * loop as they are now; otherwise from the first weights. What was there stays until the new network has answered.
   */
  go(plan: TrainingPlan): void;
  /** Goes on with the weights that are there and another learning rate, to the end of the round. */
  goOnAt(learningRate: number): void;
  /** Halts after the present report; `go` goes on. */
  stop(): void;
  /** Halts and forgets: the next `go` starts from the first weights. */
  reset(): Promise<void>;
  /** Samples with the network as it is; undefined when there is none. */
  sample(steps: number): Promise<Float64Array | undefined>;
  /** The noise that the network sees at the places of a grid [n, 2]; undefined when there is none. */
  field(grid: Float64Array, t: number): Promise<Float64Array | undefined>;
  weights(): Promise<PointWeights | undefined>;
}

interface Work {
  plan: TrainingPlan;
  code: TrainingCode; // of this round; its denoiser is the network's
  network: PointNetwork;
  backend: BackendName;
  reports: AsyncGenerator<TrainingReport, void> | null; // null once a round has ended
  base: number; // steps of the rounds before
  step: number;
  steps: number;
  rounds: number; // each draws its own noise
}

const samplingShare = 0.2; // of the time, at most, goes into samples on the way
const samplingPause = 400; // ms of training between two samples, at least

export function trainingRun(options: TrainingRunOptions): TrainingRun {
  const {train, mayRun, signal} = options;
  let state: TrainingState = "idle";
  let wanted: TrainingPlan | null = null;
  let work: Work | null = null;
  let code: TrainingCode = {};
  let job: Promise<void> = Promise.resolve(); // one thing at a time
  signal.addEventListener("abort", () => {
    wanted = null;
    void job.then(drop);
  });
  return {
    get state() {
      return state;
    },
    get step() {
      return work?.step ?? 0;
    },
    get steps() {
      return work?.steps ?? 0;
    },
    get plan() {
      return work?.plan;
    },
    get backend() {
      return work?.backend;
    },
    get change() {
      return changeOf(work?.code, code);
    },
    use(next) {
      code = {...next};
    },
    go,
    goOnAt(learningRate) {
      wanted = null;
      job = job.then(() => {
        if (!work) return;
        const {plan, step, steps} = work;
        wanted = work.plan = {...plan, learningRate};
        startRound(work, step < steps ? steps - step : plan.steps);
        return drive();
      });
    },
    stop: () => void (wanted = null),
    async reset() {
      wanted = null;
      await (job = job.then(drop));
      enter("idle");
    },
    sample: (steps) =>
      withNetwork(({network, plan}) => drawSnapshot(network.ema, {schedule: plan.schedule, steps, signal})),
    field: (grid, t) =>
      withNetwork(async ({network, plan}) => {
        const {predictField} = await import("../lib/tensor-denoiser.js");
        const denoiser: Denoiser<Tensor2D> = network.ema;
        return (await predictField(denoiser, grid, {schedule: plan.schedule, t})).epsilon;
      }),
    weights: () => withNetwork(({network}) => network.save())
  };

  function enter(next: TrainingState): void {
    state = next;
    if (!signal.aborted) options.onState(next);
  }

  function go(plan: TrainingPlan): void {
    wanted = plan;
    job = job.then(() => (wanted ? drive() : undefined));
  }

  /** Trains until it is stopped or at its end; errors are the figure's to tell. */
  async function drive(): Promise<void> {
    let following = false;
    try {
      const change = changeOf(work?.code, code);
      if (!work || change === "afresh" || !sameTraining(work.plan, wanted!)) await begin(wanted!);
      else if (!work.reports || change === "goes on") startRound(work, remaining(work, wanted!));
      following = true;
      if (work && !signal.aborted) await follow(work);
    } catch (error) {
      wanted = null;
      if (work && following) work.reports = null; // it has thrown, and is at its end
      if (work && isDivergence(error)) work.step = work.base + error.restoredStep;
      enter(!work ? "idle" : work.step < work.steps ? "stopped" : "finished");
      if (!signal.aborted) options.onTrouble(blameCode(error));
    }
  }

  async function begin(plan: TrainingPlan): Promise<void> {
    enter("starting");
    const {name} = await options.startBackend();
    const {createPointNetwork} = await import("../lib/point-network.js");
    if (signal.aborted) return;
    const {schedule, prediction} = plan;
    const forward = namedCode(code).denoiser;
    const network = createPointNetwork({prediction, timesteps: schedule.timesteps, forward});
    let points: Float64Array | undefined;
    try {
      points = await drawSnapshot(network.ema, {schedule, steps: options.samplingSteps(), signal});
    } finally {
      if (!points) network.dispose(); // it does not answer, or the page is gone
    }
    if (!points) return;
    drop();
    work = {plan, code, network, backend: name, reports: null, base: 0, step: 0, steps: 0, rounds: 0};
    options.onBegin();
    startRound(work, plan.steps);
    options.onSamples(0, points);
  }

  function startRound(on: Work, steps: number): void {
    const {network, plan} = on;
    const {set, schedule, learningRate} = plan;
    void on.reports?.return();
    const data = {sample: set.sample};
    on.code = {...code, denoiser: on.code.denoiser};
    const {loss, loop, optimizer} = namedCode(on.code);
    const own = {loss, loop, optimizer};
    on.reports = train({network, data, schedule, learningRate, steps, seed: on.rounds, reportEvery: 5, signal, ...own});
    on.base = on.step;
    on.steps = on.step + steps;
    on.rounds += 1;
  }

  async function follow(on: Work): Promise<void> {
    let sampled = performance.now();
    let pause = samplingPause;
    while (wanted) {
      if (!mayRun()) {
        if (state !== "paused") enter("paused");
        await delay(150);
        continue;
      }
      if (state !== "training") enter("training");
      const {done, value} = await on.reports!.next();
      if (signal.aborted) return;
      if (done) return finish(on);
      on.step = on.base + value.step;
      on.backend = value.backend as BackendName;
      options.onReport({...value, step: on.step, steps: on.steps});
      if (performance.now() - sampled < pause || on.step === on.steps) continue;
      const start = performance.now();
      await show(on);
      sampled = performance.now();
      pause = Math.max(samplingPause, ((sampled - start) * (1 - samplingShare)) / samplingShare);
    }
    await show(on);
    enter("stopped");
    await options.onStop();
  }

  async function finish(on: Work): Promise<void> {
    wanted = null;
    on.reports = null;
    await show(on);
    enter("finished");
    await options.onStop();
  }

  /** Samples with the network as it is now; not while its backend is lost, since the next report will mend that. */
  async function show({network, plan, step}: Work): Promise<void> {
    try {
      const settings = {schedule: plan.schedule, steps: options.samplingSteps(), signal};
      const points = await drawSnapshot(network.ema, settings);
      if (points) options.onSamples(step, points);
    } catch (error) {
      if (!isLoss(error)) throw error;
    }
  }

  /** Asks the network something; where the graphics card was lost meanwhile, starts it again and asks once more. */
  async function withNetwork<A>(ask: (work: Work) => Promise<A>): Promise<A | undefined> {
    const on = work;
    if (!on || signal.aborted) return undefined;
    try {
      return await ask(on);
    } catch (error) {
      if (work !== on || signal.aborted) return undefined; // reset meanwhile
      if (!isLoss(error)) throw error;
      if (wanted || !on.network.copy) return undefined; // the training mends it
      const {restartBackend} = await import("../lib/backend.js");
      on.backend = (await restartBackend()).name;
      on.network.load(on.network.copy);
      return ask(on);
    }
  }

  function drop(): void {
    void work?.reports?.return();
    work?.network.dispose();
    work = null;
  }
}

/** The steps that a round still has to make; those of another one when it is at its end. */
function remaining({step, steps}: Work, plan: TrainingPlan): number {
  return step < steps ? steps - step : plan.steps;
}

function isLoss(error: unknown): boolean {
  return error instanceof Error && error.name === "BackendLost";
}

/** Whether the error says that the loss became NaN or infinite; by name, since its class comes with tfjs. */
export function isDivergence(error: unknown): error is TrainingDiverged {
  return error instanceof Error && error.name === "TrainingDiverged";
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
