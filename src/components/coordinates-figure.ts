import type {Coordinate} from "../lib/coordinates.js";
import {coordinates, inCoordinate} from "../lib/coordinates.js";
import {diffuse} from "../lib/forward.js";
import {mixtureEpsilon} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {drawField, fieldGrid} from "./field.js";
import {readable} from "./format.js";
import {lifetime} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {drawArrowTo, drawNamed} from "./marks.js";
import {kindOf, ownCode} from "./own-code.js";
import type {PickedPlace} from "./picked-place.js";
import {pairText, pickOn} from "./picked-place.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";

/** The page's conversion: one coordinate of the noise in x_t, as the data, the velocity and the score. */
export type Convert = (epsilon: number, x: number, alphaBar: number) => Record<Exclude<Coordinate, "epsilon">, number>;

export interface CoordinatesFigureOptions {
  sets: readonly PointSet[]; // with a mixture
  schedule: Schedule;
  place: PickedPlace; // shared with other figures of the page
  invalidation?: Promise<unknown>;
}

export interface CoordinatesFigure extends Live {
  /** Converts with the page's cell from now on. */
  use(code: {convert: Convert}): void;
}

const extent = 2.6;
const side = 17;
const grid = fieldGrid(extent, side);
const labels: Record<Coordinate, string> = {epsilon: "noise ε", x0: "data x₀", v: "velocity v", score: "score"};

/** All that is drawn at one time. */
interface Shown {
  cloud: Float64Array; // of the data at this time
  field: Float64Array; // [side * side, 2], of the chosen coordinate
  here: Record<Coordinate, Float64Array>; // at the picked place
  longest: number; // of the arrows that are drawn to scale
}

/**
 * The exact denoiser of a mixture as a field in one of four coordinates, under a time slider. The noise comes from the
 * library, the other three from it by the page's conversion.
 */
