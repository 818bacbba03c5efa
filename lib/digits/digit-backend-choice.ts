/** What a network of digits can be trained on: the two ways to the graphics card, and our own wasm kernels. */
export type DigitBackend = "webgpu" | "webgl" | "wasm";

/** What a backend did when it was tried. */
export interface DigitTrial {
  name: DigitBackend;
  stepsPerSecond?: number; // absent when it does not train
  reason: string; // a phrase for the reader: how fast, or why not
}

/** The backend that was chosen, why, and what was tried. */
export interface DigitChoice {
  name: DigitBackend;
  stepsPerSecond: number;
  reason: string; // a sentence for the reader
  trials: DigitTrial[];
}

/** Options of `pickDigitBackend`. */
export interface DigitPickOptions {
  wish: DigitBackend | "auto";
  /** Real training steps on a backend, one a report; throws an Error for the reader where it does not start. */
  trial: (name: DigitBackend) => AsyncIterable<{stepsPerSecond: number}>;
  milliseconds?: number; // of measured steps on each; defaults to 300
  onTry?: (name: DigitBackend) => void; // is told which one is tried now
  signal?: AbortSignal;
}

/** Thrown when no backend trains. The pretrained network may answer all the same. */
export class NothingTrains extends Error {
  override name = "NothingTrains";

  constructor(trials: readonly DigitTrial[]) {
    const reasons = trials.map(({name, reason}) => `${name}: ${reason}`).join("; ");
    super(`This browser cannot train the network. ${reasons}. The pretrained network needs no training.`);
  }
}

// Our own kernels go first: they compile no shaders, and their rate tells early which graphics card is worth measuring.
const order: readonly DigitBackend[] = ["wasm", "webgpu", "webgl"];

/**
 * The backend to train digits on: the one wished for, or with `auto` the fastest at the real training step. Where the wish
 * does not start, the next one that trains. The first step of each, which compiles, is not counted. Rejects with the
 * signal's reason when it aborts, and with NothingTrains.
 */
export async function pickDigitBackend(options: DigitPickOptions): Promise<DigitChoice> {
  const {wish, trial, milliseconds = 300, onTry, signal} = options;
  const trials: DigitTrial[] = [];
  for (const name of wish === "auto" ? order : [wish, ...order.filter((other) => other !== wish)]) {
    signal?.throwIfAborted();
    const trained = trials.filter(({stepsPerSecond}) => stepsPerSecond !== undefined);
    if (wish !== "auto" && trained.length) break;
    onTry?.(name);
    const fastest = Math.max(0, ...trained.map(({stepsPerSecond = 0}) => stepsPerSecond));
    trials.push(await tryOut(name, trial(name), {milliseconds, fastest, signal}));
  }
  const [best, ...others] = trials.slice().sort((a, b) => (b.stepsPerSecond ?? -1) - (a.stepsPerSecond ?? -1));
  if (best?.stepsPerSecond === undefined) throw new NothingTrains(trials);
  const {name, stepsPerSecond} = best;
  const rest = others.map((other) => `${other.name}: ${other.reason}; `).join("");
  const reason =
    wish === "auto"
      ? `${name} is the fastest here, with ${best.reason}; ${rest}`.replace(/; $/, "")
      : `${rest}training on ${name}, with ${best.reason}`;
  return {name, stepsPerSecond, reason, trials};
}

interface Limits {
  milliseconds: number;
  fastest: number; // steps a second of the best before
  signal?: AbortSignal;
}

async function tryOut(
  name: DigitBackend,
  reports: AsyncIterable<{stepsPerSecond: number}>,
  {milliseconds, fastest, signal}: Limits
): Promise<DigitTrial> {
  let [count, spent] = [-1, 0]; // the first step compiles
  try {
    for await (const {stepsPerSecond} of reports) {
      signal?.throwIfAborted();
      if (++count > 0) spent += 1000 / stepsPerSecond;
      if (spent >= milliseconds || count === 8) break;
      if (count > 0 && (1000 * count) / spent < fastest / 2) break; // clearly slower
    }
  } catch (error) {
    signal?.throwIfAborted();
    return {name, reason: error instanceof Error ? error.message.replace(/\.$/, "") : String(error)};
  }
  if (count < 1) return {name, reason: "it makes no training step"};
  const stepsPerSecond = (1000 * count) / spent;
  return {name, stepsPerSecond, reason: `${formatRate(stepsPerSecond)} training steps a second`};
}

function formatRate(rate: number): string {
  return rate < 10 ? rate.toPrecision(2) : rate.toFixed(0);
}
