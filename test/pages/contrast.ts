/** Contrast of what axe does not judge: the letters and lines of charts in SVG, and all that is drawn on a canvas. */
import type {Page} from "playwright-core";

/**
 * Makes the canvases of a page remember the colours that they are painted in, for `faintMarks`. Of many dots or lines at
 * once, which overlap, the colour is remembered as it is without its transparency: where they lie close, it is that.
 * Call it before the page opens.
 */
export async function rememberInks(page: Page): Promise<void> {
  await page.addInitScript(watchInks);
}

/**
 * Returns each letter (below 4.5 : 1) and each mark (below 3 : 1) in the figures that is too faint for WCAG 1.4.3 and
 * 1.4.11, against what it stands on. Left out are grid lines, which repeat the axis.
 */
export function faintMarks(page: Page): Promise<string[]> {
  return page.evaluate(judgeMarks);
}

// The functions below run in the page, so each must be whole in itself.

/** A way of painting: its colour, how strongly, and of letters or not. */
interface Ink {
  color: string;
  alpha: number;
  letters: boolean;
}

type Painted = HTMLCanvasElement & {inks?: Map<string, Ink & {times: number}>; dots?: number};

function watchInks(): void {
  const many = 40; // dots or lines that are drawn at once, and then overlap
  const pen = CanvasRenderingContext2D.prototype;
  const wrap = <
    K extends "arc" | "beginPath" | "clearRect" | "putImageData" | "fill" | "stroke" | "fillRect" | "fillText"
  >(
    name: K,
    note: (canvas: Painted, context: CanvasRenderingContext2D, args: unknown[]) => void
  ) => {
    const own = pen[name] as (...args: unknown[]) => void;
    pen[name] = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
      note(this.canvas, this, args);
      return own.apply(this, args);
    } as never;
  };
  const paint = (canvas: Painted, style: unknown, alpha: number, letters = false) => {
    const inks = (canvas.inks ??= new Map());
    const key = `${String(style)} ${alpha} ${letters}`;
    const ink = inks.get(key) ?? {color: String(style), alpha, letters, times: 0};
    ++ink.times;
    if (ink.times > many || (canvas.dots ?? 0) > many) ink.alpha = 1;
    inks.set(key, ink);
  };
  wrap("clearRect", (canvas) => canvas.inks?.clear());
  wrap("putImageData", (canvas) => canvas.inks?.clear()); // a picture that covers the canvas
  wrap("beginPath", (canvas) => (canvas.dots = 0));
  wrap("arc", (canvas) => (canvas.dots = (canvas.dots ?? 0) + 1));
  wrap("stroke", (canvas, {strokeStyle, globalAlpha}) => paint(canvas, strokeStyle, globalAlpha));
  // What is filled lightly and has an outline is told by the outline.
  wrap("fill", (canvas, {fillStyle, globalAlpha}) => globalAlpha > 0.3 && paint(canvas, fillStyle, globalAlpha));
  wrap("fillRect", (canvas, {fillStyle, globalAlpha}) => paint(canvas, fillStyle, globalAlpha));
  wrap("fillText", (canvas, {fillStyle, globalAlpha}) => paint(canvas, fillStyle, globalAlpha, true));
}

