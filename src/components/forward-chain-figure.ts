import {diffuse, diffuseOneStep} from "../lib/forward.js";
import {sampleMoments} from "../lib/metrics/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {chart} from "./chart.js";
import {button} from "./controls.js";
import {element} from "./element.js";
import {pointsTable} from "./figure-table.js";
import {fixed, readable} from "./format.js";
import {lifetime} from "./lifetime.js";
import {live} from "./live.js";
import {drawPicked, drawPickedTrail, pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {player} from "./player.js";

export interface ForwardChainOptions {
  schedule: Schedule;
  start?: [number, number]; // x_0, the same for every point; defaults to (1.8, 1.2)
  count?: number; // points in each cloud, defaults to 500
  seed?: number; // defaults to 1
  /** The cell's promise: when it resolves, everything stops. */
  invalidation?: Promise<unknown>;
}

/** Two clouds that left one x_0: by t single steps, and by one jump. State t is [n, 2]; state 0 is x_0. */
interface Clouds {
  chain: Float64Array[];
  jump: Float64Array[];
}

type Way = keyof Clouds;

const followed = [0, 1, 2]; // points whose paths are drawn
const names = {chain: "t single steps", jump: "one jump"};

/**
 * q(x_t | x_0) made in two ways from the same x_0, side by side: t draws of q(x_t | x_{t-1}), and one draw of the closed
 * form with one epsilon for each point. A table sets mean and standard deviation of both against the formula, with three
 * standard errors beside them.
 */
export function forwardChainFigure(options: ForwardChainOptions): HTMLElement {
  const {schedule, start = [1.8, 1.2], count = 500} = options;
  const steps = schedule.timesteps;
  const signal = lifetime(options.invalidation);
  let seed = options.seed ?? 1;
  let clouds = makeClouds(schedule, start, count, seed);
  const planes = {chain: makePlane("chain"), jump: makePlane("jump")};
  const table = momentsTable();
  const shares = chart(sharesChart(schedule));
  const transport = player({
    steps,
    duration: 8,
    signal,
    format: (t) => `t = ${Math.round(t)} of ${steps}`,
    onPosition: show,
    extra: [button("New noise", renew)]
  });
  const root = live(
    "A chain of single steps beside one jump",
    transport,
    element("div", {class: "panels"}, panel("chain"), panel("jump")),
    table.root,
    element("div", {class: "chart-box"}, shares as unknown as HTMLElement)
  );
  root.badge("exact", `${count} points on each side, drawn here`);
  root.table(() => {
    const t = Math.round(transport.position);
    return pointsTable({chain: clouds.chain[t], jump: clouds.jump[t]});
  });
  transport.position = Math.round(steps / 4);
  return root;

  function panel(way: Way): HTMLElement {
    const title = element(
      "p",
      {class: "panel-title"},
      way === "chain" ? "Chain" : "Jump",
      element("small", {}, names[way])
    );
    return element("div", {}, title, planes[way]);
  }

  function makePlane(way: Way): Plane {
    const made = plane({signal, extent: 3.4, draw: (canvas) => paint(canvas, way)});
    const now = () => Math.round(transport.position);
    picking(made, {
      points: () => clouds[way][now()],
      onChange: () => way === "jump" && show(now(), false),
      signal
    });
    return made;
  }

  function paint(canvas: Plane, way: Way): void {
    const t = Math.round(transport.position);
    const alphaBar = alphaBarAt(schedule, t - 1);
    const states = clouds[way];
    const radius = Math.max(1.3, canvas.size / 210);
    canvas.dots(states[t], {color: "data", radius, alpha: 0.55});
    for (const i of followed) canvas.trail(states, i, {color: "theme-foreground", alpha: 0.5, width: 1}, t);
    canvas.dots(states[t], {color: "theme-foreground", radius: radius + 1, alpha: 0.9, only: followed});
    const [x, y] = start.map((value) => Math.sqrt(alphaBar) * value);
    canvas.ring(x, y, 2 * Math.sqrt(1 - alphaBar), "theme-red");
    canvas.dots(start, {color: "theme-red", radius: 5, alpha: 1, hollow: true});
    canvas.dots([x, y], {color: "theme-red", radius: 4, alpha: 1});
    const index = pickedIn(states[t]);
    if (index === null) return;
    drawPickedTrail(canvas, states, index, {upTo: t});
    drawPicked(canvas, states[t], index);
  }

  function picked(t: number): string {
    const index = pickedIn(clouds.chain[t]);
    if (index === null) return "";
    return ` ${pickedText(index, {"x₀": clouds.chain[0], "by steps": clouds.chain[t], "by the jump": clouds.jump[t]})}`;
  }

  function renew(): void {
    seed += 1;
    clouds = makeClouds(schedule, start, count, seed);
    show(transport.position, false);
  }

  function show(position: number, playing: boolean): void {
    const t = Math.round(position);
    const alphaBar = alphaBarAt(schedule, t - 1);
    planes.chain.redraw();
    planes.jump.redraw();
    shares.update({cursor: t});
    const rows = compare(clouds, t, start, alphaBar);
    table.set(rows);
    if (playing) return;
    const within = rows.filter((row) => agrees(row)).length;
    for (const way of ["chain", "jump"] as const) {
      const [mx, my, sx, sy] = rows.map((row) => fixed(row[way], 2));
      planes[way].describe(
        `${count} points after ${way === "chain" ? `${t} single steps` : `one jump to step ${t}`}: ` +
          `mean (${mx}, ${my}), standard deviation ${sx} along x and ${sy} along y`
      );
    }
    root.say(
      `Step ${t} of ${steps}: the closed form has mean (${fixed(rows[0].formula, 2)}, ${fixed(rows[1].formula, 2)}) and ` +
        `standard deviation ${readable(rows[2].formula)}. ${within} of 4 rows agree with it within three standard errors.${picked(t)}`
    );
  }
}

function makeClouds(schedule: Schedule, start: [number, number], count: number, seed: number): Clouds {
  const random = seededRandom(seed);
  const [fresh, once] = [random.fork(1), random.fork(2)]; // two purposes, two streams
  const x0 = Float64Array.from({length: 2 * count}, (_, i) => start[i % 2]);
  const epsilon = once.normals(2 * count);
  const chain: Float64Array[] = [x0];
  const jump: Float64Array[] = [x0];
  for (let t = 0; t < schedule.timesteps; ++t) {
    chain.push(diffuseOneStep(chain[t], fresh.normals(2 * count), schedule.beta[t]));
    jump.push(diffuse(x0, epsilon, schedule.alphaBar[t]));
  }
  return {chain, jump};
}

/** One number of the two clouds, what the closed form says, and three standard errors of it. */
interface Row extends Record<Way, number> {
  name: string;
  formula: number;
  band: number;
}

function compare(clouds: Clouds, t: number, start: [number, number], alphaBar: number): Row[] {
  const count = clouds.chain[t].length / 2;
  const std = Math.sqrt(1 - alphaBar);
  const [chain, jump] = [sampleMoments(clouds.chain[t]), sampleMoments(clouds.jump[t])];
  const means = [0, 1].map((axis) => ({
    name: `mean, ${"xy"[axis]}`,
    chain: chain.mean[axis],
    jump: jump.mean[axis],
    formula: Math.sqrt(alphaBar) * start[axis],
    band: (3 * std) / Math.sqrt(count)
  }));
  const stds = [0, 1].map((axis) => ({
    name: `standard deviation, ${"xy"[axis]}`,
    chain: Math.sqrt(chain.covariance[3 * axis]),
    jump: Math.sqrt(jump.covariance[3 * axis]),
    formula: std,
    band: (3 * std) / Math.sqrt(2 * count)
  }));
  return [...means, ...stds];
}

function agrees({chain, jump, formula, band}: Row): boolean {
  const slack = band + 1e-12; // at t = 0 the band is 0
  return Math.abs(chain - formula) <= slack && Math.abs(jump - formula) <= slack;
}

function momentsTable(): {root: HTMLElement; set(rows: Row[]): void} {
  const body = element("tbody");
  const head = ["", "chain", "jump", "closed form", "± 3 s.e."].map((name) => element("th", {scope: "col"}, name));
  const table = element("table", {class: "moments"}, element("thead", {}, element("tr", {}, ...head)), body);
  return {
    root: element("div", {class: "table-scroll", role: "region", "aria-label": "Mean and spread", tabindex: 0}, table),
    set(rows) {
      body.replaceChildren(
        ...rows.map(({name, chain, jump, formula, band}) => {
          const cells = [chain, jump, formula, band].map((value) => element("td", {}, fixed(value, 3)));
          return element("tr", {}, element("th", {scope: "row"}, name), ...cells);
        })
      );
    }
  };
}

function sharesChart({alphaBar, timesteps}: Schedule) {
  const levels = [1, ...alphaBar];
  return {
    title: "What the closed form multiplies by",
    height: 150,
    x: {label: "step t", domain: [0, timesteps] as const},
    y: {label: "coefficient", domain: [0, 1] as const},
    series: [
      {
        name: "√ᾱ, of x₀",
        color: "data" as const,
        points: levels.map((a, t) => [t, Math.sqrt(a)] as const)
      },
      {
        name: "√(1 − ᾱ), of ε",
        color: "noise" as const,
        dash: [6, 3],
        points: levels.map((a, t) => [t, Math.sqrt(1 - a)] as const)
      }
    ]
  };
}
