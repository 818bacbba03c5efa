import type {DigitNetwork} from "../lib/digits/digit-network.js";
import type {DigitTrainingOptions, DigitTrainingReport} from "../lib/digits/digit-training.js";
import type {Classified, DigitBackend, WeightsInfo} from "./digit-messages.js";

/** Options of a network. */
export interface DigitNetworkOptions {
  seed?: number; // of the first weights
  training: boolean;
  onCompiled?: (compiled: number, all: number) => void; // is told how many of its kernels are compiled, where it has some
  signal?: AbortSignal; // gives it up while it compiles
}

/** What the worker of the digits computes with: the real thing is in digit-tools.ts. */
export interface DigitWorkshop {
  read(address: string): Promise<Uint8Array>;
  /** A network on a backend, at its first weights; throws an Error for the reader where the backend does not start. */
  network(backend: DigitBackend, options: DigitNetworkOptions): Promise<DigitNetwork>;
  train(options: DigitTrainingOptions): AsyncGenerator<DigitTrainingReport, void>;
  /** Reads a file of weights; throws an Error for the reader where it is none, or damaged. */
  weights(bytes: Uint8Array): {values: Float32Array; info: Omit<WeightsInfo, "kind">};
  file(values: Float32Array, info: WeightsInfo): Uint8Array;
  classifier(bytes: Uint8Array): Promise<{classify(x: Float32Array): Classified}>;
}
