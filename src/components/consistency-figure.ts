import type {Agreement, Decoder} from "../lib/latent.js";
import {agreement, decodeLatent} from "../lib/latent.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {controls} from "./controls.js";
import {chosenSource, denoiserChoice} from "./denoiser-choice.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live} from "./live.js";
import {pickedPoint} from "./picked-point.js";
import {picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane, samplerDash} from "./plane.js";

export interface ConsistencyFigureOptions {
  sets: readonly PointSet[]; // mixtures
  schedule: Schedule;
  count?: number; // codes that are measured, defaults to 500
  shown?: number; // of them, that are drawn; defaults to 60
  seed?: number; // of the codes, defaults to 1
  invalidation?: Promise<unknown>;
}

const counts = [5, 10, 20, 50, 1000];
const few = counts.slice(0, -1);
const decoders: Decoder[] = ["ddim", "ddpm"];
const titles: Record<Decoder, string> = {ddim: "DDIM", ddpm: "DDPM"};
const picked = pickedPoint();

/** The ends of the same codes with few and with many steps, overlaid, for both samplers, and how far they lie apart. */
export function consistencyFigure(options: ConsistencyFigureOptions): Live {
  const {sets, count = 500, shown = 60, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  const xT = seededRandom(seed).normals(2 * count);
  let job = new AbortController();
  let ends: Record<Decoder, Map<number, Float64Array>> = {ddim: new Map(), ddpm: new Map()};
  const choice = denoiserChoice({sets, schedule: options.schedule, own: false});
  const views = Object.fromEntries(decoders.map((decoder) => [decoder, viewOf(decoder)])) as Record<Decoder, Plane>;
  const body = element("tbody", {});
  const head = ["", ...few.map((steps) => `S = ${steps}`)].map((text) => element("th", {scope: "col"}, text));
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body);
  const root = live(
    "The same codes with few and with many steps",
    controls(choice),
    element(
      "div",
      {class: "panels"},
      ...decoders.map((decoder) =>
        element(
          "div",
          {},
          element(
            "p",
            {class: `panel-title ${decoder}`},
            titles[decoder],
            element("small", {}, "S = 5, 10, 20, 50 → 1000")
          ),
          views[decoder]
        )
      )
    ),
    element("div", {class: "table-scroll", role: "region", "aria-label": "Distance to 1000 steps", tabindex: 0}, table)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["set", "sampler", "S", "rms distance to S = 1000", "same mode"],
    rows: decoders.flatMap((decoder) =>
      measured(decoder).map(([steps, {rms, same}]) => [choice.set.name, titles[decoder], steps, rms, same])
    )
  }));
  choice.addEventListener("input", () => void measure());
  let seen = false;
  onVisible(root, (visible) => visible && !seen && ((seen = true), void measure()), signal);
  return root;

  function viewOf(decoder: Decoder): Plane {
    const view: Plane = plane({signal, extent: 2, draw: () => paint(decoder, view)});
    picking(view, {points: () => ends[decoder].get(1000)?.subarray(0, 2 * shown) ?? null, signal});
    return view;
  }

  async function measure(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    const source = await chosenSource(choice, root, mine);
    if (!source) return;
    const {denoiser, schedule} = source;
    ends = {ddim: new Map(), ddpm: new Map()};
    for (const decoder of decoders) {
      for (const steps of [...counts].reverse()) {
        root.say(`${titles[decoder]}, S = ${steps} …`, true);
        // Other noise for each count of steps: DDPM never sees the same noise twice.
        const x = await pace(decodeLatent(decoder, denoiser, xT, {schedule, steps, seed: seed + steps}), mine);
        if (!x) return;
        ends[decoder].set(steps, x);
        views[decoder].redraw();
        fill();
      }
    }
    tell();
  }

  function measured(decoder: Decoder): [number, Agreement][] {
    const many = ends[decoder].get(1000);
    return few.flatMap((steps): [number, Agreement][] => {
      const x = ends[decoder].get(steps);
      return many && x ? [[steps, agreement(choice.set.mixture!, x, many)]] : [];
    });
  }

  function fill(): void {
    body.replaceChildren(
      ...decoders.flatMap((decoder) => {
        const found = new Map(measured(decoder));
        const row = (what: string, text: (own: Agreement) => string) =>
          element(
            "tr",
            {},
            element("th", {scope: "row"}, element("span", {class: decoder}, titles[decoder]), `, ${what}`),
            ...few.map((steps) => element("td", {}, found.has(steps) ? text(found.get(steps)!) : "–"))
          );
        return [row("distance", ({rms}) => readable(rms, 2)), row("same mode", ({same}) => percent(same))];
      })
    );
  }

  function tell(): void {
    const [ddim, ddpm] = decoders.map((decoder) => new Map(measured(decoder)));
    root.say(
      `With 5 steps instead of 1000, ${percent(ddim.get(5)!.same)} of ${count} codes keep their mode under DDIM, ` +
        `${percent(ddpm.get(5)!.same)} under DDPM; with 50 steps DDIM’s samples move by ${readable(ddim.get(50)!.rms, 2)} (root mean square).`
    );
    for (const decoder of decoders)
      views[decoder].describe(
        `${titles[decoder]}: ${shown} codes, each with its samples for S = 5, 10, 20, 50 and 1000 joined by lines; ` +
          `${percent(new Map(measured(decoder)).get(10)!.same)} keep their mode with 10 steps.`
      );
  }

  function paint(decoder: Decoder, view: Plane): void {
    const {means, stds} = choice.set.mixture!;
    means.forEach(([x, y], k) => view.ring(x, y, 2 * stds[k], "theme-foreground-fainter"));
    const states = counts.flatMap((steps) => ends[decoder].get(steps) ?? []);
    const many = ends[decoder].get(1000);
    if (!many) return;
    for (let i = 0; i < shown; ++i) {
      const own = picked.index === i;
      view.trail(states, i, {
        color: own ? "theme-foreground" : decoder,
        width: own ? 2 : 1,
        dash: samplerDash[decoder],
        alpha: own ? 1 : 0.7
      });
    }
    const only = Array.from({length: shown}, (_, i) => i);
    few.forEach((steps, k) => {
      const x = ends[decoder].get(steps);
      if (x) view.dots(x, {color: decoder, radius: 1.5 + 0.3 * k, alpha: 0.7, hollow: true, only});
    });
    view.dots(many, {color: decoder, radius: 3.2, alpha: 0.9, only});
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
