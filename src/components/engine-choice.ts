import {readable} from "./format.js";
import {gpuEngine, shadersName} from "./gpu-engine.js";
import {kernelEngine, kernelRate, kernelsName} from "./kernel-engine.js";
import type {EngineOptions, TrainingEngine} from "./training-engine.js";

/** How fast one of our ways to train is here. */
export interface EngineTrial {
  name: "kernels" | "webgpu";
  available: boolean;
  stepsPerSecond?: number; // of 512 points
  reason?: string; // why it is not available
}

/** The way that was chosen, and what was tried; nothing, where there is no choice. */
export interface EngineChoice {
  name: EngineTrial["name"];
  line: string; // for the reader
  trials: EngineTrial[];
}

/** What the choice asks of the browser, so that a test can answer instead. */
export interface ChoiceEffects {
  hasCard(): Promise<boolean>;
  kernelRate(): Promise<number>;
  shaderRate(): Promise<number>;
}

let known: Promise<EngineChoice> | undefined;

/**
 * Chooses between our kernels and our shaders. Without a graphics card it is the kernels, and nothing is loaded or measured.
 * With one, it makes training steps on both for a moment and takes the faster; the page keeps the answer.
 */
export function chooseEngine(effects: ChoiceEffects = browserEffects): Promise<EngineChoice> {
  if (effects !== browserEffects) return choose(effects);
  known ??= choose(effects);
  return known;
}

/** Starts the way that was chosen; our kernels, when the other does not start. */
export async function startChosen({name}: EngineChoice, options: EngineOptions): Promise<TrainingEngine> {
  if (name === "kernels") return kernelEngine(options);
  try {
    const {tryBackend} = await import("../lib/backend.js");
    await tryBackend("webgpu"); // may have been lost since
    return await gpuEngine(options);
  } catch {
    options.signal.throwIfAborted();
    return kernelEngine(options);
  }
}

async function choose({hasCard, kernelRate, shaderRate}: ChoiceEffects): Promise<EngineChoice> {
  if (!(await hasCard())) return {name: "kernels", line: "", trials: []};
  const trials = [await tryOut("kernels", kernelRate), await tryOut("webgpu", shaderRate)]; // not at once: they would share
  const rate = ({stepsPerSecond = -1}: EngineTrial) => stepsPerSecond;
  const [best, other] = [...trials].sort((a, b) => rate(b) - rate(a));
  const title = {kernels: kernelsName, webgpu: shadersName};
  if (!best.available) return {name: "kernels", line: "", trials};
  const rest = other.available
    ? `${title[other.name]} make ${readable(rate(other), 2)}`
    : `${title[other.name]} do not start: ${other.reason}`;
  const [initial, ...letters] = title[best.name];
  const line = `${initial.toUpperCase()}${letters.join("")} are the fastest here, with ${readable(rate(best), 2)} training steps a second; ${rest}.`;
  return {name: best.name, line, trials};
}

async function tryOut(name: EngineTrial["name"], measure: () => Promise<number>): Promise<EngineTrial> {
  try {
    return {name, available: true, stepsPerSecond: await measure()};
  } catch (error) {
    return {name, available: false, reason: (error as Error).message.replace(/\.$/, "")};
  }
}

const browserEffects: ChoiceEffects = {
  /** Whether WebGPU has a card of its own: one that is software runs on the same core as our kernels, only slower. */
  async hasCard() {
    try {
      const adapter = await navigator.gpu?.requestAdapter({powerPreference: "high-performance"});
      return !!adapter && !adapter.info.isFallbackAdapter;
    } catch {
      return false;
    }
  },
  kernelRate: () => kernelRate(),
  async shaderRate() {
    const [{tryBackend, webgpuDevice}, {createWebgpuPointNetwork}, {webgpuStepRate}, {makeSchedule}] =
      await Promise.all([
        import("../lib/backend.js"),
        import("../lib/webgpu-point-network.js"),
        import("../lib/webgpu-training.js"),
        import("../lib/schedule.js")
      ]);
    const problem = await tryBackend("webgpu");
    if (problem !== undefined) throw new Error(problem);
    const network = await createWebgpuPointNetwork({device: webgpuDevice(), schedule: makeSchedule("linear")});
    try {
      return await webgpuStepRate(network);
    } finally {
      network.dispose();
    }
  }
};
