import {cleanPosterior} from "../lib/clean-posterior.js";
import {diffuse} from "../lib/forward.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {mixtureX0, sampleMixture} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {chart} from "./chart.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {fixed} from "./format.js";
import {lifetime} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {drawCircle, drawNamed} from "./marks.js";
import {kindOf, ownCode} from "./own-code.js";
import type {PickedPlace} from "./picked-place.js";
import {pairText, pickOn} from "./picked-place.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";

/** The page's formula: the best guess of x_0 for one point x_t, two numbers. */
export type CleanGuess = (x: number[], alphaBar: number, mixture: GaussianMixture) => number[];

export interface DenoiserFigureOptions {
  sets: readonly PointSet[]; // with a mixture
  schedule: Schedule;
  place: PickedPlace; // x_t, shared with other figures of the page
  invalidation?: Promise<unknown>;
}

export interface DenoiserFigure extends Live {
  /** Guesses with the page's cell from now on. */
  use(code: {cleanGuess: CleanGuess}): void;
}

const extent = 2.6;

/**
 * What is known of x_0 when x_t is seen: on the left the noisy points and a picked x_t; on the right p(x_0 | x_t), its draws
 * and its mean, which is the exact denoiser. Below, the first coordinate of the guess as x_t moves along a line.
 */
