import {pickDigitBackend} from "../lib/digits/digit-backend-choice.js";
import type {DigitNetwork} from "../lib/digits/digit-network.js";
import type {DigitTrainingReport} from "../lib/digits/digit-training.js";
import {isSound} from "../lib/digits/digit-training.js";
import {timeSlice} from "../lib/event-loop.js";
import type {DigitBackend, DigitState, TrainingEnd, TrainingEvent, TrainingWish} from "./digit-messages.js";
import {drawDigits} from "./digit-samples.js";
import type {DigitWorkshop} from "./digit-workshop.js";

/** Trains, one training at a time, and gives the worker turns to answer between steps. */
export interface DigitTrainer {
  readonly running: boolean;
  /** The digits to train on. */
  use(data: {pixels: Uint8Array; labels: Uint8Array}): void;
  /** Trains to the end, or until `stop`; what happens on the way goes to `tell`. Throws what training throws. */
  run(wish: TrainingWish, state: DigitState | undefined, tell: (event: TrainingEvent) => void): Promise<TrainingEnd>;
  pause(): void;
  goOn(): void;
  stop(): void;
  /** The training as it is between two steps, or as it ended; undefined before the first. */
  save(): Promise<DigitState | undefined>;
}

const samplingShare = 0.2; // of the time, at most, goes into samples on the way
const samplingPause = 2500; // ms of training between two samples, at least
const reportsPerSecond = 4; // about so many, so that pause and stop are quick

interface Lesson {
  wish: TrainingWish;
  stop: AbortController;
  tell: (event: TrainingEvent) => void;
}

interface Work extends Lesson {
  network: DigitNetwork;
  step: number;
  drawn: number; // the step of the last samples
  resting: boolean;
}

