import type {ChartOptions} from "./chart.js";
import type {FigureTable} from "./live.js";

/** Clouds [n, 2] side by side as a table: one row a point, with the x and y of each cloud by its name. */
export function pointsTable(clouds: Record<string, ArrayLike<number>>): FigureTable {
  const all = Object.entries(clouds);
  const count = Math.max(0, ...all.map(([, points]) => points.length / 2));
  const columns = ["point", ...all.flatMap(([name]) => [`${name}_x`, `${name}_y`])];
  const rows = Array.from({length: count}, (_, i) => [
    i,
    ...all.flatMap(([, points]) => [points[2 * i] ?? NaN, points[2 * i + 1] ?? NaN])
  ]);
  return {columns, rows};
}

/** The lines of a chart as a table: one row a point of a line, with the line's name. */
export function chartTable({x, y, series}: Pick<ChartOptions, "x" | "y" | "series">): FigureTable {
  const rows = series.flatMap(({name, points}) => points.map(([a, b]): (number | string)[] => [name, a, b]));
  return {columns: ["line", x.label, y.label], rows};
}
