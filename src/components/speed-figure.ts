import {mixtureDenoiser} from "../lib/mixture.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {medianOf} from "../lib/path.js";
import {seededRandom} from "../lib/random.js";
import type {SampleStep} from "../lib/sampler.js";
import {sampleDdim, sampleDdpm} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {button, buttonRow, controls} from "./controls.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {lifetime, nextFrame, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";

export interface SpeedFigureOptions {
  mixture: GaussianMixture;
  schedule: Schedule;
  count?: number; // points, defaults to 500
  repeats?: number; // of each run, defaults to 3
  invalidation?: Promise<unknown>;
}

type SamplerName = "ddpm" | "ddim";

/** One timed run. */
interface Timing {
  sampler: SamplerName;
  steps: number;
  evaluations: number;
  times: number[]; // ms, one for each repeat
}

const stepCounts = [10, 20, 50, 100, 200, 500, 1000];
const samplers = ["ddpm", "ddim"] as const;

/** Wall time and calls of the denoiser against S, for DDPM and DDIM; measured on this device, each run several times. */
export function speedFigure({mixture, schedule, count = 500, repeats = 3, invalidation}: SpeedFigureOptions): Live {
  const signal = lifetime(invalidation);
  const xT = seededRandom(1).normals(2 * count);
  let job = new AbortController();
  let timings: Timing[] = [];
  const drawing = chart(chartOptions([]));
  const each = {
    ddpm: reading("DDPM: time for one step", "var(--ddpm)"),
    ddim: reading("DDIM: time for one step", "var(--ddim)")
  };
  const spread = reading("between repeats of one run: the noise floor", "var(--noise)");
  const root = live(
    "Time against the number of steps",
    controls(buttonRow(button("Measure again", () => void measure()))),
    element("div", {class: "chart-box"}, drawing as unknown as HTMLElement),
    readings(each.ddpm, each.ddim, spread)
  );
  root.badge("exact", `${count} points, the mixture’s own formula, one core of this device`);
  root.say("Measured when it comes into view.");
  root.table(() => ({
    columns: ["sampler", "S", "evaluations", ...Array.from({length: repeats}, (_, k) => `ms ${k + 1}`)],
    rows: timings.map(({sampler, steps, evaluations, times}) => [sampler, steps, evaluations, ...times])
  }));
  onVisible(root, (visible) => visible && !timings.length && void measure(), signal);
  return root;

  async function measure(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    timings = [];
    for (const sampler of samplers) await timed(run(sampler, 50), mine); // once to warm up: the first run is compiled
    for (const steps of stepCounts) {
      const row = samplers.map((sampler): Timing => ({sampler, steps, evaluations: steps, times: []}));
      for (let k = 0; k < repeats; ++k) {
        for (const timing of row) {
          const time = await timed(run(timing.sampler, steps), mine);
          if (time === null) return;
          timing.times.push(time);
        }
      }
      timings.push(...row);
      drawing.update(chartOptions(timings));
      tell(steps);
    }
  }

  function run(sampler: SamplerName, steps: number): Generator<SampleStep> {
    const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
    const sample = sampler === "ddpm" ? sampleDdpm : sampleDdim;
    return sample(mixtureDenoiser(mixture, schedule), xT, {schedule, timesteps, seed: 5});
  }

  function tell(steps: number): void {
    const own = (sampler: SamplerName) => timings.filter((timing) => timing.sampler === sampler);
    const cost = (sampler: SamplerName) => medianOf(own(sampler).map(({steps, times}) => medianOf(times) / steps));
    for (const sampler of samplers) each[sampler].set(`${readable(cost(sampler), 2)} ms`);
    const off = medianOf(timings.map(({times}) => (Math.max(...times) - Math.min(...times)) / medianOf(times)));
    spread.set(`${Math.round(100 * off)}%`);
    root.say(
      `Up to S = ${steps}: both samplers call the denoiser S times; one step takes DDPM ${readable(cost("ddpm"), 2)} ms ` +
        `and DDIM ${readable(cost("ddim"), 2)} ms, and repeats of one run differ by ${Math.round(100 * off)}%.`
    );
  }
}

/** The time in ms that a run itself takes, without the pauses in which the page draws; null if it was broken off. */
async function timed(run: Generator<unknown>, signal: AbortSignal): Promise<number | null> {
  let spent = 0;
  for (let done = false; !done;) {
    await nextFrame();
    if (signal.aborted) return null;
    const start = performance.now();
    let now = start;
    for (; !done && now - start < 15; now = performance.now()) done = Boolean(run.next().done);
    spent += now - start;
  }
  return spent;
}

function chartOptions(timings: readonly Timing[]) {
  const points = (sampler: SamplerName) =>
    timings.filter((one) => one.sampler === sampler).map(({steps, times}) => [steps, medianOf(times)] as const);
  const first = timings.find(({sampler}) => sampler === "ddim");
  const unit = first ? medianOf(first.times) / first.steps : 0;
  return {
    title: "Time for a run of each sampler",
    height: 260,
    x: {label: "steps S, and calls of the denoiser", log: true, domain: [8, 1250] as const, format: "~g"},
    y: {label: "milliseconds", log: true, format: "~g"},
    series: [
      {name: "in proportion to S", color: "noise" as const, dash: [2, 3], width: 1, points: unit ? line(unit) : []},
      {name: "DDPM", color: "ddpm" as const, dash: [5, 4], points: points("ddpm"), dots: true},
      {name: "DDIM", color: "ddim" as const, points: points("ddim"), dots: true}
    ]
  };
}

function line(unit: number): (readonly [number, number])[] {
  return stepCounts.map((steps) => [steps, unit * steps] as const);
}