function judgeMarks(): string[] {
  type Color = [red: number, green: number, blue: number, alpha: number];
  const swatch = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true})!;
  const known = new Map<string, Color>();
  const parse = (text: string): Color => {
    let color = known.get(text);
    if (color) return color;
    swatch.clearRect(0, 0, 1, 1);
    swatch.fillStyle = text;
    swatch.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = swatch.getImageData(0, 0, 1, 1).data;
    known.set(text, (color = [red, green, blue, alpha / 255]));
    return color;
  };
  const over = (top: Color, ground: Color, strength: number): Color => {
    const alpha = top[3] * strength;
    const mix = (k: number) => top[k] * alpha + ground[k] * (1 - alpha);
    return [mix(0), mix(1), mix(2), 1];
  };
  const light = (color: Color) => {
    const [red, green, blue] = color.map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: Color, b: Color) => {
    const [low, high] = [light(a), light(b)].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (node: Element): Color => {
    const {backgroundColor} = getComputedStyle(node);
    const own = parse(backgroundColor);
    if (own[3] > 0.999) return own;
    return over(own, node.parentElement ? groundOf(node.parentElement) : [255, 255, 255, 1], 1);
  };
  const strengthIn = (node: Element, root: Element) => {
    let strength = 1;
    for (let at: Element | null = node; at && at !== root.parentElement; at = at.parentElement)
      strength *= Number(getComputedStyle(at).opacity);
    return strength;
  };
  const faults = new Set<string>();
  const judge = (what: string, color: Color, strength: number, ground: Color, least: number) => {
    const ratio = contrast(over(color, ground, strength), ground);
    if (ratio < least) faults.add(`${what} has a contrast of ${ratio.toFixed(2)}, below ${least}`);
  };
  const named = (node: Element) => `${node.closest("figure")?.id ?? ""} ${node.localName}`.trim();
  for (const svg of document.querySelectorAll<SVGSVGElement>("figure svg, .live svg")) {
    if (!svg.checkVisibility()) continue;
    const ground = groundOf(svg.parentElement!);
    const shapes = "text, path, line, circle, rect, polyline, polygon, ellipse";
    const filled: [SVGGeometryElement, Color][] = [];
    for (const node of svg.querySelectorAll<SVGGraphicsElement>(shapes)) {
      if (node.closest(".grid, defs, clipPath") || !node.checkVisibility()) continue;
      const {width, height, x, y} = node.getBBox();
      const style = getComputedStyle(node);
      const strength = strengthIn(node, svg);
      if (node instanceof SVGTextElement) {
        if (!node.textContent.trim()) continue;
        const at = new DOMPoint(x + width / 2, y + height / 2);
        const under = filled.filter(([shape]) => shape.isPointInFill(at)).at(-1)?.[1] ?? ground;
        const halo = style.paintOrder.startsWith("stroke") && style.stroke !== "none" ? parse(style.stroke) : under;
        judge(`${named(node)} "${node.textContent}"`, parse(style.fill), strength, halo, 4.5);
        continue;
      }
      if (!width && !height) continue;
      const what = `${named(node)}.${[...node.parentElement!.classList].join(".")}`;
      const shape = node as SVGGeometryElement;
      const ink: [paint: string, strength: number][] = [];
      if (style.fill !== "none" && width && height && node.localName !== "line")
        ink.push([style.fill, Number(style.fillOpacity)]);
      if (style.stroke !== "none" && parseFloat(style.strokeWidth) > 0)
        ink.push([style.stroke, Number(style.strokeOpacity)]);
      const seen = ink.filter(([paint]) => paint !== "none" && !paint.startsWith("url"));
      if (!seen.length) continue;
      // One of the two is enough to see a shape by.
      const best = seen.reduce((a, b) => {
        const of = ([paint, own]: [string, number]) => contrast(over(parse(paint), ground, strength * own), ground);
        return of(b) > of(a) ? b : a;
      });
      judge(`${what} in ${best[0]}`, parse(best[0]), strength * best[1], ground, 3);
      if (style.fill !== "none" && node.localName !== "path")
        filled.push([shape, over(parse(style.fill), ground, strength * Number(style.fillOpacity))]);
    }
  }
  for (const canvas of document.querySelectorAll<Painted>("figure canvas, .live canvas")) {
    if (!canvas.checkVisibility()) continue;
    const ground = groundOf(canvas);
    for (const {color, alpha, letters} of canvas.inks?.values() ?? []) {
      const what = `${named(canvas)} "${canvas.ariaLabel?.slice(0, 40)}": ${letters ? "letters" : "a mark"} in ${color}`;
      judge(what, parse(color), alpha, ground, letters ? 4.5 : 3);
    }
  }
  return [...faults];
}
