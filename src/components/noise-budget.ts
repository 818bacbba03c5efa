import {ddimSigma, etaLimit} from "../lib/ddim.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList, withPrevious} from "../lib/timesteps.js";
import {alphaBarAt} from "../lib/schedule.js";
import {controls, slider} from "./controls.js";
import {lifetime} from "./lifetime.js";
import {live} from "./live.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {themeColor} from "./theme.js";
import {element} from "./element.js";

/** What one step of DDIM(eta) does with the noise of its next level: two legs of a right triangle. */
interface Budget {
  radius: number; // sqrt(1 - alphaBarPrev), the noise that the next level must have
  sigma: number; // the fresh part, or NaN beyond the limit
  one: number; // sigma at eta = 1, DDPM
  limit: number; // the largest eta
}

/**
 * The noise budget of one step, drawn as a quarter circle of radius sqrt(1 - alphaBar_prev): along the axis what is
 * reused of the predicted noise, upwards what is fresh (Eq. family of /ddim). Sliders: eta, time, steps.
 */
export function noiseBudget({
  schedule,
  invalidation
}: {
  schedule: Schedule;
  invalidation?: Promise<unknown>;
}): HTMLElement {
  const signal = lifetime(invalidation);
  const eta = slider({
    name: "eta",
    symbol: "η",
    max: 2.5,
    value: 0.6,
    format: (v) => v.toFixed(2),
    color: "var(--ddim)"
  });
  const steps = slider({name: "steps", symbol: "S", min: 2, max: 100, step: 1, value: 10});
  const time = slider({name: "time", min: 1, max: 9, step: 1, value: 5, wide: true, format: (k) => stepText(k)});
  const canvas = plane({signal, center: [0.55, 0.5], extent: 0.68, draw: (p) => paint(p, budget())});
  const text = element("div", {class: "budget-text"});
  const root = live(
    "Noise budget of one DDIM step",
    controls(eta, steps, time),
    element("div", {class: "panels budget"}, canvas, text)
  );
  root.badge("exact", "read off the schedule");
  root.table(() => {
    const {t, tPrev} = pair(time.value);
    const {radius, sigma, one, limit} = budget();
    const columns = ["eta", "t", "t_prev", "noise_of_next_level", "reused", "fresh", "sigma_at_eta_1", "limit_of_eta"];
    const reused = Math.sqrt(radius ** 2 - sigma ** 2);
    return {columns, rows: [[eta.value, t + 1, tPrev + 1, radius, reused, sigma, one, limit]]};
  });
  for (const control of [eta, time]) control.addEventListener("input", update);
  steps.addEventListener("input", () => {
    const most = steps.value - 1; // the last step goes to clean data: there is no noise to spend
    if (time.value > most) time.value = most; // before its limit, which has the value written anew
    time.max = most;
    update();
  });
  update();
  return root;

  function pair(k: number) {
    return withPrevious(timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value}))[k - 1];
  }

  function stepText(k: number): string {
    const {t, tPrev} = pair(k); // in code they count from 0
    return `t = ${t + 1} → ${tPrev + 1}`;
  }

  function budget(): Budget {
    const {t, tPrev} = pair(time.value);
    const [alphaBar, alphaBarPrev] = [alphaBarAt(schedule, t), alphaBarAt(schedule, tPrev)];
    const limit = etaLimit(alphaBar, alphaBarPrev);
    const one = ddimSigma(alphaBar, alphaBarPrev, 1);
    return {radius: Math.sqrt(1 - alphaBarPrev), one, limit, sigma: eta.value <= limit ? eta.value * one : NaN};
  }

  function update(): void {
    const {radius, sigma, one, limit} = budget();
    canvas.redraw();
    const legal = Number.isFinite(sigma);
    const reused = Math.sqrt(radius ** 2 - sigma ** 2);
    text.replaceChildren(
      row("noise of the next level", radius),
      row("reused, along the prediction", legal ? reused : NaN, "var(--ddim)"),
      row("fresh, σ", legal ? sigma : NaN, "var(--ddpm)"),
      row("σ at η = 1 (DDPM)", one),
      row("limit of η", limit)
    );
    canvas.describe(
      legal
        ? `Right triangle: reused noise ${reused.toFixed(3)}, fresh noise ${sigma.toFixed(3)}, hypotenuse ${radius.toFixed(3)}`
        : `No triangle: eta ${eta.value} is beyond the limit ${limit.toFixed(2)}`
    );
    root.say(
      legal
        ? `With η = ${eta.value.toFixed(2)}, ${Math.round((100 * sigma ** 2) / radius ** 2)}% of the noise variance is fresh.`
        : ""
    );
    root.alert(
      legal
        ? ""
        : `η = ${eta.value.toFixed(2)} is beyond the limit of this step, ${limit.toFixed(2)}: ` +
            "more fresh noise than the next level may hold, and the root is of a negative number.",
      {
        "Go to the limit": () => {
          eta.value = Math.floor(limit * 100) / 100;
          update();
        }
      }
    );
  }
}

function row(label: string, value: number, color = "inherit"): HTMLElement {
  return element(
    "p",
    {},
    element("span", {}, label),
    element("b", {style: `color: ${color}`}, Number.isFinite(value) ? value.toFixed(3) : "–")
  );
}

function paint(canvas: Plane, {radius, sigma, one}: Budget): void {
  const {context: c} = canvas;
  const [x, y] = [canvas.x, canvas.y];
  const stroke = (color: Parameters<typeof themeColor>[0], width: number, dash: number[] = []) => {
    c.strokeStyle = themeColor(color);
    c.lineWidth = width;
    c.setLineDash(dash);
    c.stroke();
    c.setLineDash([]);
  };
  const segment = (ax: number, ay: number, bx: number, by: number) => {
    c.beginPath();
    c.moveTo(x(ax), y(ay));
    c.lineTo(x(bx), y(by));
  };
  segment(0, 0, 1.08, 0);
  stroke("theme-foreground-fainter", 1);
  segment(0, 0, 0, 1.08);
  stroke("theme-foreground-fainter", 1);
  c.beginPath();
  c.arc(x(0), y(0), x(radius) - x(0), -Math.PI / 2, 0);
  stroke("theme-foreground-muted", 1.5);
  c.font = "12px system-ui, sans-serif";
  c.fillStyle = themeColor("theme-foreground-muted");
  c.fillText("reused noise →", x(0.62), y(-0.08));
  c.fillText("fresh noise ↑", x(0.02), y(1.1));
  dot(canvas, Math.sqrt(radius ** 2 - one ** 2), one, "ddpm", "η = 1, DDPM");
  dot(canvas, radius, 0, "ddim", "η = 0");
  if (!Number.isFinite(sigma)) return;
  const reused = Math.sqrt(radius ** 2 - sigma ** 2);
  segment(0, 0, reused, sigma);
  stroke("theme-foreground", 2);
  segment(0, 0, reused, 0);
  stroke("ddim", 4);
  segment(reused, 0, reused, sigma);
  stroke("ddpm", 4, [7, 4]);
  dot(canvas, reused, sigma, "theme-foreground", "");
}

function dot(canvas: Plane, px: number, py: number, color: Parameters<typeof themeColor>[0], label: string): void {
  const {context: c} = canvas;
  c.fillStyle = themeColor(color);
  c.beginPath();
  c.arc(canvas.x(px), canvas.y(py), 5, 0, 2 * Math.PI);
  c.fill();
  c.fillText(label, canvas.x(px) + 8, canvas.y(py) - 8);
}
