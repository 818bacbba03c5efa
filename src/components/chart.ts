import {chartText, cursorText} from "./chart-text.js";
import type {ColorName} from "./theme.js";
import {axisBottom, axisLeft, scaleLinear, scaleLog, select} from "./vendor/d3.js";
import type {Axis, AxisScale} from "./vendor/d3.js";

export interface Series {
  name: string; // written at the line's end
  color: ColorName;
  dash?: readonly number[];
  points: readonly (readonly [number, number])[];
  width?: number; // CSS pixels; defaults to 2
  dots?: boolean; // marks each point
  faint?: boolean; // drawn pale and without a label, e.g. a raw loss under its average
  /** Where the name is written, when lines meet at their ends: beside the line at this x. */
  label?: {x: number; side: "left" | "right"};
}

/** A d3-format specifier, or a function of the value. */
export type TickFormat = string | ((value: number) => string);

export interface ChartOptions {
  title: string; // the text alternative's first words
  x: {label: string; domain?: readonly [number, number]; log?: boolean; reverse?: boolean; format?: TickFormat};
  y: {label: string; domain?: readonly [number, number]; log?: boolean; format?: TickFormat};
  series: readonly Series[];
  height?: number; // CSS pixels; defaults to 200
  width?: number; // CSS pixels of the drawing, scaled to its container; defaults to the container's own width
  room?: number; // CSS pixels kept free on the right, for names beyond the ends of lines; defaults to 0
  cursor?: number; // an x value to mark
  levels?: readonly {y: number; label: string; side?: "left"}[]; // horizontal lines, e.g. chance; named at the right
}

export interface Chart extends SVGSVGElement {
  /** Draws new data, or only moves the cursor. */
  update(next: Partial<ChartOptions>): void;
}

const margin = {top: 18, right: 16, bottom: 36, left: 52};

/** A line chart in SVG, labelled directly at the lines, so that no colour has to be looked up. */
export function chart(initial: ChartOptions): Chart {
  let options = initial;
  let moveCursor: MoveCursor;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as Chart;
  svg.setAttribute("role", "img");
  svg.classList.add("chart");
  const redraw = () => {
    moveCursor = draw(svg, options);
  };
  svg.update = (next) => {
    const moved = Object.keys(next).join() === "cursor" && next.cursor !== undefined && options.cursor !== undefined;
    options = {...options, ...next};
    if (moved) moveCursor(options.cursor!);
    else redraw();
  };
  redraw();
  if (initial.width === undefined) {
    svg.style.width = "100%";
    let drawn = 0;
    const follow = () => {
      if (!svg.clientWidth || svg.clientWidth === drawn) return;
      drawn = svg.clientWidth;
      redraw();
    };
    // Without a signal: an observer goes with its element. Letters keep their size on a phone. Not at once, since what is
    // drawn has another height, which an observer may not change: WebKit reports that as an error of the page.
    new ResizeObserver(() => requestAnimationFrame(follow)).observe(svg);
  }
  return svg;
}

type Scale = ReturnType<typeof makeScale>;

function makeScale(log: boolean, domain: readonly [number, number], range: [number, number]) {
  return (log ? scaleLog() : scaleLinear()).domain(domain).range(range);
}

