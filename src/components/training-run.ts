import type {PointWeights} from "../lib/plain-network.js";
import type {TrainingDiverged, TrainingReport} from "../lib/training.js";
import type {TrainingCode} from "./training-code.js";
import {blameCode} from "./training-code.js";
import type {EngineOptions, TrainingEngine} from "./training-engine.js";
import type {CodeChange, TrainingPlan} from "./training-plan.js";
import {changeOf, endUnder, sameTraining} from "./training-plan.js";

export type TrainingState = "idle" | "starting" | "training" | "paused" | "stopped" | "finished";

export interface TrainingRunOptions {
  /** Starts what the reader has chosen to train on, or, for code that it does not take, something that does. */
  startEngine: (options: EngineOptions & {code: TrainingCode}) => Promise<TrainingEngine>;
  /** Whether this code is the reader's own, and not the page's, which is the library's. */
  isOwn: (code: TrainingCode) => boolean;
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
  readonly wanted?: TrainingPlan; // what is under way or comes next; undefined when nothing is to train
  readonly plan?: TrainingPlan; // of what is there; undefined before the first run and after a reset
  readonly backend?: string; // what it trains on
  readonly change: CodeChange; // of the code, since the training that is there took it up
  /** Takes the reader's code; a training that is under way keeps its own. */
  use(code: TrainingCode): void;
  /**
   * Trains: goes on where it stopped if the plan is the same but for `steps` and so is the denoiser, to the end that the
   * plan has now, with the loss and the loop as they are now; otherwise from the first weights. What was there stays until
   * the new network has answered.
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
  engine: TrainingEngine;
  reports: AsyncGenerator<TrainingReport, void> | null; // null once a round has ended
  base: number; // steps of the rounds before
  step: number;
  steps: number; // at the end of this round, which has the length of the plan
  rounds: number; // each draws its own noise
}

const samplingShare = 0.2; // of the time, at most, goes into samples on the way
const samplingPause = 400; // ms of training between two samples, at least

export function trainingRun(options: TrainingRunOptions): TrainingRun {
  const {mayRun, signal} = options;
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
    get wanted() {
      return wanted ?? undefined;
    },
    get plan() {
      return work?.plan;
    },
    get backend() {
      return work?.engine.name;
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
      job = job.then(async () => {
        if (!work) return;
        const on = work;
        wanted = on.plan = {...on.plan, learningRate};
        return drive(() => startRound(on, endUnder(on, on.plan)));
      });
    },
    stop: () => void (wanted = null),
    async reset() {
      wanted = null;
      await (job = job.then(drop));
      enter("idle");
    },
    sample: (steps) => withEngine((engine) => engine.sample(steps)),
    field: (grid, t) => withEngine((engine) => engine.field(grid, t)),
    weights: () => withEngine((engine) => engine.weights())
  };

  function isTraining(): boolean {
    return wanted !== null;
  }

  function enter(next: TrainingState): void {
    state = next;
    if (!signal.aborted) options.onState(next);
  }

  function go(plan: TrainingPlan): void {
    wanted = plan;
    job = job.then(() => (wanted ? drive() : undefined));
  }

  /** Trains until it is stopped or at its end; errors are the figure's to tell. */
  async function drive(start = startWanted): Promise<void> {
    const plan = wanted!;
    let following = false;
    try {
      await start(plan);
      following = true;
      if (work && !signal.aborted) await follow(work);
    } catch (error) {
      over(plan);
      if (work && following) work.reports = null; // it has thrown, and is at its end
      if (work && isDivergence(error)) work.step = work.base + error.restoredStep;
      enter(!work ? "idle" : work.step < work.steps ? "stopped" : "finished");
      if (!signal.aborted) options.onTrouble(blameCode(error));
    }
  }

  /** Begins afresh, or goes on with what is there. */
  async function startWanted(plan: TrainingPlan): Promise<void> {
    const change = changeOf(work?.code, code);
    if (!work || change === "afresh" || !sameTraining(work.plan, plan)) return begin(plan);
    const end = endUnder(work, plan);
    if (!work.reports || change === "goes on" || end !== work.steps) await startRound(work, end);
    work.plan = plan;
  }

  /** A training is at its end; another one that is wanted by now waits for its turn. */
  function over(plan: TrainingPlan): void {
    if (wanted && samePlan(wanted, plan)) wanted = null;
  }

  async function begin(plan: TrainingPlan): Promise<void> {
    enter("starting");
    const engine = await options.startEngine({plan, code, isTraining, signal});
    let points: Float64Array | undefined;
    try {
      if (!signal.aborted) points = await engine.sample(options.samplingSteps());
    } finally {
      if (!points) engine.dispose(); // it does not answer, or the page is gone
    }
    if (!points) return;
    drop();
    work = {plan, code, engine, reports: null, base: 0, step: 0, steps: plan.steps, rounds: 0};
    options.onBegin();
    await startRound(work, endUnder(work, plan));
    options.onSamples(0, points);
  }

  async function startRound(on: Work, end: number): Promise<void> {
    const {learningRate} = on.plan;
    const steps = end - on.step;
    void on.reports?.return();
    on.reports = null; // until there is another, which may fail
    on.code = {...code, denoiser: on.code.denoiser};
    if (!on.engine.takesCode && options.isOwn(on.code)) await changeEngine(on);
    on.reports = on.engine.round({learningRate, steps, seed: on.rounds, code: on.code});
    on.base = on.step;
    on.steps = end;
    on.rounds += 1;
  }

  /** Goes on with the same weights where the reader's code runs. */
  async function changeEngine(on: Work): Promise<void> {
    const weights = await on.engine.weights();
    const next = await options.startEngine({plan: on.plan, code: on.code, weights, isTraining, signal});
    on.engine.dispose();
    on.engine = next;
  }

  async function follow(on: Work): Promise<void> {
    let sampled = performance.now();
    let pause = samplingPause;
    while (wanted && samePlan(wanted, on.plan)) {
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
    over(on.plan);
    on.reports = null;
    await show(on);
    enter("finished");
    await options.onStop();
  }

  /** Samples with the network as it is now; not while it has been lost, since the next report will mend that. */
  async function show({engine, step}: Work): Promise<void> {
    const points = await engine.sample(options.samplingSteps());
    if (points) options.onSamples(step, points);
  }

  async function withEngine<A>(ask: (engine: TrainingEngine) => Promise<A>): Promise<A | undefined> {
    const on = work;
    if (!on || signal.aborted) return undefined;
    try {
      return await ask(on.engine);
    } catch (error) {
      if (work !== on || signal.aborted) return undefined; // reset meanwhile
      throw error;
    }
  }

  function drop(): void {
    void work?.reports?.return();
    work?.engine.dispose();
    work = null;
  }
}

/** Whether one plan asks for no more and no less than the other. */
function samePlan(a: TrainingPlan, b: TrainingPlan): boolean {
  return sameTraining(a, b) && a.steps === b.steps;
}

/** Whether the error says that the loss became NaN or infinite; by name, since its class comes with tfjs. */
export function isDivergence(error: unknown): error is TrainingDiverged {
  return error instanceof Error && error.name === "TrainingDiverged";
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
