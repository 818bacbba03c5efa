/** A walk through a page with the Tab key. */
import type {CDPSession, Page} from "playwright-core";
import {StopWatch} from "./keyboard-stops.js";
import type {Equivalents} from "./keyboard-stops.js";

const burst = 24; // presses sent at a time, so that a walk does not wait for each
const mostStops = 1500;

/** Where the keyboard does the same as the pointer, but elsewhere. */
const equivalents: Equivalents = {
  "live-cell pre": ".live-cell-edit" // a click on the code opens the editor
};

/** What a walk has seen. */
export interface Walk {
  stops: string[]; // in order
  faults: string[]; // one sentence each
}

/** Notes which elements hear the pointer; to be run before the page's own code. */
export function hearPointers(): void {
  const own = globalThis as unknown as {heard: Map<EventTarget, Set<string>>};
  own.heard = new Map();
  const {addEventListener} = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (this: EventTarget, type: string, ...rest: [never]) {
    if (this instanceof Element && /^(pointer|mouse|touch|click|dblclick|drag)/.test(type))
      own.heard.set(this, (own.heard.get(this) ?? new Set()).add(type));
    return addEventListener.call(this, type, ...rest);
  };
}

interface InPage {
  heard?: Map<EventTarget, Set<string>>; // see hearPointers
  walk: StopWatch;
}

/**
 * Opens what is folded, presses Tab from the page's start until it leaves the page, and says what was wrong. `back`: by
 * Shift+Tab from its end.
 */
export async function walkThrough(page: Page, {back = false} = {}): Promise<Walk> {
  await page.evaluate(unfold);
  await page.evaluate(`globalThis.walk = new (${StopWatch})(${back})`);
  await page.evaluate(toTheStart, back);
  const keys = await page.context().newCDPSession(page);
  try {
    for (let pressed = 0; ; pressed += burst) {
      await Promise.all(Array.from({length: burst}, () => pressTab(keys, back)));
      if (await page.evaluate(() => (globalThis as unknown as InPage).walk.over)) break;
      if (pressed > mostStops) throw new Error(`after ${pressed} presses the Tab key is still in the page`);
    }
  } finally {
    await keys.detach();
  }
  return page.evaluate((others) => {
    const {walk, heard} = globalThis as unknown as InPage;
    const missed = walk.left(heard ?? new Map(), others);
    walk.end();
    return {stops: walk.stops.map(({what}) => what), faults: [...walk.faults, ...missed]};
  }, equivalents);
}

/** Opens what is folded, and waits until it stands where it belongs. */
async function unfold(): Promise<void> {
  for (const details of document.querySelectorAll<HTMLDetailsElement>("main details:not(.live-download)"))
    details.open = true;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let i = 0; i < 3; ++i) await frame();
  const ends = document.getAnimations().filter(({effect}) => Number.isFinite(effect?.getComputedTiming().endTime));
  await Promise.allSettled([document.fonts.ready, ...ends.map(({finished}) => finished)]);
  await frame();
}

/** Puts the place from which the Tab key goes on before all else, or after it. */
function toTheStart(back: boolean): void {
  const mark = document.createElement("span");
  mark.tabIndex = -1;
  if (back) document.body.append(mark);
  else document.body.prepend(mark);
  mark.focus();
  mark.remove();
}

function pressTab(keys: CDPSession, back = false): Promise<unknown> {
  const key = {key: "Tab", code: "Tab", windowsVirtualKeyCode: 9, modifiers: back ? 8 : 0};
  return keys.send("Input.dispatchKeyEvent", {type: "rawKeyDown", ...key});
}

/** Presses Tab until something that matches a selector has the focus; fails when it is not on the way. */
export async function reach(page: Page, selector: string, {back = false} = {}): Promise<void> {
  await page.evaluate(holdAt, selector);
  const keys = await page.context().newCDPSession(page);
  const there = () => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  try {
    for (let pressed = 0; !(await there()); pressed += burst) {
      if (pressed > mostStops) throw new Error(`the Tab key does not come to ${selector}`);
      await Promise.all(Array.from({length: burst}, () => pressTab(keys, back)));
    }
  } finally {
    await keys.detach();
    await page.evaluate(holdAt, "");
  }
}

/** Has the Tab key do nothing once it is where it should come to: some presses are under way then. */
function holdAt(selector: string): void {
  const own = globalThis as unknown as {holdAt?: string};
  if (own.holdAt === undefined)
    addEventListener(
      "keydown",
      (event) => {
        const wanted = event.key === "Tab" && own.holdAt;
        if (wanted && document.activeElement?.matches(wanted)) {
          event.preventDefault();
          event.stopPropagation();
        }
      },
      {capture: true}
    );
  own.holdAt = selector;
}

/** What has the focus, in words: its tag and classes, its text, and what it lies in. */
export function where(page: Page): Promise<string> {
  return page.evaluate(() => {
    const node = document.activeElement!;
    const place = node.closest("live-cell")?.getAttribute("name") ?? node.closest("figure")?.id;
    const text = (node.getAttribute("aria-label") ?? node.textContent ?? "").trim().slice(0, 40);
    const classes = [...node.classList].map((word) => `.${word}`).join("");
    return `${node.localName}${classes} “${text}”${place ? ` of ${place}` : ""}${node.closest("main") ? ", in main" : ""}`;
  });
}