export function digitTrainer(workshop: DigitWorkshop): DigitTrainer {
  let data: {pixels: Uint8Array; labels: Uint8Array} | undefined;
  let stop: AbortController | undefined; // of the training under way
  let kept: DigitState | undefined;
  let paused = false;
  let wake = (): void => {};
  let painter: DigitNetwork | undefined;
  const asked: {resolve(state: DigitState): void; reject(error: unknown): void}[] = []; // for the state between two steps

  return {
    get running() {
      return stop !== undefined;
    },
    use(next) {
      data = next;
    },
    run,
    pause: () => void (paused = true),
    goOn() {
      paused = false;
      wake();
    },
    stop() {
      stop?.abort();
      wake();
    },
    save() {
      if (stop === undefined) return Promise.resolve(kept);
      wake();
      return new Promise<DigitState | undefined>((resolve, reject) => asked.push({resolve, reject}));
    }
  };

  async function run(
    wish: TrainingWish,
    state: DigitState | undefined,
    tell: (event: TrainingEvent) => void
  ): Promise<TrainingEnd> {
    if (stop) throw new Error("A training is under way: stop it first.");
    if (!data) throw new Error("There are no digits to train on yet: wait until they are loaded.");
    const own = (stop = new AbortController());
    paused = false;
    try {
      const choice = await choose(wish, own.signal, tell);
      kept = state;
      const rates = Object.fromEntries(choice.trials.map(({name, reason}) => [name, reason]));
      const line = choice.name === wish.backend ? "" : `${choice.reason}.`; // a wish that is granted needs no words
      tell({kind: "started", backend: choice.name, line, rates});
      const lesson = {wish, stop: own, tell, reportEvery: reportEveryAt(choice.stepsPerSecond)};
      try {
        return await teach(choice.name, lesson);
      } catch (error) {
        if (choice.name === "wasm" || own.signal.aborted || isDivergence(error)) throw error;
        // A card that is lost again and again is given up, and tfjs then has nothing that trains.
        const {step = 0} = kept ?? {};
        const why = (error as Error).message.replace(/\.$/, "");
        const restarted = `${choice.name} failed (${why}); going on from step ${step} on our own kernels`;
        const {steps, learningRate} = wish;
        const report = {step, steps, loss: NaN, learningRate, stepsPerSecond: NaN, backend: "wasm", restarted};
        tell({kind: "report", report});
        return await teach("wasm", {...lesson, reportEvery: 1});
      }
    } catch (error) {
      if (!own.signal.aborted) throw error;
      return {step: kept?.step ?? 0, outcome: "stopped"};
    } finally {
      painter?.dispose();
      stop = painter = undefined;
      answerSaves();
    }
  }

  /** Trains on one backend, from the copy that is kept or from the first weights. What it learns is kept in any case. */
  async function teach(name: DigitBackend, {reportEvery, ...lesson}: Lesson & {reportEvery: number}) {
    const {wish, stop} = lesson;
    const network = await workshop.network(name, {seed: wish.seed, training: true});
    try {
      if (kept) network.load(kept);
      const reports = workshop.train({...wish, ...data!, network, reportEvery, signal: stop.signal});
      return await follow({...lesson, network, step: kept?.step ?? 0, drawn: -1, resting: false}, reports);
    } catch (error) {
      await keep(network); // trainDigits puts the last good weights back
      throw error;
    } finally {
      network.dispose();
    }
  }

  function choose(wish: TrainingWish, signal: AbortSignal, tell: (event: TrainingEvent) => void) {
    return pickDigitBackend({
      wish: wish.backend,
      signal,
      onTry: (name) => tell({kind: "starting", line: `trying ${name}`}),
      trial: async function* (name) {
        const network = await workshop.network(name, {
          seed: wish.seed,
          training: true,
          signal,
          onCompiled: (compiled, all) =>
            tell({kind: "starting", line: `trying ${name}, compiling ${compiled} of ${all} kernels`})
        });
        try {
          const {batch, seed} = wish;
          // The learning rate is the usual one: the reader's may diverge, which is not the backend's fault.
          yield* workshop.train({...data!, network, batch, seed, signal, reportEvery: 1, steps: 1000});
        } finally {
          network.dispose();
        }
      }
    });
  }

  async function follow(work: Work, reports: AsyncGenerator<DigitTrainingReport, void>): Promise<TrainingEnd> {
    const {network, wish, stop, tell} = work;
    let due = performance.now() + samplingPause / 2;
    tell({kind: "state", state: "training"});
    while (!stop.signal.aborted) {
      if (asked.length) {
        await keep(network);
        answerSaves();
      }
      if (paused) {
        await rest(work);
        continue;
      }
      const {done, value} = await reports.next();
      if (done) break;
      work.step = value.step;
      tell({kind: "report", report: value});
      if (value.restarted !== undefined) work.drawn = Math.min(work.drawn, value.step - 1);
      if (performance.now() < due || value.step >= wish.steps) continue;
      const start = performance.now();
      await draw(work);
      const now = performance.now();
      due = now + Math.max(samplingPause, ((now - start) * (1 - samplingShare)) / samplingShare);
    }
    await reports.return();
    const finished = !stop.signal.aborted;
    work.step = await keep(network);
    await draw(work);
    return {step: work.step, outcome: finished ? "finished" : "stopped"};
  }

  /** Waits while paused; samples first, so that the reader sees what is there. */
  async function rest(work: Work): Promise<void> {
    const {stop, tell} = work;
    if (!work.resting) tell({kind: "state", state: "paused"});
    work.resting = true;
    await draw(work);
    while (paused && !stop.signal.aborted && !asked.length) await new Promise<void>((resolve) => (wake = resolve));
    if (paused || stop.signal.aborted) return;
    work.resting = false;
    tell({kind: "state", state: "training"});
  }

  /** Draws the samples of this step, if they are not drawn yet. A card that is lost meanwhile is mended by the training. */
  async function draw(work: Work): Promise<void> {
    const {network, wish, tell} = work;
    if (wish.samplingSteps === 0 || work.drawn === work.step) return;
    const {step} = work;
    const slice = timeSlice();
    try {
      const painter = await painterOf(network);
      const patient = {
        backend: painter.backend,
        async predict(...asked: Parameters<DigitNetwork["predict"]>) {
          await slice(); // else a whole sampling goes by before the worker answers anybody
          return painter.predict(...asked);
        }
      };
      const pixels = await drawDigits(patient, {steps: wish.samplingSteps});
      if (pixels) tell({kind: "samples", step, pixels});
      work.drawn = step;
    } catch (error) {
      if (!isLoss(error)) throw error;
    }
  }

  /**
   * Who draws the samples of a network: our own kernels with its weights, about a second anywhere. On a slow
   * graphics card it would take as long as many steps.
   */
  async function painterOf(network: DigitNetwork): Promise<DigitNetwork> {
    if (network.backend === "wasm") return network;
    const state = await network.save();
    try {
      painter ??= await workshop.network("wasm", {training: false});
    } catch {
      return network; // this browser is too old for our kernels
    }
    painter.loadWeights(state.average);
    return painter;
  }

  /** Copies the state, if it is sound and the graphics card is not lost; returns the step of the last copy. */
  async function keep(network: DigitNetwork): Promise<number> {
    try {
      const state = await network.save();
      if (isSound(state)) kept = state;
    } catch (error) {
      if (!isLoss(error)) throw error; // the training mends that, or goes on from the copy before
    }
    return kept?.step ?? 0;
  }

  function answerSaves(): void {
    const waiting = asked.splice(0);
    for (const {resolve, reject} of waiting) {
      if (kept) resolve(kept);
      else reject(new Error("There is nothing to keep yet: the training has not begun."));
    }
  }
}

function reportEveryAt(stepsPerSecond: number): number {
  return Math.min(10, Math.max(1, Math.round(stepsPerSecond / reportsPerSecond)));
}

function isDivergence(error: unknown): boolean {
  return error instanceof Error && error.name === "TrainingDiverged";
}

/** Whether the error says that the graphics card was lost; by name, since its class comes with tfjs. */
export function isLoss(error: unknown): boolean {
  return error instanceof Error && error.name === "BackendLost";
}
