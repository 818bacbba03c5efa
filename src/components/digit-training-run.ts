import type {DigitSet} from "../lib/digits/digit-set.js";
import type {DigitTrainingReport} from "../lib/digits/digit-training.js";
import {toUnit} from "../lib/digits/digit.js";
import type {DigitState, TrainingEvent, TrainingWish, WeightsInfo} from "./digit-messages.js";
import type {DigitSnapshot} from "./digit-samples.js";
import type {DigitService, DigitTraining} from "./digit-service.js";
import type {StoredTraining} from "./digit-store.js";
import {forgetDigits, storeDigits, storedTraining} from "./digit-store.js";
import type {RunKey} from "./kept-runs.js";
import {digitRuns, leaveRun, ownRun, same as isSame} from "./kept-runs.js";
import {firstWish, sameTraining} from "./digit-training-plan.js";
import type {LossPoint} from "./loss-curve.js";
import {smooth} from "./loss-curve.js";

export type RunState = "idle" | "starting" | "training" | "paused" | "stopped" | "finished";

/** A training with all that a figure shows of it. */
export interface DigitWork {
  wish: TrainingWish;
  origin: "here" | "file"; // where its weights were learnt
  step: number;
  steps: number; // at its end
  backend: string;
  losses: LossPoint[];
  history: DigitSnapshot[];
  state?: DigitState; // the last copy
}

export interface DigitRunOptions {
  service: DigitService;
  /** The digits to train on; undefined when the figure is gone. */
  digits: () => Promise<DigitSet | undefined>;
  onState: (state: RunState) => void;
  onLine: (line: string) => void; // what is tried, and what was found
  onRates: (rates: Extract<TrainingEvent, {kind: "started"}>["rates"]) => void;
  onReport: (report: DigitTrainingReport) => void;
  onHistory: () => void; // there are other samples
  onKept: (refusal: string | undefined) => void; // stored, or why not
  onTrouble: (error: unknown) => void;
  signal: AbortSignal;
}

/** A training of digits as a figure drives it. */
export interface DigitRun {
  readonly state: RunState;
  readonly work?: DigitWork; // undefined before the first training and after a reset
  /**
   * Trains: goes on with what is there if it is of the same recipe, or in any case with `keep`; otherwise from the first
   * weights. Resolves at its end, and never rejects.
   */
  go(wish: TrainingWish, options?: {keep?: boolean}): Promise<void>;
  pause(): void;
  goOn(): void;
  stop(): void;
  /** Forgets the training, here and in the browser's storage. */
  reset(): Promise<void>;
  /** Takes up the training that this browser has kept; false if there is none. */
  restore(): Promise<boolean>;
  readonly from: RunKey | undefined; // where another tab or visit has kept what is there
  /** Takes up another training that this browser has kept; the one that was there stays kept. */
  take(key: RunKey): Promise<boolean>;
  /** Takes weights from a file, to show and to train on. */
  adopt(values: Float32Array, info: WeightsInfo): void;
  /** Takes samples that the network has drawn as it is. */
  show(pixels: Uint8Array): void;
  /** A fresh copy of the state; undefined when there is nothing. */
  save(): Promise<DigitState | undefined>;
  /** What the network is called where it is used; its loss is the smoothed one. */
  info(): WeightsInfo;
}

const keepEvery = 15_000; // ms
const mostSnapshots = 48; // of a training; each has 16 kB

/** Every second snapshot, once there are too many; the first and the last stay. */
export function thinned(history: DigitSnapshot[]): DigitSnapshot[] {
  if (history.length <= mostSnapshots) return history;
  return history.filter((_, k) => k % 2 === 0 || k === history.length - 1);
}

