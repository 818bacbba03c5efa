import type {DigitArray} from "../lib/digits/digit-set.js";
import type {DigitPredictor} from "../lib/digits/digit-predictor.js";
import type {
  Classified,
  DigitBackend,
  DigitTask,
  DigitTasks,
  Reply,
  Serving,
  DigitState,
  TrainingEnd,
  TrainingEvent,
  TrainingWish,
  WeightsInfo
} from "./digit-messages.js";
import {buffersOf, toError} from "./travel.js";
import {storedDigits} from "./digit-store.js";
import {inWords, isLoadFailure} from "./load-failure.js";
import {startWorker} from "./start-worker.js";

export type {Classified, DigitBackend, DigitState, TrainingEnd, TrainingEvent, TrainingWish, WeightsInfo};

/** A training that is under way. */
export interface DigitTraining {
  /** Resolves at its end. Rejects with an Error for the reader: TrainingDiverged, NothingTrains, … by its `name`. */
  readonly done: Promise<TrainingEnd>;
  pause(): void;
  goOn(): void;
  /** Ends it after the step that is under way; what was learnt can be had with `trained`. */
  stop(): void;
}

export interface TrainOptions {
  data: DigitArray;
  wish: TrainingWish;
  state?: DigitState; // to go on from; otherwise from the first weights
  signal?: AbortSignal; // stops
  on: (event: TrainingEvent) => void;
}

/** The networks of digits of a page, which work in one worker: nothing here blocks the page. */
export interface DigitService {
  /** The network that answers now. Arrays that it is given are copied, those that it gives are the caller's. */
  readonly predictor: DigitPredictor;
  /** What the classifier sees in digits [n, 784] in -1..1; its file is loaded when it is first asked. */
  classify(x: Float32Array): Promise<Classified>;
  readonly backend: string; // that answers now
  readonly weights: WeightsInfo; // with which it answers
  /** Starts the worker and loads the pretrained weights, once; called by all that asks the network. */
  ready(): Promise<void>;
  usePretrained(): Promise<void>;
  /** Answers with the network that was trained here, as it is now, or the one that this browser has kept. */
  useTrained(): Promise<void>;
  useWeights(values: Float32Array, info: WeightsInfo): Promise<void>;
  /** Answers with the weights in a file, and returns them; throws an Error for the reader, and keeps what was there. */
  useFile(bytes: Uint8Array): Promise<Float32Array>;
  /** Answers on another backend; throws an Error for the reader where it does not start, and keeps what was there. */
  useBackend(name: DigitBackend): Promise<void>;
  /** A file of weights, to be downloaded: half floats with a check sum (weights-file.ts). */
  file(values: Float32Array, info: WeightsInfo): Promise<Uint8Array>;
  /** Trains, one training at a time. */
  train(options: TrainOptions): DigitTraining;
  /** The training as it is now, or as it ended; undefined before the first. It goes on meanwhile. */
  trained(): Promise<DigitState | undefined>;
  /** Calls back when other weights or another backend answer. */
  onChange(callback: () => void, signal?: AbortSignal): void;
  /** Ends the worker. */
  dispose(): void;
}

export interface DigitServiceOptions {
  weights: string; // the address of the pretrained network's file
  classifier: string;
  signal?: AbortSignal; // disposes of it
  spawn?: () => Worker; // for tests
}

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  on?: (event: TrainingEvent) => void;
}

