/** Whether the focus of a control can be seen, by the pixels that change with it. */
import type {Page} from "playwright-core";
import type {StopWatch} from "./keyboard-stops.js";

const margin = 8; // around a control, in CSS pixels

/**
 * Gives the focus to one control of each kind that a walk of the page has stopped at, and looks at what is painted with it
 * and without. At least as many pixels as a line of one pixel around the control has must change, by a contrast of 3:1.
 */
export async function unpaintedFocus(page: Page, known: Set<string>): Promise<string[]> {
  const faults: string[] = [];
  const kinds = await page.evaluate(kindsOf, [...known]);
  for (const [kind, index] of kinds) {
    known.add(kind);
    const box = await page.evaluate(show, index);
    const clip = {
      x: Math.max(0, box.left - margin),
      y: Math.max(0, box.top - margin),
      width: box.width + 2 * margin,
      height: box.height + 2 * margin
    };
    const shots: string[] = [];
    for (const focused of [true, false]) {
      await page.evaluate(focusOn, [index, focused] as const);
      shots.push((await page.screenshot({clip, animations: "disabled"})).toString("base64"));
    }
    const changed = await page.evaluate(changedPixels, shots);
    const wanted = 2 * (box.width + box.height);
    if (changed < wanted) faults.push(`${kind}: ${changed} pixels change with the focus, fewer than ${wanted}`);
  }
  return faults;
}

// The functions below run in the page, so each must be whole in itself.

interface InPage {
  walk: StopWatch;
}

function kindsOf(known: readonly string[]): [string, number][] {
  const seen = new Set(known);
  return (globalThis as unknown as InPage).walk.stops.flatMap(({node}, index): [string, number][] => {
    const around = node.closest("nav, aside, footer, .live, live-cell, main")?.localName ?? "";
    const type = node.getAttribute("type") ?? node.getAttribute("role") ?? "";
    const kind = [around, node.localName, type, node.classList[0] ?? ""].join(" ");
    const {width, height} = node.getBoundingClientRect();
    if (seen.has(kind) || !node.checkVisibility() || height > innerHeight - 40 || width < 2) return [];
    if ((node as HTMLInputElement).labels?.length && getComputedStyle(node).position === "fixed") return []; // see StopWatch
    seen.add(kind);
    return [[kind, index]];
  });
}

function show(index: number): {left: number; top: number; width: number; height: number} {
  const {node} = (globalThis as unknown as InPage).walk.stops[index];
  node.scrollIntoView({block: "center", behavior: "instant"});
  const {left, top, width, height} = node.getBoundingClientRect();
  return {left, top, width, height};
}

function focusOn([index, focused]: readonly [number, boolean]): void {
  const {node} = (globalThis as unknown as InPage).walk.stops[index];
  if (focused) return node.focus({preventScroll: true});
  node.blur();
  document.querySelector<HTMLElement>("#citation-card")?.setAttribute("hidden", "");
}

async function changedPixels(shots: readonly string[]): Promise<number> {
  const [first, second] = await Promise.all(
    shots.map(async (shot) => {
      const image = new Image();
      image.src = `data:image/png;base64,${shot}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height).data;
    })
  );
  const part = (v: number) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = (data: Uint8ClampedArray, i: number) =>
    0.2126 * part(data[i]) + 0.7152 * part(data[i + 1]) + 0.0722 * part(data[i + 2]);
  let count = 0;
  for (let i = 0; i < first.length; i += 4) {
    const [a, b] = [light(first, i), light(second, i)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) >= 3) ++count;
  }
  return count;
}
