import type {GaussianMixture} from "../lib/mixture.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import {exactOdeEnd} from "../lib/ode.js";
import {seededRandom} from "../lib/random.js";
import {last, sampleDdim} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {lifetime, nextFrame, onVisible} from "./lifetime.js";
import {live} from "./live.js";

export interface OrderFigureOptions {
  mixture: GaussianMixture;
  schedule: Schedule;
  points?: number; // defaults to 200
  seed?: number; // of x_T, defaults to 1
  invalidation?: Promise<unknown>;
}

const stepCounts = [5, 10, 20, 40, 80, 160, 320];

/** The distance between DDIM's end and the end of its ODE against the number of steps, on logarithmic axes. */
export function orderFigure({
  mixture,
  schedule,
  points = 200,
  seed = 1,
  invalidation
}: OrderFigureOptions): HTMLElement {
  const signal = lifetime(invalidation);
  const errors: [number, number][] = [];
  const drawing = chart(options([]));
  const root = live("Error of DDIM against its number of steps", drawing as unknown as HTMLElement);
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.table(() => ({columns: ["steps", "median_distance"], rows: errors}));
  root.say("Computed when it comes into view.");
  let started = false;
  onVisible(
    root,
    (visible) => {
      if (!visible || started) return;
      started = true;
      void measure();
    },
    signal
  );
  return root;

  async function measure(): Promise<void> {
    const xT = seededRandom(seed).normals(2 * points);
    const alphaBarFrom = alphaBarAt(schedule, schedule.timesteps - 1);
    const truth = exactOdeEnd(mixture, xT, {alphaBarFrom, tolerance: 1e-6});
    const denoiser = mixtureDenoiser(mixture, schedule);
    for (const steps of stepCounts) {
      await nextFrame();
      if (signal.aborted) return;
      const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
      errors.push([steps, medianDistance(last(sampleDdim(denoiser, xT, {schedule, timesteps})).x, truth)]);
      drawing.update(options(errors));
      root.say(`S = ${steps}: median distance to the end of the equation ${errors.at(-1)![1].toPrecision(2)}.`, true);
    }
    const [from, to] = [errors.at(-2)!, errors.at(-1)!];
    const order = Math.log(from[1] / to[1]) / Math.log(to[0] / from[0]);
    root.say(`From S = ${from[0]} to ${to[0]} the error falls by the power ${order.toFixed(2)} of S: first order.`);
  }
}

function options(errors: [number, number][]) {
  const [first] = errors;
  const ideal = first ? stepCounts.map((s) => [s, (first[1] * first[0]) / s] as const) : [];
  return {
    title: "Median error of DDIM",
    height: 240,
    x: {label: "steps S", log: true, domain: [4, 400] as const, format: "~g"},
    y: {label: "median distance", log: true, domain: [0.001, 1] as const, format: "~g"},
    series: [
      {name: "1/S", color: "noise" as const, dash: [2, 3], points: ideal, width: 1},
      {name: "DDIM", color: "ddim" as const, points: errors, dots: true}
    ]
  };
}

function medianDistance(a: Float64Array, b: Float64Array): number {
  const distances = Float64Array.from({length: a.length / 2}, (_, i) =>
    Math.hypot(a[2 * i] - b[2 * i], a[2 * i + 1] - b[2 * i + 1])
  );
  distances.sort();
  const half = distances.length / 2;
  return (distances[Math.ceil(half) - 1] + distances[Math.floor(half)]) / 2;
}
