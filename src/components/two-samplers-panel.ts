import type {GaussianMixture} from "../lib/mixture.js";
import {drawUsual} from "./flight.js";
import type {PairedView, SamplerName} from "./paired-view.js";
import {drawPicked, drawPickedTrail} from "./picking.js";
import type {Plane} from "./plane.js";
import {samplerDash} from "./plane.js";
import {between} from "./points.js";

/** What the panels show: the last runs that succeeded, and all that is needed to read them. */
export interface ShownPair extends PairedView {
  timesteps: number[];
  mixture: GaussianMixture;
  eta: number;
  all: boolean; // whether every trajectory is drawn
  ghosts: Record<SamplerName, Float32Array> | null; // ends of the run before, from the same x_T
}

const some = 8; // paths that are always drawn

/** Draws one side of the pair at a position: points, paths, and the point that the reader looks at, if any. */
export function paintSampler(
  canvas: Plane,
  name: SamplerName,
  shown: ShownPair,
  {position, index}: {position: number; index: number | null}
): void {
  const {mixture, runs, ghosts} = shown;
  const {states} = runs[name];
  const dash = samplerDash[name];
  mixture.means.forEach(([x, y], k) => canvas.ring(x, y, 2 * mixture.stds[k], "theme-foreground-fainter"));
  if (shown.all) canvas.trails(states, {color: name, dash, alpha: 0.25, width: 0.8}, position);
  for (let k = 0; k < some && !shown.all; ++k) {
    canvas.trail(states, k, {color: name, dash, alpha: 0.7, width: 1.1}, position);
  }
  if (ghosts && position >= states.length - 1) {
    canvas.dots(ghosts[name], {color: "noise", hollow: true, radius: 2.4, alpha: 0.55});
  }
  drawUsual(canvas, shown.usual);
  const now = between(states, position);
  canvas.dots(now, {color: name, radius: Math.max(1.4, canvas.size / 190), alpha: 0.62});
  if (index === null || 2 * index >= now.length) return;
  drawPickedTrail(canvas, states, index, {dash, upTo: position});
  drawPicked(canvas, now, index);
}

/** The noise that both samplers add in each step. */
export function sigmaChart(shown: ShownPair | null, timesteps: number) {
  const line = (name: SamplerName) =>
    shown ? shown.runs[name].sigma.map((value, k) => [shown.timesteps[k], value] as const) : [];
  return {
    title: "Noise added in each step",
    height: 150,
    x: {label: "timestep t, from noise to data", domain: [0, timesteps - 1] as const, reverse: true},
    y: {label: "σₜ", domain: [0, 1] as const},
    series: [
      {name: "DDPM", color: "ddpm" as const, dash: [5, 4], points: line("ddpm")},
      {name: "DDIM", color: "ddim" as const, points: line("ddim")}
    ]
  };
}
