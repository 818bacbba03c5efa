import {sampleMoments} from "../lib/metrics/index.js";
import {posteriorDraws} from "../lib/posterior-draws.js";
import type {Posterior} from "../lib/posterior.js";
import {posteriorBetween} from "../lib/posterior.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {timestepList, withPrevious} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {fixed} from "./format.js";
import {lifetime} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {drawCircle, drawNamed} from "./marks.js";
import {kindOf, ownCode} from "./own-code.js";
import {pairText, pickOn} from "./picked-place.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";

/** The page's formula of the posterior: the two factors of its mean, and its variance. */
export type PosteriorFormula = (alphaBar: number, alphaBarPrev: number) => Posterior;

export interface PosteriorFigureOptions {
  schedule: Schedule;
  tries?: number; // candidates that Bayes' rule looks at, defaults to 4000
  seed?: number; // of the candidates, defaults to 1
  invalidation?: Promise<unknown>;
}

export interface PosteriorFigure extends Live {
  /** Draws the formula of the page's cell from now on. */
  use(code: {posterior: PosteriorFormula}): void;
}

/** One step of a list, with its levels. */
interface Step {
  t: number; // as papers count
  tPrev: number;
  alphaBar: number;
  alphaBarPrev: number;
}

type Which = "x0" | "xt";

/**
 * The posterior q(x_prev | x_t, x_0) for a picked x_0 and x_t, drawn by the page's formula, over draws that were made by
 * Bayes' rule without a formula. Where they disagree the formula is wrong, and the figure says so.
 */
