import * as tf from "./tf.js";
import type {BackendName} from "./tf.js";

/** How a backend came to run: `name` runs; `reason` is a sentence for the reader, and says what was tried before. */
export interface BackendStart {
  name: BackendName;
  reason: string;
}

/** Thrown when the graphics card took its memory back (a driver reset, sleep, too many tabs) in the middle of work. */
export class BackendLost extends Error {
  override name = "BackendLost";
  /** The backend that was lost. */
  readonly backend: string;

  constructor(backend: string) {
    super(
      `The graphics card stopped ${backend}, and what it had in memory is gone. This happens after a driver reset, ` +
        `when a laptop wakes up, or with many tabs open. Run this again: it starts on a fresh ${backend} or on the next backend.`
    );
    this.backend = backend;
  }
}

/**
 * Starts the backend `name`, or the next one that works, in the order webgpu, webgl, wasm, cpu. A software GPU is fine.
 * WebGL without float32 textures is refused: half floats are too coarse to train with. Throws when nothing starts.
 */
export function startBackend(name: BackendName): Promise<BackendStart> {
  return startFirst(name, tryBackend);
}

async function startFirst(
  name: BackendName,
  attempt: (name: BackendName) => Promise<string | undefined>
): Promise<BackendStart> {
  const refused: string[] = [];
  for (const candidate of [name, ...tf.backendNames.filter((other) => other !== name)]) {
    const problem = await attempt(candidate);
    if (problem === undefined) {
      return {name: candidate, reason: [...refused, `running on ${candidate}`].join("; ")};
    }
    refused.push(`${candidate} does not start: ${problem}`);
  }
  throw new Error(`No backend starts. ${refused.join("; ")}`);
}