/** Starts nothing yet: the worker comes with the first call that needs it. After a crash, the next call starts another. */
export function digitService({weights, classifier, signal, spawn = spawnWorker}: DigitServiceOptions): DigitService {
  const pending = new Map<number, Pending>();
  const listeners = new Set<() => void>();
  let serving: Serving = {backend: "wasm", weights: {kind: "pretrained", steps: 0, loss: NaN}};
  let worker: Worker | undefined;
  let opening: Promise<void> | undefined;
  let sent: DigitArray | undefined; // the data that the worker has
  let lesson: WeightsInfo | undefined; // about the network that was trained last
  let lastId = 0;
  let gone: Error | undefined; // why there is no worker any more
  signal?.addEventListener("abort", dispose);

  const service: DigitService = {
    predictor: {
      get backend() {
        return serving.backend;
      },
      async predict(x, t, labels) {
        await service.ready();
        const content = {x: x.slice(), t: typeof t === "number" ? t : Float32Array.from(t), labels: bytesOf(labels)};
        return ask("predict", content, buffersOf(content));
      }
    },
    async classify(x) {
      await service.ready();
      const content = {x: x.slice()};
      return ask("classify", content, buffersOf(content));
    },
    get backend() {
      return serving.backend;
    },
    get weights() {
      return serving.weights;
    },
    ready() {
      opening ??= open().catch((error: unknown) => {
        opening = undefined; // the next call tries again
        throw error;
      });
      return opening;
    },
    async usePretrained() {
      await service.ready();
      await use(ask("usePretrained", undefined));
    },
    async useTrained() {
      await service.ready();
      const state = lesson && (await ask("save", undefined));
      const stored = state ? undefined : await storedDigits();
      const average = state?.average ?? stored?.average;
      const info = state ? {...lesson!, steps: state.step} : stored?.info;
      if (!average || !info) throw new Error("No network of digits has been trained here yet: press Train first.");
      await service.useWeights(average, info);
    },
    async useWeights(values, info) {
      await service.ready();
      const content = {values: values.slice(), info};
      await use(ask("useWeights", content, buffersOf(content)));
    },
    async useFile(bytes) {
      await service.ready();
      const {serving, values} = await ask("useFile", {bytes});
      change(serving);
      return values;
    },
    async useBackend(name) {
      await service.ready();
      await use(ask("useBackend", {name}));
    },
    async file(values, info) {
      await service.ready();
      return ask("file", {values, info});
    },
    train,
    async trained() {
      return worker && lesson ? ask("save", undefined) : undefined;
    },
    onChange(callback, signal) {
      listeners.add(callback);
      signal?.addEventListener("abort", () => listeners.delete(callback));
    },
    dispose
  };
  return service;

  function train({data, wish, state, signal: ending, on}: TrainOptions): DigitTraining {
    const follow = (event: TrainingEvent): void => {
      if (event.kind === "report") lesson = learnt(lesson, event.report.step, event.report.loss, event.report.backend);
      on(event);
    };
    const order = (task: "pause" | "goOn" | "stop") => () => void (worker && ask(task, undefined).catch(() => {}));
    let stopped = ending?.aborted ?? false; // also before the worker trains, when it has nothing to stop
    const stop = () => {
      stopped = true;
      order("stop")();
    };
    ending?.addEventListener("abort", stop);
    return {done: run(), pause: order("pause"), goOn: order("goOn"), stop};

    async function run(): Promise<TrainingEnd> {
      try {
        await service.ready();
        if (sent !== data) {
          const content = {pixels: data.pixels.slice(), labels: data.labels.slice()};
          await ask("data", content, buffersOf(content));
          sent = data;
        }
        if (stopped) return {step: state?.step ?? 0, outcome: "stopped"};
        if (!state) lesson = undefined;
        return await ask("train", {wish, state}, [], follow);
      } finally {
        ending?.removeEventListener("abort", stop);
      }
    }
  }

  async function open(): Promise<void> {
    if (signal?.aborted) throw ended();
    start();
    const here = document.baseURI; // the worker has another address than the page
    const content = {weights: new URL(weights, here).href, classifier: new URL(classifier, here).href};
    change(await ask("open", content));
  }

  async function use(answer: Promise<Serving>): Promise<void> {
    change(await answer);
  }

  function change(next: Serving): void {
    serving = next;
    for (const listener of [...listeners]) listener();
  }

  function ask<K extends DigitTask>(
    task: K,
    content: DigitTasks[K][0],
    transfer: ArrayBuffer[] = [],
    on?: Pending["on"]
  ): Promise<DigitTasks[K][1]> {
    if (!worker) return Promise.reject(gone ?? ended());
    const id = ++lastId;
    worker.postMessage({id, task, content}, transfer);
    return new Promise<DigitTasks[K][1]>((resolve, reject) => {
      pending.set(id, {resolve: resolve as Pending["resolve"], reject, on});
    });
  }

  function start(): void {
    if (worker) return;
    const own = (worker = spawn());
    own.onmessage = ({data}: MessageEvent<Reply>) => own === worker && receive(data);
    own.onerror = (event) => {
      event.preventDefault();
      if (own === worker) crash(event.message);
    };
    own.onmessageerror = () => own === worker && crash("an answer could not be read");
  }

  function receive(reply: Reply): void {
    if (reply.kind === "serving") return change(reply.serving);
    const waiting = pending.get(reply.id);
    if (reply.kind === "event") return waiting?.on?.(reply.event);
    pending.delete(reply.id);
    if (reply.kind === "answer") waiting?.resolve(reply.answer);
    else waiting?.reject(toError(reply.failure));
  }

  function crash(why = ""): void {
    if (isLoadFailure(why)) return end(new Error(inWords(why)));
    const reason = why ? ` (${why})` : "";
    end(
      new Error(
        `The worker that computes the digits stopped${reason}, and what it had in memory is gone. ` +
          "This can happen when memory is short. Try again: it starts afresh."
      )
    );
  }

  function dispose(): void {
    end(ended());
  }

  function end(error: Error): void {
    gone = error;
    worker?.terminate();
    worker = opening = sent = lesson = undefined;
    const failed = [...pending.values()];
    pending.clear();
    for (const {reject} of failed) reject(error);
  }
}

/** What is known of a network in training, after another report; its loss is a running mean. */
function learnt(before: WeightsInfo | undefined, steps: number, loss: number, backend: string): WeightsInfo {
  const mean = before && Number.isFinite(before.loss) ? 0.8 * before.loss + 0.2 * loss : loss;
  return {kind: "trained", steps, loss: Number.isFinite(loss) ? mean : (before?.loss ?? NaN), backend};
}

function spawnWorker(): Worker {
  return startWorker(import.meta.resolve("./digit-worker.js"));
}

function bytesOf(labels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(labels);
}

function ended(): Error {
  return Object.assign(new Error("The digits were left: this page has ended them."), {name: "AbortError"});
}
