/** A worker of digits without a worker, for tests: the real service and the real workplace, and networks that only count. */
import {digitPixels} from "../../lib/digits/digit.js";
import type {DigitNetwork, DigitState} from "../../lib/digits/digit-network.js";
import type {DigitTrainingReport} from "../../lib/digits/digit-training.js";
import {TrainingDiverged} from "../../lib/digits/digit-training.js";
import {nextTask} from "../../lib/event-loop.js";
import type {Reply, Request} from "../../src/components/digit-messages.js";
import {digitWorkplace} from "../../src/components/digit-workplace.js";
import type {DigitWorkshop} from "../../src/components/digit-workshop.js";

/** A network whose answer is its first weight, and whose training adds 1 to all weights. */
export interface CountingNetwork extends DigitNetwork {
  disposed: boolean;
}

export interface Workshop extends DigitWorkshop {
  made: CountingNetwork[];
  asked: string[]; // addresses that were read
  missing: Record<string, string>; // backends that do not start, and why
  rates: Record<string, number>;
  divergeAt: number;
  restartAt: number;
  millisecondsAStep: number;
}

export function countingWorkshop(): Workshop {
  const workshop: Workshop = {
    made: [],
    asked: [],
    missing: {},
    rates: {wasm: 7, webgl: 5, webgpu: 3},
    divergeAt: Infinity,
    restartAt: Infinity,
    millisecondsAStep: 0,
    async read(address) {
      workshop.asked.push(address);
      if (address.includes("gone")) throw new Error("weights.bin could not be loaded: the server answered 404.");
      return new Uint8Array([40]);
    },
    async network(backend) {
      if (workshop.missing[backend]) throw new Error(workshop.missing[backend]);
      const network = countingNetwork(backend);
      workshop.made.push(network);
      return network;
    },
    async *train({network, steps, reportEvery = 1, signal}): AsyncGenerator<DigitTrainingReport, void> {
      let {step} = await network.save();
      while (step < steps && !signal?.aborted) {
        for (let i = 0; i < reportEvery && step < steps; ++i, ++step) {
          const end = performance.now() + workshop.millisecondsAStep;
          while (performance.now() < end);
          await network.step(undefined!, 1, 0);
          await nextTask();
          if (signal?.aborted) return;
        }
        if (step >= workshop.divergeAt) throw new TrainingDiverged(step, 2, NaN, 5);
        const restarted = step === workshop.restartAt ? "the graphics card stopped webgl" : undefined;
        const stepsPerSecond = workshop.rates[network.backend];
        const loss = restarted ? NaN : 1 / step;
        yield {step, steps, loss, learningRate: 1, stepsPerSecond, backend: network.backend, restarted};
      }
    },
    weights(bytes) {
      if (bytes[0] !== 40) throw new Error("This is no file of weights: choose one that this page has saved.");
      return {values: new Float32Array(3).fill(bytes[0]), info: {steps: 4000, loss: 0.3}};
    },
    file: (values) => Uint8Array.from(values),
    classifier: async () => ({
      classify(x) {
        const n = x.length / digitPixels;
        const memory = new Float32Array(1000); // kernels answer with views of their memory
        return {
          labels: Uint8Array.from({length: n}, (_, k) => x[k * digitPixels]),
          probabilities: memory.subarray(0, n * 10),
          features: memory.subarray(0, n * 64)
        };
      }
    })
  };
  return workshop;
}

function countingNetwork(backend: string): CountingNetwork {
  let state: DigitState = stateOf(0, 0);
  return {
    backend,
    disposed: false,
    async predict(x) {
      if (this.disposed) throw new Error("asked after it was disposed of");
      return new Float32Array(x.length).fill(state.average[0]);
    },
    step() {
      state = stateOf(state.step + 1, state.average[0] + 1);
    },
    readLoss: async () => 0,
    save: async () => structuredClone(state),
    load: (next) => void (state = structuredClone(next)),
    loadWeights: (values) => void (state = stateOf(0, values[0])),
    dispose() {
      this.disposed = true;
    }
  };
}

/** A state whose arrays all hold one number. */
export function stateOf(step: number, value: number): DigitState {
  const [weights, average, first, second] = Array.from({length: 4}, () => new Float32Array(3).fill(value));
  return {step, weights, average, first, second};
}

/** What a page takes for a Worker: messages are cloned and buffers handed over, as between a page and a worker. */
export function workerOf(workshop: DigitWorkshop): Worker {
  const worker = {
    onmessage: null as ((event: {data: Reply}) => void) | null,
    onerror: null,
    onmessageerror: null,
    ended: false,
    postMessage(message: Request, transfer: ArrayBuffer[]) {
      const copy = structuredClone(message, {transfer});
      setImmediate(() => worker.ended || receive(copy));
    },
    terminate: () => void (worker.ended = true)
  };
  const receive = digitWorkplace(workshop, (reply, transfer) => {
    const data = structuredClone(reply, {transfer});
    setImmediate(() => worker.ended || worker.onmessage?.({data}));
  });
  return worker as unknown as Worker;
}