function domainOf(options: ChartOptions, axis: 0 | 1): [number, number] {
  const {domain, log} = axis === 0 ? {...options.x} : {...options.y};
  if (domain) return [...domain];
  let low = Infinity;
  let high = -Infinity;
  for (const {points} of options.series) {
    for (const point of points) {
      const value = point[axis];
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Moves the cursor and leaves the rest as it is: what a figure that plays can afford in each frame. */
type MoveCursor = (to: number) => void;

function draw(svg: SVGSVGElement, options: ChartOptions): MoveCursor {
  const {width = svg.clientWidth || 640, height = 200} = options;
  const root = select(svg).attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
  svg.style.height = "auto";
  const text = chartText(options);
  root.attr("aria-label", text);
  root.selectAll("*").remove();
  const right = width - (options.room ?? 0);
  const inner: [number, number] = [margin.left, right - margin.right];
  const x = makeScale(Boolean(options.x.log), domainOf(options, 0), options.x.reverse ? [inner[1], inner[0]] : inner);
  const y = makeScale(Boolean(options.y.log), domainOf(options, 1), [height - margin.bottom, margin.top]);
  axes(root, x, y, options, right, height);
  for (const {y: level} of options.levels ?? []) {
    root.append("line").attr("class", "cursor").attr("x1", inner[0]).attr("x2", inner[1]);
    root.select("line.cursor:last-of-type").attr("y1", y(level)).attr("y2", y(level));
  }
  lines(root, x, y, options, inner);
  for (const {y: level, label, side} of options.levels ?? []) {
    root
      .append("text")
      .attr("x", side ? inner[0] + 6 : inner[1])
      .attr("y", y(level) + (side ? 13 : -4))
      .attr("text-anchor", side ? "start" : "end")
      .attr("style", halo)
      .text(label);
  }
  if (options.cursor === undefined) return () => {};
  const cursor = root
    .append("line")
    .attr("class", "cursor")
    .attr("y1", margin.top)
    .attr("y2", height - margin.bottom);
  const move = (to: number) => {
    cursor.attr("x1", x(to)).attr("x2", x(to));
    root.attr("aria-label", `${text} ${cursorText(options, to)}`);
  };
  move(options.cursor);
  return move;
}

type Root = ReturnType<typeof select<SVGSVGElement, unknown>>;

function axes(root: Root, x: Scale, y: Scale, options: ChartOptions, width: number, height: number): void {
  const left = y as AxisScale<number>;
  const bottom = x as AxisScale<number>;
  root
    .append("g")
    .attr("class", "grid")
    .attr("transform", `translate(${margin.left},0)`)
    .call(
      axisLeft(left)
        .tickValues(named(y, options.y.format))
        .tickSize(-(width - margin.left - margin.right))
        .tickFormat(() => "")
    )
    .select(".domain")
    .remove();
  root
    .append("g")
    .attr("class", "axis")
    .attr("transform", `translate(0,${height - margin.bottom})`)
    .call(ticks(axisBottom(bottom), width < 420 ? 4 : 6, options.x.format));
  root
    .append("g")
    .attr("class", "axis")
    .attr("transform", `translate(${margin.left},0)`)
    .call(ticks(axisLeft(left), 4, options.y.format));
  root
    .append("text")
    .attr("x", margin.left - 40)
    .attr("y", 11)
    .text(options.y.label);
  root
    .append("text")
    .attr("x", width - margin.right)
    .attr("y", height - 4)
    .attr("text-anchor", "end")
    .text(options.x.label);
}

/** The values that the axis names. A logarithmic one has marks between them, whose lines would fill the picture. */
function named(scale: Scale, format?: TickFormat): number[] {
  const text = typeof format === "function" ? format : scale.tickFormat(4, format);
  return scale.ticks(4).filter((value) => text(value));
}

function ticks(axis: Axis<number>, count: number, format?: TickFormat): Axis<number> {
  return typeof format === "function" ? axis.ticks(count).tickFormat(format) : axis.ticks(count, format);
}

function lines(root: Root, x: Scale, y: Scale, options: ChartOptions, inner: [number, number]): void {
  const [low, high] = y.domain();
  const visible = (point: readonly [number, number]) =>
    Number.isFinite(point[1]) && (!options.y.log || point[1] > 0) && Number.isFinite(x(point[0]));
  const clampY = (value: number) => y(Math.max(Math.min(low, high), Math.min(Math.max(low, high), value)));
  const shown = options.series.map((series) =>
    series.points.filter(visible).map(([a, b]) => [x(a), clampY(b)] as const)
  );
  const placed: Spot[] = [];
  for (const [k, series] of options.series.entries()) {
    root
      .append("path")
      .attr("d", pathThrough(series.points.map((p) => (visible(p) ? [x(p[0]), clampY(p[1])] : null))))
      .attr("fill", "none")
      .attr("style", `stroke: var(--${series.color})`)
      .attr("stroke-opacity", series.faint ? 0.7 : 1)
      .attr("stroke-width", series.width ?? 2)
      .attr("stroke-dasharray", series.dash?.join(" ") ?? null);
    for (const [cx, cy] of series.dots ? shown[k] : []) {
      root.append("circle").attr("cx", cx).attr("cy", cy).attr("r", 3.5).attr("style", `fill: var(--${series.color})`);
    }
    if (series.faint || shown[k].length === 0) continue;
    const others = shown.filter((_, other) => other !== k && !options.series[other].faint);
    const given = series.label && ownSpot(series, shown[k], x(series.label.x));
    const spot = given ?? bestSpot(shown[k], others, placed, inner, [margin.top, y.range()[0]]);
    placed.push(spot);
    root
      .append("text")
      .attr("class", "direct-label")
      .attr("x", spot[0])
      .attr("y", spot[1] + 4)
      .attr("text-anchor", given ? (series.label!.side === "right" ? "start" : "end") : "middle")
      .attr("style", `fill: var(--${series.color}); ${halo}`)
      .text(series.name);
  }
}

/** A line in pixels, to a tenth, with a gap for each point that is not to be seen. */
function pathThrough(points: readonly (Spot | null)[]): string {
  const move = (k: number) => (points[k - 1] ? "L" : "M");
  return points.map((p, k) => (p ? `${move(k)}${p.map((value) => Math.round(10 * value) / 10).join()}` : "")).join("");
}

// A name may cross a line; the line stops short of it.
const halo = "paint-order: stroke; stroke: var(--theme-background); stroke-width: 4px; stroke-linejoin: round";

type Spot = readonly [number, number];

/** Beside the line, where the series asks for it, and a little off the side that the line turns to. */
function ownSpot({label}: Series, own: readonly Spot[], at: number): Spot {
  const k = own.findIndex((point) => point[0] >= at);
  const [x, y] = own.at(k)!;
  const falls = (own[k + 1] ?? own.at(-1)!)[1] >= (own[k - 1] ?? own[0])[1];
  return label!.side === "right" ? [x + 6, y + (falls ? -5 : 6)] : [x - 6, y + (falls ? 6 : -5)];
}

/** Where along a line its name stands freest: above or below it, far from the other lines and their names. */
function bestSpot(
  own: readonly Spot[],
  others: readonly (readonly Spot[])[],
  placed: readonly Spot[],
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number]
): Spot {
  let best: Spot = own[0];
  let most = -Infinity;
  for (const share of [0.85, 0.65, 0.45, 0.25, 0.12]) {
    const [px, py] = own[Math.floor(share * (own.length - 1))];
    for (const shift of [-11, 13]) {
      const spot: Spot = [Math.min(Math.max(px, left + 30), right - 30), py + shift];
      if (spot[1] < top || spot[1] > bottom - 4) continue;
      const lines = others.map((line) => Math.abs(heightAt(line, spot[0]) - spot[1]));
      const names = placed.map(([ox, oy]) => Math.hypot((ox - spot[0]) / 3, oy - spot[1]));
      const room = Math.min(40, ...lines, ...names, Math.abs(heightAt(own, spot[0]) - spot[1]) * 3);
      if (room > most) [best, most] = [spot, room];
    }
  }
  return best;
}

function heightAt(line: readonly Spot[], at: number): number {
  let nearest = line[0] ?? [Infinity, Infinity];
  for (const point of line) if (Math.abs(point[0] - at) < Math.abs(nearest[0] - at)) nearest = point;
  return Math.abs(nearest[0] - at) < 60 ? nearest[1] : Infinity;
}
