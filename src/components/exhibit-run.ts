import type {Code} from "../lib/errata/code.js";
import type {Exhibit, SceneName} from "../lib/errata/exhibit.js";
import type {MeasureName} from "../lib/errata/measure.js";
import {measures} from "../lib/errata/measure.js";
import type {World} from "../lib/errata/scene.js";
import {makeWorld} from "../lib/errata/scene.js";
import {nextFrame} from "./lifetime.js";

/** A run as it is shown. */
export interface SideRun {
  states: Float32Array[]; // [n, 2] each, the noise first; of a long run not all
  steps: number; // how many steps the run had
  numbers: Map<MeasureName, number>;
}

/** An exhibit's code beside what is right, from the same noise. */
export interface ExhibitRun {
  world: World;
  buggy: SideRun;
  right: SideRun;
}

const count = 400; // points
const mostStates = 61;

/**
 * Runs an exhibit in one of its scenes, in slices between frames. Returns null if `signal` aborts first; throws what the
 * code throws.
 */
export async function runExhibit(
  exhibit: Exhibit,
  sceneName: SceneName,
  code: Code,
  signal: AbortSignal
): Promise<ExhibitRun | null> {
  const scene = exhibit.scenes[sceneName];
  const breathe = breather(signal);
  const world = makeWorld(scene, {count, breathe});
  const other = makeWorld(scene, {count, breathe, noise: 2});
  try {
    const right = await side((at) => exhibit.right(at));
    const buggy = await side((at) => exhibit.run(code, at));
    return {world, buggy, right};
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }

  async function side(run: (at: World) => Promise<Float64Array[]>): Promise<SideRun> {
    const states = await run(world);
    const end = states[states.length - 1];
    const again = async () => (await run(other)).at(-1)!;
    const numbers = new Map<MeasureName, number>();
    for (const name of scene.measures) numbers.set(name, await measures[name].of({world, end, again}));
    return {states: thinned(states), steps: states.length - 1, numbers};
  }
}

/** Of many states some, the first and the last among them. */
function thinned(states: Float64Array[]): Float32Array[] {
  const kept = Math.min(states.length, mostStates);
  return Array.from({length: kept}, (_, i) => {
    return Float32Array.from(states[Math.round((i * (states.length - 1)) / Math.max(1, kept - 1))]);
  });
}

function breather(signal: AbortSignal): () => Promise<void> | void {
  let start = performance.now();
  return () => {
    signal.throwIfAborted();
    if (performance.now() - start < 12) return undefined;
    return nextFrame().then(() => {
      start = performance.now();
    });
  };
}
