// What a chart says to those who do not see it.
import type {ChartOptions, Series} from "./chart.js";
import {readable} from "./format.js";

/** The course of each line, and the levels that are marked. */
export function chartText({title, x, y, series, levels = []}: ChartOptions): string {
  const named = series.filter(({faint, points}) => !faint && points.length > 0);
  const unnamed = series.filter(({faint, points}) => faint && points.length > 0).length;
  return [
    `${title}. ${y.label} against ${x.label}.`,
    ...named.map(({name, points}) => `${name || "The line"} ${course(points)}.`),
    ...levels.map(({y: level, label}) => `A line across at ${short(level)}: ${label}.`),
    unnamed ? `${unnamed} pale ${unnamed === 1 ? "line" : "lines"} beside.` : "",
    named.length + unnamed ? "" : "Nothing is drawn yet."
  ]
    .filter(Boolean)
    .join(" ");
}

/** Where a line begins and ends, and how far beyond both it goes between them. */
function course(points: Series["points"]): string {
  const [first, last] = [points[0], points.at(-1)!];
  const by = (better: (a: number, b: number) => boolean) => points.reduce((a, b) => (better(b[1], a[1]) ? b : a));
  const [low, high] = [by((a, b) => a < b), by((a, b) => a > b)];
  const far = (at: number) => Math.min(Math.abs(at - first[1]), Math.abs(at - last[1])) > 0.05 * (high[1] - low[1]);
  const place = ([px, py]: readonly [number, number]) => `${short(py)} at ${short(px)}`;
  const most = far(high[1]) ? `, its highest ${place(high)}` : "";
  const least = far(low[1]) ? `, its lowest ${place(low)}` : "";
  return `goes from ${place(first)} to ${place(last)}${most}${least}`;
}

/** What each line is at the cursor. */
export function cursorText({series}: ChartOptions, at: number): string {
  const nearest = (points: Series["points"]) =>
    points.reduce((a, b) => (Math.abs(b[0] - at) < Math.abs(a[0] - at) ? b : a))[1];
  const values = series
    .filter(({faint, points}) => !faint && points.length > 0)
    .map(({name, points}) => `${name} ${short(nearest(points))}`.trim());
  return values.length ? `The cursor is at ${short(at)}: ${values.join(", ")}.` : "";
}

/** A number in words' company: `5`, not `5.00`. */
function short(value: number): string {
  return readable(value).replace(/\.0+$/, "");
}
