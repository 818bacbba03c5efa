import {ringOfRadius} from "../lib/ddpm-record.js";
import {withError} from "../lib/denoiser-error.js";
import {fractionWithin, slicedWasserstein} from "../lib/metrics/index.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {mixtureDenoiser, sampleMixture} from "../lib/mixture.js";
import {seededRandom} from "../lib/random.js";
import {sampleDdpm} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {controls, slider} from "./controls.js";
import {element} from "./element.js";
import {pointsTable} from "./figure-table.js";
import {fixed} from "./format.js";
import {latest} from "./latest.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {themeColor} from "./theme.js";

export interface ClipFigureOptions {
  schedule: Schedule;
  count?: number; // points, defaults to 600
  seed?: number; // defaults to 1
  invalidation?: Promise<unknown>;
}

type Way = "free" | "clipped";

/** Both runs from one x_T, with the same noise. */
interface Runs {
  mixture: GaussianMixture;
  points: Record<Way, Float64Array>;
  distance: Record<Way, number>;
}

const extent = 2.6;
const ways = ["free", "clipped"] as const;

/**
 * DDPM from one noise, with the guess of x_0 as it is and clipped to [-1, 1], on a ring whose radius is a slider and with a
 * denoiser whose error is another. The dashed square is the box of the clipping.
 */
export function clipFigure(options: ClipFigureOptions): Live {
  const {schedule, count = 600, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  let runs: Runs | null = null;
  let seen = false;
  const format = (v: number) => fixed(v, 2);
  const radius = slider({name: "radius of the data", min: 0.4, max: 2, step: 0.05, value: 0.7, format});
  const error = slider({name: "error of the denoiser", max: 0.5, step: 0.02, value: 0.1, format});
  const steps = slider({name: "steps", symbol: "S", min: 5, max: 200, step: 1, value: 20});
  const planes = {free: makePlane("free"), clipped: makePlane("clipped")};
  const far = {
    free: reading("distance to the data, not clipped", "var(--ddpm)"),
    clipped: reading("distance to the data, clipped", "var(--ddpm)"),
    floor: reading("between two sets of true points", "var(--data)")
  };
  const titles = {free: "as it is", clipped: "clipped"};
  const panels = ways.map((way) =>
    element("div", {}, element("p", {class: "panel-title ddpm"}, titles[way]), planes[way])
  );
  const root = live(
    "Clipping the guess of the data",
    controls(radius, error, steps),
    element("div", {class: "panels"}, ...panels),
    readings(far.free, far.clipped, far.floor)
  );
  const start = latest<null>(sample);
  root.badge("exact", "a formula, with a made-up error added to it");
  root.say("Runs when it comes into view.");
  root.table(() => pointsTable(runs ? runs.points : {}));
  for (const control of [radius, error, steps]) control.addEventListener("input", () => start(null));
  onVisible(root, (visible) => visible && !seen && ((seen = true), start(null)), signal);
  return root;

  function makePlane(way: Way): Plane {
    return plane({signal, extent, draw: (view) => runs && paint(view, runs.mixture, runs.points[way])});
  }

  async function sample(): Promise<void> {
    const next = await pace(runBoth(), signal);
    if (!next) return;
    runs = next;
    const truth = sampleMixture(runs.mixture, count, seededRandom(98));
    const floor = slicedWasserstein(truth, sampleMixture(runs.mixture, count, seededRandom(99)));
    for (const way of ways) {
      far[way].set(fixed(runs.distance[way], 3));
      planes[way].describe(`${titles[way]}: ${inMode(way)} of ${count} points lie within 3 std of a mode`);
      planes[way].redraw();
    }
    far.floor.set(fixed(floor, 3));
    const {free, clipped} = runs.distance;
    const better =
      Math.abs(free - clipped) < floor / 2
        ? "Clipping makes no difference that can be seen."
        : free > clipped
          ? "Clipping helps."
          : "Clipping hurts.";
    root.say(
      `Radius ${fixed(radius.value, 2)}, error ${fixed(error.value, 2)}: distance ${fixed(free, 3)} as it is, ` +
        `${fixed(clipped, 3)} clipped; between true sets ${fixed(floor, 3)}. ${better}`
    );
  }

  function inMode(way: Way): string {
    return `${Math.round(100 * fractionWithin(runs!.mixture, runs!.points[way]))}%`;
  }

  function* runBoth(): Generator<void, Runs> {
    const mixture = ringOfRadius(radius.value);
    const denoiser = withError(mixtureDenoiser(mixture, schedule), error.value);
    const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value});
    const points: Runs["points"] = {free: new Float64Array(0), clipped: new Float64Array(0)};
    for (const way of ways) {
      const xT = seededRandom(seed).normals(2 * count);
      const clip = way === "clipped" ? 1 : undefined;
      for (const {x} of sampleDdpm(denoiser, xT, {schedule, timesteps, seed, clip})) {
        points[way] = x;
        yield;
      }
    }
    const truth = sampleMixture(mixture, count, seededRandom(98));
    const distance = (way: Way) => slicedWasserstein(points[way], truth);
    return {mixture, points, distance: {free: distance("free"), clipped: distance("clipped")}};
  }
}

function paint(view: Plane, {means, stds}: GaussianMixture, points: Float64Array): void {
  means.forEach(([x, y], k) => view.ring(x, y, 2 * stds[k], "theme-foreground-fainter"));
  const {context} = view;
  context.save();
  context.strokeStyle = themeColor("theme-foreground-muted");
  context.setLineDash([5, 4]);
  context.strokeRect(view.x(-1), view.y(1), view.x(1) - view.x(-1), view.y(-1) - view.y(1));
  context.restore();
  view.dots(points, {color: "ddpm", radius: Math.max(1.4, view.size / 190), alpha: 0.6});
}
