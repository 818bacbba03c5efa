import {svgElement, svgNumber, xmlText} from "./svg-text.js";

/** A context to draw into, and what was drawn, as SVG. */
export interface SvgRecorder {
  context: CanvasRenderingContext2D;
  /** The elements drawn so far. */
  content(): string;
}

export interface SvgRecorderOptions {
  size: readonly [width: number, height: number]; // CSS pixels
  /** The width of a text in a font; defaults to a guess. */
  measure?: (text: string, font: string) => number;
  /** The address of an image, as data; without it an image cannot be drawn. */
  imageAddress?: (image: CanvasImageSource) => string;
}

/** What save() keeps. The matrix is a canvas's: x' = a x + c y + e, y' = b x + d y + f. */
interface State {
  matrix: [a: number, b: number, c: number, d: number, e: number, f: number];
  clip: string; // the attribute's value
  dash: number[];
  fields: Fields;
}

const initialFields = {
  fillStyle: "#000000",
  strokeStyle: "#000000",
  lineWidth: 1,
  lineCap: "butt",
  lineJoin: "miter",
  miterLimit: 10,
  lineDashOffset: 0,
  globalAlpha: 1,
  font: "10px sans-serif",
  textAlign: "start",
  textBaseline: "alphabetic",
  imageSmoothingEnabled: true,
  globalCompositeOperation: "source-over"
};
type Fields = typeof initialFields;

let clips = 0;

/**
 * A 2D context that writes SVG instead of pixels: paths, arcs, text, images, transforms that keep circles round, and clips.
 * A call that it does not know throws an Error with the call's name.
 */