export function denoiserFigure(options: DenoiserFigureOptions): DenoiserFigure {
  const {sets, schedule, place} = options;
  const signal = lifetime(options.invalidation);
  let guess: CleanGuess = (x, alphaBar, mixture) => Array.from(mixtureX0(mixture, Float64Array.from(x), alphaBar));
  const data = select({name: "data", options: sets.map(({name, title}) => ({value: name, label: title}))});
  const time = slider({
    name: "time",
    min: 1,
    max: schedule.timesteps,
    step: 1,
    value: Math.round(0.3 * schedule.timesteps),
    wide: true,
    format: (t) => `t = ${t} of ${schedule.timesteps}`
  });
  const noisy = plane({signal, extent, draw: paintNoisy});
  const clean = plane({signal, extent, draw: paintClean});
  const line = chart(lineChart([], 0));
  const answer = reading("the best guess of x₀", "var(--data)");
  const doubt = reading("spread of p(x₀ | xₜ) along an axis");
  const likely = reading("share of the most likely mode");
  const root = live(
    "What is known of the data when a noisy point is seen",
    controls(data, time),
    element(
      "div",
      {class: "panels"},
      element(
        "div",
        {},
        element("p", {class: "panel-title"}, "xₜ, picked", element("small", {}, "among noisy points")),
        noisy
      ),
      element(
        "div",
        {},
        element("p", {class: "panel-title"}, "x₀, given xₜ", element("small", {}, "300 draws, and the mean")),
        clean
      )
    ),
    readings(answer, doubt, likely),
    element("div", {class: "chart-box"}, line as unknown as HTMLElement)
  );
  let mean: readonly number[] = [0, 0];
  root.badge("exact", "Bayes’ rule for a mixture of Gaussians");
  pickOn(noisy, () => place.at, place.set, signal);
  place.onChange(update, signal);
  for (const control of [data, time]) control.addEventListener("input", update);
  root.table(() => ({columns: ["x of x_t", "x of the guess of x_0"], rows: alongLine().map(([x, y]) => [x, y])}));
  update();
  return Object.assign(root, {
    use(code: {cleanGuess: CleanGuess}) {
      guess = code.cleanGuess;
      update();
    }
  });

  function mixture(): GaussianMixture {
    return sets.find(({name}) => name === data.value)!.mixture!;
  }

  function alphaBar(): number {
    return alphaBarAt(schedule, time.value - 1);
  }

  function posterior(): GaussianMixture {
    return cleanPosterior(mixture(), place.at, alphaBar());
  }

  function guessed(x: readonly number[]): number[] {
    return ownCode("clean-guess", () => {
      const value: unknown = guess([...x], alphaBar(), mixture());
      const fits = Array.isArray(value) && value.length === 2 && value.every((v) => Number.isFinite(v));
      if (fits) return value as number[];
      throw new TypeError(`it returned ${kindOf(value)}, but it should return two finite numbers`);
    })();
  }

  function alongLine(): [number, number][] {
    return Array.from({length: 105}, (_, i) => {
      const x = extent * (i / 52 - 1);
      return [x, guessed([x, place.at[1]])[0]];
    });
  }

  function update(): void {
    try {
      mean = guessed(place.at);
      line.update(lineChart(alongLine(), place.at[0]));
      root.alert("");
    } catch (error) {
      root.alert(`${(error as Error).message} The picture still shows the last guess.`);
      return;
    }
    noisy.redraw();
    clean.look([0, 0], reach());
    tell();
  }

  function tell(): void {
    const {weights, means, stds} = posterior();
    const exact = [0, 1].map((d) => weights.reduce((sum, w, k) => sum + w * means[k][d], 0));
    const square = weights.reduce((sum, w, k) => {
      const away = (means[k][0] - exact[0]) ** 2 + (means[k][1] - exact[1]) ** 2;
      return sum + w * (stds[k] ** 2 + away / 2);
    }, 0);
    const most = Math.max(...weights);
    answer.set(pairText(mean));
    doubt.set(fixed(Math.sqrt(square), 2));
    likely.set(`${Math.round(100 * most)}%`, most);
    const off = Math.hypot(mean[0] - exact[0], mean[1] - exact[1]);
    const wrong =
      off > 1e-3 ? ` The mean of p(x₀ | xₜ) is (${pairText(exact)}): the cell is off by ${fixed(off, 2)}.` : "";
    const text =
      `t = ${time.value}, xₜ at (${pairText(place.at)}): the best guess of x₀ is (${pairText(mean)}). The most likely mode has ` +
      `${Math.round(100 * most)}%.${wrong}`;
    noisy.describe(
      `700 points of the data with the noise of t = ${time.value}, and xₜ among them at (${pairText(place.at)}).`
    );
    clean.describe(text);
    root.say(text);
  }

  function paintNoisy(view: Plane): void {
    const random = seededRandom(4);
    const x0 = sampleMixture(mixture(), 700, random.fork(1));
    const cloud = diffuse(x0, random.fork(2).normals(x0.length), alphaBar());
    view.dots(cloud, {color: "noise", radius: 1.6, alpha: 0.5});
    drawNamed(view, place.at, "xₜ", {color: "theme-foreground"});
  }

  /** How far the data reach. */
  function reach(): number {
    const {means, stds} = mixture();
    return Math.max(1.5, ...means.map((mu, k) => Math.max(...mu.map(Math.abs)) + 2.6 * stds[k]));
  }

  function paintClean(view: Plane): void {
    const {means, stds} = mixture();
    means.forEach((mu, k) => view.ring(mu[0], mu[1], 2 * stds[k], "theme-foreground-fainter"));
    const seen = posterior();
    view.dots(sampleMixture(seen, 300, seededRandom(5)), {color: "data", radius: 1.8, alpha: 0.55});
    seen.means.forEach((mu, k) => {
      const weight = seen.weights[k];
      const style = {
        color: "data",
        width: 0.8 + 1.6 * weight,
        alpha: Math.max(0.7, weight),
        fill: 0.25 * weight
      } as const;
      if (weight > 0.01) drawCircle(view, mu, 2 * seen.stds[k], style); // the stronger, the likelier
    });
    drawNamed(view, mean, "mean", {color: "theme-red"});
  }

  function lineChart(points: [number, number][], cursor: number) {
    return {
      title: "The guess along a horizontal line through xₜ",
      height: 170,
      x: {label: "first coordinate of xₜ, on a line through it", domain: [-extent, extent] as const},
      y: {label: "first coordinate of the guess", domain: [-1.6, 1.6] as const},
      cursor,
      series: [{name: "", color: "data" as const, points}]
    };
  }
}
