import type {Decoder, RoundTrip} from "../lib/latent.js";
import {roundTrip} from "../lib/latent.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {chart} from "./chart.js";
import {controls} from "./controls.js";
import {chosenSource, denoiserChoice} from "./denoiser-choice.js";
import {element} from "./element.js";
import {fixed, powerOfTen, readable} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live} from "./live.js";
import type {ColorName} from "./theme.js";

export interface RoundTripFigureOptions {
  sets: readonly PointSet[]; // mixtures
  schedule: Schedule;
  count?: number; // points of the data, defaults to 300
  seed?: number; // defaults to 1
  invalidation?: Promise<unknown>;
}

const counts = [5, 10, 20, 50, 100, 200, 500];

/** A kind of round trip: who decodes, and where encoding asks for epsilon. */
interface Kind {
  name: string; // in the table
  short: string; // in the charts, which are narrow
  decoder: Decoder;
  at: "source" | "target";
  color: ColorName;
  dash?: readonly number[];
}

const kinds: Kind[] = [
  {name: "DDIM, ε at the level left", short: "level left", decoder: "ddim", at: "source", color: "ddim"},
  {
    name: "DDIM, ε at the level reached",
    short: "level reached",
    decoder: "ddim",
    at: "target",
    color: "data",
    dash: [2, 3]
  },
  {
    name: "decoded by DDPM",
    short: "decoded by DDPM",
    decoder: "ddpm",
    at: "source",
    color: "ddpm",
    dash: [5, 4]
  }
];

// Where the names of DDIM's two lines stand, which run close together: above the one, below the other.
const places = {
  error: [
    {x: 50, side: "right"},
    {x: 200, side: "left"}
  ],
  variance: [
    {x: 50, side: "right"},
    {x: 10, side: "right"}
  ]
} as const;

/** Data encoded and decoded again: the error against S on the left, the variance of the codes on the right. */
export function roundTripFigure(options: RoundTripFigureOptions): Live {
  const {sets, count = 300, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  let job = new AbortController();
  let found = new Map<Kind, [number, RoundTrip][]>();
  const choice = denoiserChoice({sets, schedule: options.schedule, own: false});
  const errors = chart(chartOptions("error"));
  const variances = chart(chartOptions("variance"));
  const panel = (title: string, drawing: SVGSVGElement) =>
    element("div", {}, element("p", {class: "panel-title"}, title), drawing as unknown as HTMLElement);
  const root = live(
    "Encoded and decoded again",
    controls(choice),
    element(
      "div",
      {class: "panels budget"}, // one below the other on a phone
      panel("Mean squared error of a coordinate", errors),
      panel("Variance of the codes", variances)
    )
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["set", "round trip", "S", "mean squared error", "variance of the codes"],
    rows: kinds.flatMap((kind) =>
      (found.get(kind) ?? []).map(([steps, {error, variance}]) => [choice.set.name, kind.name, steps, error, variance])
    )
  }));
  choice.addEventListener("input", () => void measure());
  let seen = false;
  onVisible(root, (visible) => visible && !seen && ((seen = true), void measure()), signal);
  return root;

  async function measure(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    const source = await chosenSource(choice, root, mine);
    if (!source) return;
    const {denoiser, schedule, set} = source;
    const x0 = set.sample(count, seededRandom(seed));
    found = new Map(kinds.map((kind) => [kind, []]));
    for (const steps of counts) {
      for (const kind of kinds) {
        const trip = await pace(roundTrip(kind.decoder, denoiser, x0, {schedule, steps, at: kind.at, seed}), mine);
        if (!trip) return;
        found.get(kind)!.push([steps, trip]);
      }
      errors.update(chartOptions("error"));
      variances.update(chartOptions("variance"));
      tell();
    }
  }

  function tell(): void {
    const [steps, trip] = found.get(kinds[0])!.at(-1)!;
    const lost = found.get(kinds[2])!.at(-1)![1].error;
    root.say(
      `S = ${steps}: DDIM returns with a mean squared error of ${readable(trip.error, 2)} a coordinate, and its codes have ` +
        `variance ${fixed(trip.variance, 2)}; decoded by DDPM the error is ${readable(lost, 2)}.`
    );
  }

  function chartOptions(what: keyof RoundTrip) {
    const shown = what === "error" ? kinds : kinds.slice(0, 2);
    return {
      title: what === "error" ? "Error of the round trip against S" : "Variance of the codes against S",
      height: 280,
      x: {label: "steps S", log: true, domain: [4, 650] as const, format: "~g"},
      y:
        what === "error"
          ? {label: "mean squared error", log: true, domain: [1e-6, 3] as const, format: powerOfTen}
          : {label: "variance", domain: [0, 1.2] as const},
      series: shown.map((kind, i) => ({
        ...{name: kind.short, color: kind.color, dash: kind.dash, dots: true},
        points: (found?.get(kind) ?? []).map(([steps, trip]) => [steps, trip[what]] as const),
        label: places[what][i]
      })),
      levels: what === "variance" ? [{y: 1, label: "what a sampler expects"}] : []
    };
  }
}