export function digitRun(options: DigitRunOptions): DigitRun {
  const {service, digits, onState, onReport, onHistory, onTrouble, signal} = options;
  let state: RunState = "idle";
  let work: DigitWork | undefined;
  let training: DigitTraining | undefined;
  let wanted = false; // the reader has not stopped what is starting
  let leave = (): void => {}; // ends the wait for the digits
  let keptAt = 0;
  let busy: Promise<void> = Promise.resolve();
  let from: RunKey | undefined; // where another tab or visit has kept what `work` goes on from
  return {
    get state() {
      return state;
    },
    get work() {
      return work;
    },
    get from() {
      return from;
    },
    go(wish, {keep = false} = {}) {
      if (training || wanted) return busy;
      wanted = true;
      busy = drive(wish, keep).finally(() => {
        training = undefined;
        wanted = false;
      });
      return busy;
    },
    pause: () => training?.pause(),
    goOn: () => training?.goOn(),
    stop,
    async reset() {
      stop();
      await busy;
      work = undefined;
      await forgetDigits(from);
      from = undefined;
      enter("idle");
    },
    async restore() {
      const kept = await storedTraining();
      return !!kept && !work && takeUp(kept);
    },
    async take(key) {
      const kept = await storedTraining(key);
      if (!kept || training || wanted) return false;
      leaveRun(digitRuns);
      return takeUp(kept);
    },
    adopt(values, info) {
      leaveRun(digitRuns); // what is trained from the file is kept beside what was trained before
      from = undefined;
      const {steps: step, backend = ""} = info;
      const zeros = new Float32Array(values.length);
      const copy = {step, weights: values, average: values, first: zeros, second: zeros};
      const wish = work?.wish ?? {...firstWish, steps: step};
      work = {wish, origin: "file", step, steps: step, backend, losses: [], history: [], state: copy};
      enter("finished");
    },
    show: (pixels) => void (work && sampled(work.step, pixels)),
    save,
    info
  };

  function takeUp({key, value}: {key: RunKey; value: StoredTraining}): boolean {
    if (training || wanted || signal.aborted) return false;
    const {wish, backend, losses, history, state: copy} = value;
    const {step} = copy;
    from = isSame(key, ownRun(digitRuns)) ? undefined : key;
    work = {wish, origin: "here", step, steps: Math.max(step, wish.steps), backend, losses, history, state: copy};
    enter(step < work.steps ? "stopped" : "finished");
    return true;
  }

  function enter(next: RunState): void {
    state = next;
    if (!signal.aborted) onState(next);
  }

  function stop(): void {
    wanted = false;
    leave();
    training?.stop();
  }

  async function drive(wish: TrainingWish, keepWeights: boolean): Promise<void> {
    const before = state;
    const same = keepWeights || work?.origin === "file" || (work && sameTraining(work.wish, wish));
    const resume = same ? work : undefined;
    const step = resume?.state ? resume.step : 0;
    const ended = before === "finished" || step >= wish.steps;
    const whole = {...wish, steps: ended ? step + wish.steps : wish.steps};
    const fresh = {
      wish: whole,
      origin: "here",
      step,
      steps: whole.steps,
      backend: "",
      losses: [],
      history: []
    } as const;
    let begun = false;
    enter("starting");
    try {
      const left = new Promise<undefined>((resolve) => (leave = () => resolve(undefined)));
      const set = await Promise.race([digits(), left]);
      if (!set || !wanted || signal.aborted) return enter(before);
      training = service.train({data: set.train, wish: whole, state: resume?.state, signal, on: follow});
      const end = await training.done;
      if (signal.aborted) return;
      if (!begun) return enter(before);
      work!.step = end.step; // may be a little beyond the last report
      await keep();
      enter(end.outcome === "finished" ? "finished" : "stopped");
    } catch (error) {
      if (signal.aborted) return;
      if (begun) await rollBack();
      enter(begun ? "stopped" : before);
      onTrouble(error);
    }

    function follow(event: TrainingEvent): void {
      if (signal.aborted) return;
      if (event.kind === "starting") return options.onLine(event.line);
      if (event.kind === "started") {
        begun = true;
        keptAt = performance.now();
        if (!resume) from = undefined; // it is no continuation, so the other one stays
        work = resume
          ? {...resume, wish: whole, origin: "here", steps: whole.steps}
          : {...fresh, losses: [], history: []};
        work.backend = event.backend;
        options.onRates(event.rates);
        return options.onLine(event.line);
      }
      if (event.kind === "state") enter(event.state);
      if (event.kind === "report") report(event.report);
      if (event.kind === "samples") void sampled(event.step, event.pixels);
    }
  }

  function report(next: DigitTrainingReport): void {
    const on = work!;
    on.step = next.step;
    on.backend = next.backend;
    if (next.restarted !== undefined) cut(next.step);
    else on.losses = [...on.losses, [next.step, next.loss]];
    onReport(next);
    if (performance.now() - keptAt < keepEvery) return;
    keptAt = performance.now();
    void keep().catch(() => {}); // a training that breaks says so itself
  }

  /** Takes samples up as they come; what the classifier sees in them follows. */
  async function sampled(step: number, pixels: Uint8Array): Promise<void> {
    const on = work!;
    const snapshot: DigitSnapshot = {step, pixels};
    on.history = thinned([...on.history.filter((other) => other.step < step), snapshot]);
    onHistory();
    try {
      snapshot.seen = (await service.classify(toUnit(pixels))).labels;
      if (work === on && !signal.aborted) onHistory();
    } catch {
      // then they are shown without marks
    }
  }

  async function save(): Promise<DigitState | undefined> {
    if (training && work) work.state = (await service.trained()) ?? work.state;
    return work?.state;
  }

  async function keep(): Promise<void> {
    const on = work!;
    const copy = await save();
    if (!copy || work !== on || signal.aborted) return;
    const {wish, backend, losses, history} = on;
    const kept: StoredTraining = {version: 1, state: copy, wish, backend, losses, history, info: info()};
    const refusal = await storeDigits(kept, from);
    if (!refusal) from = undefined;
    options.onKept(refusal);
  }

  /** Goes back to the last good weights after an error: those that the worker still has, or the last copy here. */
  async function rollBack(): Promise<void> {
    await save().catch(() => undefined);
    const on = work!;
    on.step = on.state?.step ?? 0;
    cut(on.step);
    onHistory();
  }

  function cut(step: number): void {
    const on = work!;
    on.losses = on.losses.filter(([at]) => at <= step);
    on.history = on.history.filter((snapshot) => snapshot.step <= step);
  }

  function info(): WeightsInfo {
    const {step = 0, steps = 1, losses = [], backend} = work ?? {};
    return {kind: "trained", steps: step, loss: smooth(losses, steps).at(-1)?.[1] ?? NaN, backend};
  }
}
