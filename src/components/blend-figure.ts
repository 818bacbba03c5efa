import type {Decoder} from "../lib/latent.js";
import {betweenCodes, decodeLatent, lerp, turn} from "../lib/latent.js";
import {fractionWithin} from "../lib/metrics/modes.js";
import {sampleMoments} from "../lib/metrics/moments.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import type {Blend} from "../lib/slerp.js";
import {controls, select, slider} from "./controls.js";
import {denoiserChoice} from "./denoiser-choice.js";
import {element} from "./element.js";
import {fixed} from "./format.js";
import {latest} from "./latest.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {ownCode} from "./own-code.js";
import {pickedPoint} from "./picked-point.js";
import {picking} from "./picking.js";
import {plane} from "./plane.js";

export interface BlendFigureOptions {
  sets: readonly PointSet[]; // mixtures
  schedule: Schedule;
  count?: number; // pairs of codes, defaults to 400
  seed?: number; // defaults to 1
  invalidation?: Promise<unknown>;
}

/** What the page's cells give to the figure; what is missing is the library's. */
export interface BlendCode {
  between?: Blend;
}

export interface BlendFigure extends Live {
  use(code: BlendCode): void;
}

type Way = "turn" | "lerp" | "cell";
const picked = pickedPoint();
const walk = 61; // places on the way of the picked pair

/** Pairs of codes and what lies between them: the codes on the left, what a sampler makes of them on the right. */
export function blendFigure(options: BlendFigureOptions): BlendFigure {
  const {sets, count = 400, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  const [a, b] = [0, 1].map((which) =>
    seededRandom(seed)
      .fork(which)
      .normals(2 * count)
  );
  let code: BlendCode = {};
  let codes: Float64Array = a;
  let samples: Float64Array | null = null;
  let path: {codes: Float64Array; samples: Float64Array} | null = null;

  const choice = denoiserChoice({sets, schedule: options.schedule, own: false});
  const way = select<Way>({
    name: "way",
    options: [
      {value: "cell", label: "the cell above"},
      {value: "turn", label: "around the origin (slerp)"},
      {value: "lerp", label: "straight (lerp)"}
    ]
  });
  const decoder = select<Decoder>({
    name: "sampler",
    options: [
      {value: "ddim", label: "DDIM"},
      {value: "ddpm", label: "DDPM"}
    ]
  });
  const share = slider({
    name: "share of the way",
    symbol: "s",
    min: 0,
    max: 1,
    step: 0.02,
    value: 0.5,
    format: (v) => v.toFixed(2)
  });
  const index = () => picked.index ?? 3;
  const left = plane({signal, extent: 3, draw: paintCodes});
  const right = plane({signal, extent: 2, draw: paintSamples});
  const spread = reading("variance of the codes; a sampler expects 1", "var(--noise)");
  const within = reading("of the samples lie in a mode; of true samples 99%", "var(--ddim)");
  const root = live(
    "Between two codes",
    controls(choice, way, decoder, share),
    element(
      "div",
      {class: "panels"},
      element("div", {}, element("p", {class: "panel-title"}, "Codes at this share of the way"), left),
      element("div", {}, element("p", {class: "panel-title"}, "What the sampler makes of them"), right)
    ),
    readings(spread, within)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["pair", "code x", "code y", "sample x", "sample y"],
    rows: samples
      ? Array.from({length: count}, (_, i) => [i, codes[2 * i], codes[2 * i + 1], samples![2 * i], samples![2 * i + 1]])
      : []
  }));
  picking(left, {points: () => codes, signal});
  const update = latest<void>(measure);
  for (const control of [choice, way, decoder, share]) control.addEventListener("input", () => update());
  picked.onChange(() => update(), signal);
  let seen = false;
  onVisible(root, (visible) => visible && !seen && ((seen = true), update()), signal);
  return Object.assign(root, {
    use(next: BlendCode) {
      code = next;
      if (seen) update();
    }
  });

  function blend(): Blend {
    if (way.value === "lerp") return lerp;
    if (way.value === "turn" || !code.between) return turn;
    return ownCode("between", code.between);
  }

  async function measure(): Promise<void> {
    try {
      const own = blend();
      const between = checked(betweenCodes(own, a, b, share.value));
      const pair = [a, b].map((ends) => ends.slice(2 * index(), 2 * index() + 2));
      const places = new Float64Array(2 * walk);
      for (let k = 0; k < walk; ++k) places.set(own(pair[0], pair[1], k / (walk - 1)), 2 * k);
      const {denoiser, schedule, badge} = await choice.source();
      root.badge(...badge);
      const run = {schedule, steps: 50, seed: seed + 7};
      const all = Float64Array.from([...between, ...checked(places)]);
      const x = await pace(decodeLatent(decoder.value, denoiser, all, run), signal);
      if (!x) return;
      codes = between;
      samples = x.subarray(0, 2 * count);
      path = {codes: places, samples: x.subarray(2 * count)};
      root.alert("");
      tell();
    } catch (error) {
      root.alert(error instanceof Error ? error.message : String(error));
    }
    left.redraw();
    right.redraw();
  }

  function tell(): void {
    const {covariance} = sampleMoments(codes);
    const variance = (covariance[0] + covariance[3]) / 2;
    const inside = fractionWithin(choice.set.mixture!, samples!);
    spread.set(fixed(variance, 2), variance);
    within.set(`${(100 * inside).toFixed(1)}%`, inside);
    left.describe(
      `${count} codes at share ${share.value.toFixed(2)} of the way: their variance is ${fixed(variance, 2)}.`
    );
    right.describe(
      `Their samples: ${(100 * inside).toFixed(1)}% lie in a mode. The way of pair ${index()} is drawn as dots.`
    );
    root.say(
      `At s = ${share.value.toFixed(2)} the codes have variance ${fixed(variance, 2)}; ${(100 * inside).toFixed(1)}% of ` +
        `the samples lie within three standard deviations of a mode. ${jumps()}`
    );
  }

  /** The longest hop between two neighbours on the way of the picked pair. */
  function jumps(): string {
    const {samples: x} = path!;
    let longest = 0;
    for (let k = 2; k < x.length; k += 2) longest = Math.max(longest, Math.hypot(x[k] - x[k - 2], x[k + 1] - x[k - 1]));
    return `On the way of the picked pair, in ${walk - 1} parts, the longest hop between neighbours is ${fixed(longest, 2)}.`;
  }

  function paintCodes(): void {
    left.ring(0, 0, 1, "theme-foreground-fainter");
    left.ring(0, 0, 2, "theme-foreground-fainter");
    left.dots(codes, {color: "noise", radius: 2, alpha: 0.5});
    if (!path) return;
    left.dots(path.codes, {color: "theme-foreground", radius: 1.6, alpha: 0.9});
    left.dots(codes, {color: "theme-foreground", radius: 5, alpha: 1, only: [index()]});
  }

  function paintSamples(): void {
    const {means, stds} = choice.set.mixture!;
    means.forEach(([x, y], k) => right.ring(x, y, 3 * stds[k], "theme-foreground-fainter"));
    if (!samples || !path) return;
    right.dots(samples, {color: decoder.value, radius: 2, alpha: 0.5});
    right.dots(path.samples, {color: "theme-foreground", radius: 1.6, alpha: 0.9});
    right.dots(samples, {color: "theme-foreground", radius: 5, alpha: 1, only: [index()]});
  }
}

function checked(codes: Float64Array): Float64Array {
  if (codes.every(Number.isFinite)) return codes;
  throw new Error(
    "The cell “between” gives something that is no number. It should return as many numbers as a code has."
  );
}
