import type {DigitNetwork} from "../lib/digits/digit-network.js";
import type {
  Classified,
  DigitBackend,
  DigitTasks,
  Reply,
  Request,
  Serving,
  TrainingEnd,
  WeightsInfo
} from "./digit-messages.js";
import {buffersOf, toFailure} from "./travel.js";
import {digitTrainer, isLoss} from "./digit-trainer.js";
import type {DigitWorkshop} from "./digit-workshop.js";

/** Hands a message to the page; the buffers in `transfer` go with it. */
export type Post = (reply: Reply, transfer: ArrayBuffer[]) => void;

type Handlers = {
  [K in keyof DigitTasks]: (
    content: DigitTasks[K][0],
    id: number
  ) => Promise<DigitTasks[K][1]> | DigitTasks[K][1] | void;
};

// These must not wait for what is under way, since they change it; a training only begins in its turn.
const atOnce = new Set(["pause", "goOn", "stop", "save"]);

/**
 * What happens in the worker of the digits: returns the receiver of its requests. They are answered one after another in
 * order of arrival; a training runs beside them, and gives them a turn after each of its steps.
 */
export function digitWorkplace(workshop: DigitWorkshop, post: Post): (request: Request) => void {
  const trainer = digitTrainer(workshop);
  let pretrained: {values: Float32Array; info: WeightsInfo} | undefined;
  let serving: {network: DigitNetwork; name: DigitBackend; values: Float32Array; info: WeightsInfo} | undefined;
  let classifier: ((x: Float32Array) => Classified) | undefined;
  let classifierAddress = "";
  let queue: Promise<unknown> = Promise.resolve();
  const waiting = new Set<Request>(); // trainings whose turn has not come

  const handlers: Handlers = {
    async open({weights, classifier}) {
      classifierAddress = classifier;
      const {values, info} = workshop.weights(await workshop.read(weights));
      pretrained = {values, info: {...info, kind: "pretrained"}};
      return serve(pretrained.values, pretrained.info);
    },
    async predict({x, t, labels}) {
      const {network, name} = answering();
      try {
        return owned(await network.predict(x, t, labels));
      } catch (error) {
        if (name === "wasm" || !isLoss(error)) throw error;
        await leaveGraphicsCard();
        return owned(await answering().network.predict(x, t, labels));
      }
    },
    async classify({x}) {
      if (!classifier) {
        const made = await workshop.classifier(await workshop.read(classifierAddress));
        classifier = (x) => made.classify(x);
      }
      const {labels, probabilities, features} = classifier(x);
      return {labels: owned(labels), probabilities: owned(probabilities), features: owned(features)};
    },
    data: (data) => void trainer.use(data),
    train({wish, state}, id) {
      return trainer.run(wish, state, (event) => {
        post({id, kind: "event", event}, event.kind === "samples" ? buffersOf(event) : []);
      });
    },
    pause: () => void trainer.pause(),
    goOn: () => void trainer.goOn(),
    stop: () => void trainer.stop(),
    save: () => trainer.save(),
    usePretrained() {
      if (!pretrained) throw notOpen();
      return serve(pretrained.values, pretrained.info);
    },
    useWeights: ({values, info}) => serve(values, info),
    async useFile({bytes}) {
      const {values, info} = workshop.weights(bytes);
      return {serving: await serve(values, {...info, kind: "file"}), values: values.slice()};
    },
    file: ({values, info}) => owned(workshop.file(values, info)),
    async useBackend({name}) {
      const {values, info, name: before} = answering();
      if (name !== "wasm" && trainer.running) {
        throw new Error(`A training is under way, and may need the graphics card: ${before} goes on answering.`);
      }
      return name === before ? say() : serve(values, info, name);
    }
  };

  return (request) => {
    if (request.task === "stop") waiting.clear(); // they end before they begin
    if (atOnce.has(request.task)) void respond(request);
    else if (request.task === "train") {
      waiting.add(request);
      queue = queue.then(() => begin(request));
    } else queue = queue.then(() => respond(request));
  };

  /** Begins a training, and does not wait for its end. */
  async function begin(request: Request & {task: "train"}): Promise<void> {
    const {id, content} = request;
    if (!waiting.has(request)) return answer(id, {step: content.state?.step ?? 0, outcome: "stopped"});
    // tfjs works on one backend at a time. Where our own kernels do not run, there is nothing to change to.
    if (request.content.wish.backend !== "wasm") await leaveGraphicsCard().catch(() => {});
    if (!waiting.delete(request)) return answer(id, {step: content.state?.step ?? 0, outcome: "stopped"});
    void respond(request);
  }

  function answer(id: number, end: TrainingEnd): void {
    post({id, kind: "answer", answer: end}, []);
  }

  async function respond({id, task, content}: Request): Promise<void> {
    try {
      const handle = handlers[task] as (content: unknown, id: number) => unknown;
      const answer = await handle(content, id);
      // The trainer keeps the state that it gives away, so that one is copied.
      post({id, kind: "answer", answer}, task === "save" ? [] : buffersOf(answer));
    } catch (error) {
      post({id, kind: "failure", failure: toFailure(error)}, []);
    }
  }

  function answering() {
    if (!serving) throw notOpen();
    return serving;
  }

  /** Answers with these weights from now on, where the network stands or on another backend. */
  async function serve(values: Float32Array, info: WeightsInfo, name = serving?.name): Promise<Serving> {
    if (serving && name === serving.name) serving.network.loadWeights(values);
    else {
      const started =
        name === undefined ? await startFirst() : {network: await workshop.network(name, {training: false}), name};
      try {
        started.network.loadWeights(values);
      } catch (error) {
        started.network.dispose();
        throw error;
      }
      serving?.network.dispose();
      serving = {...started, values, info};
    }
    Object.assign(serving, {values, info});
    return say();
  }

  /** Our own kernels, which need no tfjs; a browser that is too old for them may still have a graphics card. */
  async function startFirst(): Promise<{network: DigitNetwork; name: DigitBackend}> {
    const refused: string[] = [];
    for (const name of ["wasm", "webgl", "webgpu"] as const) {
      try {
        return {network: await workshop.network(name, {training: false}), name};
      } catch (error) {
        refused.push(`${name}: ${(error as Error).message}`);
      }
    }
    throw new Error(`This browser cannot run the network. ${refused.join("; ")}`);
  }

  async function leaveGraphicsCard(): Promise<void> {
    if (!serving || serving.name === "wasm") return;
    post({kind: "serving", serving: await serve(serving.values, serving.info, "wasm")}, []);
  }

  function say(): Serving {
    const {name, info} = answering();
    return {backend: name, weights: info};
  }
}

function notOpen(): Error {
  return new Error("The network is not loaded yet.");
}

/** The values in a buffer of their own, which can be handed over: kernels answer with a view of their memory. */
function owned<A extends Float32Array | Uint8Array>(values: A): A {
  return values.byteLength === values.buffer.byteLength ? values : (values.slice() as A);
}