export function coordinatesFigure(options: CoordinatesFigureOptions): CoordinatesFigure {
  const {sets, schedule, place} = options;
  const signal = lifetime(options.invalidation);
  let convert: Convert = (epsilon, x, alphaBar) => {
    const [e, at] = [Float64Array.of(epsilon), Float64Array.of(x)];
    const [x0, v, score] = (["x0", "v", "score"] as const).map((name) => inCoordinate(name, e, at, alphaBar)[0]);
    return {x0, v, score};
  };
  const data = select({name: "data", options: sets.map(({name, title}) => ({value: name, label: title}))});
  const coordinate = select<Coordinate>({
    name: "coordinate",
    options: coordinates.map((value) => ({value, label: labels[value]}))
  });
  const time = slider({
    name: "time",
    min: 1,
    max: schedule.timesteps,
    step: 1,
    value: Math.round(0.25 * schedule.timesteps),
    wide: true,
    format: (t) => `t = ${t} of ${schedule.timesteps}`
  });
  const note = element("small");
  const title = element("span");
  const canvas = plane({signal, extent, draw: paint});
  const numbers = {
    epsilon: reading("noise ε at the mark", "var(--noise)"),
    x0: reading("data x₀, guessed from it", "var(--data)"),
    v: reading("velocity v", "var(--ddim)"),
    score: reading("score", "var(--learned)")
  };
  const root = live(
    "One guess in four coordinates",
    controls(data, coordinate, time),
    element(
      "div",
      {style: "max-width: 34rem; margin: 0 auto"},
      element("p", {class: "panel-title"}, title, note),
      canvas
    ),
    readings(...coordinates.map((name) => numbers[name]))
  );
  let shown: Shown | null = null;
  root.badge("exact", "the denoiser is the mixture’s own formula");
  pickOn(canvas, () => place.at, place.set, signal);
  place.onChange(update, signal);
  for (const control of [data, coordinate, time]) control.addEventListener("input", update);
  root.table(() => ({
    columns: ["x", "y", `${coordinate.value}, x`, `${coordinate.value}, y`],
    rows: Array.from({length: side * side}, (_, i) => [
      ...grid.slice(2 * i, 2 * i + 2),
      ...(shown?.field.slice(2 * i, 2 * i + 2) ?? [])
    ])
  }));
  update();
  return Object.assign(root, {
    use(code: {convert: Convert}) {
      convert = code.convert;
      update();
    }
  });

  function update(): void {
    try {
      shown = look();
      root.alert("");
    } catch (error) {
      root.alert(`${(error as Error).message} The picture still shows the last field.`);
      return;
    }
    canvas.redraw();
    tell(shown);
  }

  function look(): Shown {
    const set = sets.find(({name}) => name === data.value)!;
    const alphaBar = alphaBarAt(schedule, time.value - 1);
    const random = seededRandom(3);
    const x0 = set.sample(700, random.fork(1));
    const at = Float64Array.from(place.at);
    const seen = (x: Float64Array) => mixtureEpsilon(set.mixture!, x, alphaBar);
    const all = (x: Float64Array, name: Coordinate) => converted(convert, name, seen(x), x, alphaBar);
    const field = all(grid, coordinate.value);
    const here = Object.fromEntries(coordinates.map((name) => [name, all(at, name)])) as Shown["here"];
    const cloud = diffuse(x0, random.fork(2).normals(x0.length), alphaBar);
    return {cloud, field, here, longest: usualLength(field)};
  }

  function tell({here, longest}: Shown): void {
    const name = coordinate.value;
    title.textContent = labels[name];
    note.textContent =
      name === "x0" ? "each line ends at the guess" : `the longest arrows stand for ${readable(longest, 2)} or more`;
    for (const each of coordinates) numbers[each].set(pairText(here[each]));
    const text =
      `t = ${time.value}. At (${pairText(place.at)}) the noise is (${pairText(here.epsilon)}), the guess of the data ` +
      `(${pairText(here.x0)}), the velocity (${pairText(here.v)}), the score (${pairText(here.score)}).`;
    canvas.describe(`${labels[name]} over the plane, and the points of the data at this time. ${text}`);
    root.say(text);
  }

  function paint(view: Plane): void {
    if (!shown) return;
    const {cloud, field, here, longest} = shown;
    const name = coordinate.value;
    view.dots(cloud, {color: "theme-foreground-fainter", radius: 1.5, alpha: 0.6});
    if (name === "x0") drawEnds(view, field);
    else {
      const against = field.map((value) => (-2.5 * value) / longest); // drawField draws against what it is given
      drawField(view, grid, against, {color: fieldColor[name]});
    }
    const [x, y] = place.at;
    const [vx, vy] = here[name];
    const cell = (2 * extent) / side / longest;
    const end = name === "x0" ? [vx, vy] : [x + 3 * cell * vx, y + 3 * cell * vy];
    drawArrowTo(view, place.at, end, {color: "theme-foreground"});
    drawNamed(view, place.at, "xₜ", {color: "theme-foreground"});
  }
}

const fieldColor = {epsilon: "noise", x0: "data", v: "ddim", score: "learned"} as const;

/** A line from each place to the data that it is taken for, which is a dot. */
function drawEnds(view: Plane, ends: Float64Array): void {
  for (let i = 0; i < grid.length / 2; ++i) {
    view.trail([grid, ends], i, {color: "data", width: 0.8, alpha: 0.7});
  }
  view.dots(ends, {color: "data", radius: 2.4, alpha: 0.8});
}

function converted(convert: Convert, name: Coordinate, epsilon: Float64Array, x: Float64Array, alphaBar: number) {
  if (name === "epsilon") return epsilon;
  const own = ownCode("convert", (e: number, at: number) => {
    const answer: unknown = convert(e, at, alphaBar);
    const value = answer && typeof answer === "object" ? (answer as Record<string, unknown>)[name] : undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new TypeError(`its ${name} is ${kindOf(value)}, but it should be a finite number`);
  });
  return epsilon.map((value, i) => own(value, x[i]));
}

/** The length that nine of ten vectors do not exceed. */
function usualLength(field: Float64Array): number {
  const lengths = Float64Array.from({length: field.length / 2}, (_, i) => Math.hypot(field[2 * i], field[2 * i + 1]));
  return Math.max(1e-9, lengths.sort()[Math.floor(0.9 * lengths.length)]);
}