/** Starts exactly this backend; returns undefined when it runs, and otherwise the reason why not. */
export async function tryBackend(name: BackendName): Promise<string | undefined> {
  try {
    const problem = await missing(name);
    if (problem !== undefined) return problem;
    if (isBackendLost(name)) forgetBackend(name);
    await tf.useBackend(name);
    if (name === "webgl" && !tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")) {
      return "its textures hold half floats only, which is too coarse to train with";
    }
    watchForLoss(name);
    return await miscounts(name);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const counted = new WeakSet<object>();

// A driver may refuse shaders that it should take. Where it does, WebGL throws, and WebGPU leaves zeros behind.
async function miscounts(name: BackendName): Promise<string | undefined> {
  const backend = tf.backend();
  if ((name !== "webgl" && name !== "webgpu") || counted.has(backend)) return undefined;
  const ones = tf.ones([2048]); // tfjs gives less to the processor
  let sum: tf.Tensor | undefined;
  try {
    sum = ones.add(ones);
    const values = await unlessLost(sum.data());
    if (values.some((value) => value !== 2)) return "the graphics card computes wrongly with its shaders";
    counted.add(backend);
    return undefined;
  } catch (error) {
    if (error instanceof BackendLost) throw error;
    return `the graphics card does not take its shaders (${error instanceof Error ? error.message : String(error)})`;
  } finally {
    ones.dispose();
    sum?.dispose();
  }
}

// Asked before tfjs is, because tfjs only says on the console why a backend fails.
async function missing(name: BackendName): Promise<string | undefined> {
  if (name === "webgpu") {
    const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
    if (gpu === undefined) return "this browser has no WebGPU, or the page is not served over https";
    const adapter = await gpu.requestAdapter({powerPreference: "high-performance"});
    if (adapter === null) return "WebGPU finds no graphics adapter";
  }
  if (name === "webgl" && !tf.env().getBool("IS_BROWSER")) {
    return "there is no WebGL outside of a browser";
  }
  if (name === "wasm" && typeof WebAssembly === "undefined") return "this browser has no WebAssembly";
  return undefined;
}

const lost = new Set<BackendName>();
const losses = new Map<BackendName, number>(); // how often each was restarted
const watched = new WeakSet<object>();
const listeners = new Set<(loss: BackendLost) => void>();

/**
 * Calls back when the graphics card drops the running backend (a lost WebGL context, a lost WebGPU device). All tensors
 * on it are garbage then. Returns a function that stops listening.
 */
export function onBackendLost(callback: (loss: BackendLost) => void): () => void {
  listeners.add(callback);
  return () => void listeners.delete(callback);
}

/** Whether this backend (by default the running one) was lost. WebGL is asked itself: its event comes a moment late. */
export function isBackendLost(name = tf.getBackend()): boolean {
  return lost.has(name as BackendName) || (name === "webgl" && webglContext()?.isContextLost() === true);
}

/**
 * Waits for a reading from the graphics card. Throws BackendLost when the card is lost meanwhile: WebGL would keep the
 * reading waiting for ever, and what other backends return then is garbage.
 */
export async function unlessLost<A>(reading: Promise<A>): Promise<A> {
  let stopListening = (): void => {};
  const loss = new Promise<never>((_, reject) => {
    if (isBackendLost()) reject(new BackendLost(tf.getBackend()));
    stopListening = onBackendLost(reject);
  });
  try {
    const value = await Promise.race([reading, loss]);
    if (isBackendLost()) throw new BackendLost(tf.getBackend());
    return value;
  } finally {
    stopListening();
  }
}

/**
 * Starts the lost backend afresh, or the next one that works; one that was lost three times is not tried again. Tensors
 * from before stay garbage: load them again. Does nothing when the running backend is well.
 */
export async function restartBackend(): Promise<BackendStart> {
  const name = tf.getBackend() as BackendName;
  if (!isBackendLost(name)) return {name, reason: `running on ${name}`};
  tellLost(name); // WebGL's own event may come too late: nobody is told of a backend that was replaced
  losses.set(name, timesLost(name) + 1);
  return startFirst(name, async (candidate) =>
    timesLost(candidate) < 3 ? tryBackend(candidate) : "the graphics card stopped it three times"
  );
}

/** The device of tfjs's WebGPU backend, for shaders of our own. Throws an Error when that backend has not been started. */
export function webgpuDevice(): GPUDevice {
  const {device} = (tf.engine().registry.webgpu ?? {}) as {device?: GPUDevice};
  if (!device) throw new Error("tfjs does not run on WebGPU: start it first");
  return device;
}

function timesLost(name: BackendName): number {
  return losses.get(name) ?? 0;
}

function tellLost(name: BackendName): void {
  if (lost.has(name)) return; // all know
  lost.add(name);
  const loss = new BackendLost(name);
  for (const listener of [...listeners]) listener(loss);
}

function watchForLoss(name: BackendName): void {
  const backend = tf.backend() as tf.KernelBackend & {device?: GPUDevice};
  if (watched.has(backend)) return;
  watched.add(backend);
  const report = (): void => {
    if (tf.findBackend(name) === backend) tellLost(name); // else it was replaced meanwhile
  };
  if (name === "webgl") webglContext()?.canvas.addEventListener("webglcontextlost", report);
  if (name === "webgpu") void backend.device?.lost.then(report);
}

function webglContext(): WebGL2RenderingContext | undefined {
  return webgl()?.gl;
}

function webgl(): {gl: WebGL2RenderingContext; itemsToPoll: unknown[]} | undefined {
  if (!tf.engine().backendNames().includes("webgl")) return undefined;
  return (tf.findBackend("webgl") as (tf.KernelBackend & {gpgpu?: ReturnType<typeof webgl>}) | null)?.gpgpu;
}

// Drops the dead instance, so that the next setBackend makes a new one from the same factory.
function forgetBackend(name: BackendName): void {
  const factory = tf.findBackendFactory(name);
  if (name === "webgl") webgl()?.itemsToPoll.splice(0); // readings that will never come, asked for again and again
  tf.removeBackend(name);
  tf.registerBackend(name, factory);
  lost.delete(name);
}