export function svgRecorder({size, measure = guess, imageAddress}: SvgRecorderOptions): SvgRecorder {
  const parts: string[] = [];
  const stack: State[] = [];
  let path: string[] = [];
  let state: State = {matrix: [1, 0, 0, 1, 0, 0], clip: "", dash: [], fields: {...initialFields}};

  const at = (x: number, y: number) => {
    const [a, b, c, d, e, f] = state.matrix;
    return `${svgNumber(a * x + c * y + e)} ${svgNumber(b * x + d * y + f)}`;
  };
  const scale = () => Math.sqrt(Math.abs(state.matrix[0] * state.matrix[3] - state.matrix[1] * state.matrix[2]));
  const go = (command: string, ...points: [number, number][]) => {
    const places = points.map(([x, y]) => at(x, y));
    path.push(`${!path.length && command === "L" ? "M" : command}${places.join(" ")}`);
  };
  const common = () => ({"clip-path": state.clip, opacity: optional(state.fields.globalAlpha, 1)});
  const placed = () => (state.matrix.join() === "1,0,0,1,0,0" ? undefined : `matrix(${state.matrix.join(" ")})`);
  const draw = (d: string[], attributes: Record<string, string | number | undefined>) => {
    if (d.length) parts.push(svgElement("path", {d: d.join(""), ...attributes, ...common()}));
  };
  const strokeOf = () => {
    const {strokeStyle, lineWidth, lineCap, lineJoin, lineDashOffset} = state.fields;
    return {
      fill: "none",
      stroke: strokeStyle,
      "stroke-width": lineWidth * scale(),
      "stroke-linecap": optional(lineCap, "butt"),
      "stroke-linejoin": optional(lineJoin, "miter"),
      "stroke-dasharray": state.dash.map((length) => svgNumber(length * scale())).join(" "),
      "stroke-dashoffset": optional(lineDashOffset * scale(), 0)
    };
  };
  const box = (x: number, y: number, w: number, h: number) => [
    `M${at(x, y)}`,
    `L${at(x + w, y)}`,
    `L${at(x + w, y + h)}`,
    `L${at(x, y + h)}`,
    "Z"
  ];
  const write = (text: string, x: number, y: number, paint: Record<string, string | number | undefined>) => {
    const {font, textAlign, textBaseline} = state.fields;
    const anchor = {center: "middle", right: "end", end: "end"}[textAlign];
    const baseline = {middle: "central", top: "text-before-edge", hanging: "hanging", bottom: "text-after-edge"};
    const look = {
      style: `font: ${font}`,
      "text-anchor": anchor,
      "dominant-baseline": baseline[textBaseline as "middle"]
    };
    const place = {x: svgNumber(x), y: svgNumber(y), transform: placed()};
    parts.push(svgElement("text", {...place, ...look, ...paint, ...common()}, xmlText(text)));
  };

  const calls = {
    canvas: {width: size[0], height: size[1], clientWidth: size[0], clientHeight: size[1]},
    save: () =>
      void stack.push({...state, matrix: [...state.matrix], dash: [...state.dash], fields: {...state.fields}}),
    restore: () => void (state = stack.pop() ?? state),
    setTransform: (...matrix: State["matrix"]) => void (state.matrix = matrix),
    resetTransform: () => void (state.matrix = [1, 0, 0, 1, 0, 0]),
    transform: (...m: State["matrix"]) => void (state.matrix = product(state.matrix, m)),
    translate: (x: number, y: number) => void (state.matrix = product(state.matrix, [1, 0, 0, 1, x, y])),
    scale: (x: number, y: number) => void (state.matrix = product(state.matrix, [x, 0, 0, y, 0, 0])),
    rotate(angle: number) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      state.matrix = product(state.matrix, [c, s, -s, c, 0, 0]);
    },
    setLineDash: (dash: readonly number[]) => void (state.dash = [...dash]),
    getLineDash: () => [...state.dash],
    beginPath: () => void (path = []),
    closePath: () => void (path.length && path.push("Z")),
    moveTo: (x: number, y: number) => go("M", [x, y]),
    lineTo: (x: number, y: number) => go("L", [x, y]),
    quadraticCurveTo: (...[a, b, x, y]: number[]) => go("Q", [a, b], [x, y]),
    bezierCurveTo: (...[a, b, c, d, x, y]: number[]) => go("C", [a, b], [c, d], [x, y]),
    rect: (x: number, y: number, w: number, h: number) => void path.push(...box(x, y, w, h)),
    arc: (x: number, y: number, r: number, from: number, to: number, back = false) =>
      arc(r, r, (angle) => [x + r * Math.cos(angle), y + r * Math.sin(angle)], from, to, back),
    ellipse: (...[x, y, rx, ry, , from, to]: number[]) =>
      arc(rx, ry, (angle) => [x + rx * Math.cos(angle), y + ry * Math.sin(angle)], from, to, false),
    fill: (rule?: string) => draw(path, {fill: state.fields.fillStyle, "fill-rule": optional(rule, "nonzero")}),
    stroke: () => draw(path, strokeOf()),
    fillRect: (x: number, y: number, w: number, h: number) => draw(box(x, y, w, h), {fill: state.fields.fillStyle}),
    strokeRect: (x: number, y: number, w: number, h: number) => draw(box(x, y, w, h), strokeOf()),
    // A picture begins with an empty sheet; what is cleared in its midst would have to be cut out.
    clearRect: (x: number, y: number, w: number, h: number) =>
      void (x <= 0 && y <= 0 && w >= size[0] && h >= size[1] && parts.splice(0)),
    clip() {
      const id = `clip-${++clips}`;
      parts.push(svgElement("clipPath", {id}, svgElement("path", {d: path.join("")})));
      state.clip = `url(#${id})`;
    },
    fillText: (text: string, x: number, y: number) => write(text, x, y, {fill: state.fields.fillStyle}),
    strokeText: (text: string, x: number, y: number) => write(text, x, y, strokeOf()),
    measureText: (text: string) => ({width: measure(text, state.fields.font)}),
    drawImage: (image: HTMLCanvasElement, ...where: number[]) => {
      if (!imageAddress) throw new Error("this drawing holds an image, and there is no way to write it");
      if (where.length > 4) throw new Error("the download cannot cut a piece out of an image: draw the whole image");
      const [x, y, width = image.width, height = image.height] = where;
      const smooth = state.fields.imageSmoothingEnabled ? undefined : "image-rendering: pixelated";
      const look = {preserveAspectRatio: "none", style: smooth, transform: placed(), ...common()};
      parts.push(svgElement("image", {x, y, width, height, href: imageAddress(image), ...look}));
    }
  };

  function arc(
    rx: number,
    ry: number,
    point: (angle: number) => [number, number],
    from: number,
    to: number,
    back: boolean
  ): void {
    const whole = Math.abs(to - from) >= 2 * Math.PI;
    let sweep = back ? from - to : to - from;
    if (!whole) sweep = ((sweep % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
    else sweep = 2 * Math.PI;
    const sign = back ? -1 : 1;
    const mirrored = state.matrix[0] * state.matrix[3] - state.matrix[1] * state.matrix[2] < 0;
    const flags = `0 0 ${back === mirrored ? 1 : 0}`;
    const radii = `${svgNumber(rx * scale())} ${svgNumber(ry * scale())}`;
    const pieces = sweep > Math.PI ? 2 : 1; // an arc of SVG cannot be a whole circle
    if (!path.at(-1)?.endsWith(at(...point(from)))) go("L", point(from));
    for (let k = 1; k <= pieces; ++k)
      path.push(`A${radii} ${flags} ${at(...point(from + (sign * sweep * k) / pieces))}`);
  }

  const context = new Proxy(calls as Record<string, unknown>, {
    get(target, name: string) {
      if (name in state.fields) return state.fields[name as keyof Fields];
      if (name in target) return target[name];
      throw new Error(`the download of a figure does not know context.${name} yet: add it to svg-recorder.ts`);
    },
    set(_, name: string, value: never) {
      if (!(name in state.fields)) throw new Error(`the download of a figure does not know context.${name} yet`);
      state.fields[name as keyof Fields] = value;
      return true;
    }
  });
  return {context: context as unknown as CanvasRenderingContext2D, content: () => parts.join("\n")};
}

function product([a, b, c, d, e, f]: State["matrix"], [g, h, i, j, k, l]: State["matrix"]): State["matrix"] {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

function optional<A>(value: A, usual: A): A | undefined {
  return value === usual ? undefined : value;
}

function guess(text: string, font: string): number {
  return 0.55 * Number(/([\d.]+)px/.exec(font)?.[1] ?? 10) * text.length;
}