export function posteriorFigure(options: PosteriorFigureOptions): PosteriorFigure {
  const {schedule, tries = 4000, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  const picked: Record<Which, readonly [number, number]> = {x0: [-0.9, -0.4], xt: [0.5, 0.6]};
  let formula: PosteriorFormula = posteriorBetween;
  let good: Posterior = posteriorBetween(0.5, 0.6); // the last that could be drawn
  let draws: Float64Array = new Float64Array(0);
  const moved = select<Which>({
    name: "the pointer moves",
    options: [
      {value: "xt", label: "xₜ"},
      {value: "x0", label: "x₀"}
    ]
  });
  const steps = slider({name: "steps", symbol: "S", min: 3, max: 100, step: 1, value: 10});
  const time = slider({
    name: "time",
    min: 2,
    max: 10,
    step: 1,
    value: 4,
    wide: true,
    format: (k) => stepText(stepAt(k))
  });
  const canvas = plane({signal, extent: 2.4, draw: paint});
  const factors = chart(factorChart(listOf(steps.value), 0));
  const ofX0 = reading("of x₀ in the mean", "var(--data)");
  const ofXt = reading("of xₜ in the mean", "var(--noise)");
  const std = reading("standard deviation of the posterior");
  const root = live(
    "The posterior of one step back",
    controls(moved, steps, time),
    element("div", {class: "panels budget"}, canvas, factors as unknown as HTMLElement),
    readings(ofX0, ofXt, std)
  );
  root.badge("exact", "the circle is the formula; the dots are draws by Bayes’ rule");
  pickOn(
    canvas,
    () => picked[moved.value],
    (at) => ((picked[moved.value] = at), update()),
    signal
  );
  time.addEventListener("input", update);
  steps.addEventListener("input", () => {
    const share = time.value / time.max;
    time.max = steps.value;
    time.value = Math.max(2, Math.round(share * steps.value));
    update();
  });
  root.table(() => ({
    columns: ["t", "t_prev", "factor of x_0", "factor of x_t", "variance"],
    rows: listOf(steps.value).map((s) => [s.t, s.tPrev, ...valuesOf(posteriorBetween(s.alphaBar, s.alphaBarPrev))])
  }));
  update();
  return Object.assign(root, {
    use(code: {posterior: PosteriorFormula}) {
      formula = code.posterior;
      update();
    }
  });

  function listOf(count: number): Step[] {
    const list = withPrevious(timestepList("trailing", {timesteps: schedule.timesteps, steps: count}));
    return list.reverse().map(({t, tPrev}) => ({
      t: t + 1,
      tPrev: tPrev + 1,
      alphaBar: alphaBarAt(schedule, t),
      alphaBarPrev: alphaBarAt(schedule, tPrev)
    }));
  }

  function stepAt(k: number): Step {
    const list = listOf(steps.value);
    return list[Math.min(k, list.length) - 1];
  }

  function mean({x0, xt}: Posterior): [number, number] {
    return [0, 1].map((d) => x0 * picked.x0[d] + xt * picked.xt[d]) as [number, number];
  }

  function update(): void {
    const step = stepAt(time.value);
    draws = posteriorDraws({...step, ...picked, tries, random: seededRandom(seed)});
    try {
      good = checked(formula, step);
      root.alert("");
    } catch (error) {
      root.alert(`${(error as Error).message} The picture still shows the last circle.`);
    }
    canvas.redraw();
    factors.update(factorChart(listOf(steps.value), step.t));
    ofX0.set(fixed(good.x0, 3), Math.min(1, Math.abs(good.x0)));
    ofXt.set(fixed(good.xt, 3), Math.min(1, Math.abs(good.xt)));
    std.set(fixed(Math.sqrt(good.variance), 3));
    tell(step);
  }

  function tell(step: Step): void {
    const kept = draws.length / 2;
    const centre = mean(good);
    const formulaText = `The formula: mean (${pairText(centre)}), standard deviation ${fixed(Math.sqrt(good.variance), 2)}.`;
    let text = `Bayes’ rule kept ${kept} of ${tries} candidates.`;
    if (kept >= 30) {
      const {mean: seen, covariance} = sampleMoments(draws);
      const spread = Math.sqrt((covariance[0] + covariance[3]) / 2);
      text += ` Their mean is (${pairText(seen)}), their standard deviation ${fixed(spread, 2)}.`;
      const far = Math.hypot(seen[0] - centre[0], seen[1] - centre[1]) * Math.sqrt(kept / 2) > 5 * spread;
      const wide = Math.abs(spread / Math.sqrt(good.variance) - 1) > 5 / Math.sqrt(4 * kept);
      if (far || wide) text += " The two do not agree: look for a slip in the cell of the posterior.";
    } else text += " That is too few to compare: this xₜ hardly ever comes from this x₀.";
    canvas.describe(`x₀ at (${pairText(picked.x0)}), xₜ at (${pairText(picked.xt)}). ${formulaText} ${text}`);
    root.say(`${stepText(step)}. ${formulaText} ${text}`);
  }

  function paint(view: Plane): void {
    const {alphaBar, alphaBarPrev} = stepAt(time.value);
    const alpha = alphaBar / alphaBarPrev;
    const shrunk = picked.x0.map((value) => Math.sqrt(alphaBarPrev) * value);
    const grown = picked.xt.map((value) => value / Math.sqrt(alpha));
    view.dots(draws, {color: "data", radius: 1.7, alpha: 0.4});
    drawCircle(view, shrunk, 2 * Math.sqrt(1 - alphaBarPrev), {color: "theme-foreground-muted", dash: [2, 3]});
    drawCircle(view, grown, 2 * Math.sqrt((1 - alpha) / alpha), {color: "noise", dash: [7, 4]});
    drawCircle(view, mean(good), 2 * Math.sqrt(good.variance), {color: "data", width: 2.6});
    drawNamed(view, picked.x0, "x₀", {color: "theme-red"});
    drawNamed(view, picked.xt, "xₜ", {color: "noise"});
    drawNamed(view, mean(good), "mean", {color: "data"});
  }

  function factorChart(list: Step[], t: number) {
    const of = (name: keyof Posterior) =>
      list.map((step) => [step.t, posteriorBetween(step.alphaBar, step.alphaBarPrev)[name]] as const);
    return {
      title: "The two factors of the posterior’s mean, and its standard deviation",
      height: 300,
      x: {label: "step t", domain: [0, schedule.timesteps] as const, format: "d"},
      y: {label: "factor", domain: [0, 1] as const},
      cursor: t,
      series: [
        {name: "of x₀", color: "data" as const, points: of("x0")},
        {name: "of xₜ", color: "noise" as const, dash: [7, 4], points: of("xt")},
        {
          name: "std",
          color: "theme-foreground" as const,
          dash: [2, 2],
          points: of("variance").map(([at, value]) => [at, Math.sqrt(value)] as const)
        }
      ]
    };
  }
}

function valuesOf({x0, xt, variance}: Posterior): number[] {
  return [x0, xt, variance];
}

/** The formula's answer, or an error of the cell's. */
function checked(formula: PosteriorFormula, {alphaBar, alphaBarPrev}: Step): Posterior {
  return ownCode("posterior", () => {
    const answer: unknown = formula(alphaBar, alphaBarPrev);
    if (!answer || typeof answer !== "object")
      throw new TypeError(`it returned ${kindOf(answer)}, but it should return {x0, xt, variance}`);
    for (const name of ["x0", "xt", "variance"] as const) {
      const value: unknown = (answer as Posterior)[name];
      if (typeof value !== "number" || !Number.isFinite(value))
        throw new TypeError(`its ${name} is ${kindOf(value)}, but it should be a finite number`);
    }
    if ((answer as Posterior).variance < 0) throw new RangeError("its variance is negative");
    return answer as Posterior;
  })();
}

function stepText({t, tPrev}: Step): string {
  return `t = ${t} → ${tPrev}`;
}
