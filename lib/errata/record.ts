import type {Code} from "./code.js";
import type {Exhibit, SceneName} from "./exhibit.js";
import type {MeasureName} from "./measure.js";
import {measures} from "./measure.js";
import type {World} from "./scene.js";
import {makeWorld} from "./scene.js";
import type {WorldOptions} from "./scene.js";

/** A mean over seeds with its standard deviation; null where a number is not finite. */
export type Spread = [mean: number | null, sd: number | null];

/** Numbers of a scene, by the names of its measures. */
export type Numbers = Partial<Record<MeasureName, number>>;

/** The recorded numbers of the museum. */
export interface ErrataRecord {
  seeds: number[];
  points: number;
  exhibits: Record<string, Record<SceneName, Record<"buggy" | "right", Partial<Record<MeasureName, Spread>>>>>;
}

/** Runs an exhibit's code and the right code in one of its scenes, and measures both. */
export async function measureScene(
  exhibit: Exhibit,
  name: SceneName,
  code: Code,
  options: Omit<WorldOptions, "noise">
): Promise<{buggy: Numbers; right: Numbers}> {
  const scene = exhibit.scenes[name];
  const world = makeWorld(scene, options);
  const other = makeWorld(scene, {...options, noise: 2});
  const measure = async (run: (world: World) => Promise<Float64Array[]>) => {
    const end = (await run(world)).at(-1)!;
    const again = async () => (await run(other)).at(-1)!;
    const numbers: Numbers = {};
    for (const one of scene.measures) numbers[one] = await measures[one].of({world, end, again});
    return numbers;
  };
  return {
    buggy: await measure((world) => exhibit.run(code, world)),
    right: await measure((world) => exhibit.right(world))
  };
}

/** The mean and the standard deviation (over n - 1) of each number over several runs, to four figures. */
export function spreadOf(runs: Numbers[]): Partial<Record<MeasureName, Spread>> {
  const names = Object.keys(runs[0]) as MeasureName[];
  return Object.fromEntries(
    names.map((name) => {
      const values = runs.map((run) => run[name]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [name, [figures(mean), figures(Math.sqrt(square / (values.length - 1)))]];
    })
  );
}

function figures(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
