/** What moves on a page that nobody has touched. */
import type {Page} from "playwright-core";

/** Returns what moves by itself, and what would move for a reader who has asked the system for less motion. */
export async function motionFaults(page: Page): Promise<string[]> {
  const found = await page.evaluate(moving);
  await page.emulateMedia({reducedMotion: "reduce"});
  found.push(...(await page.evaluate(moving)), ...(await page.evaluate(wouldMove)));
  await page.emulateMedia({reducedMotion: "no-preference"});
  return [...new Set(found)];
}

// The functions below run in the page, so each must be whole in itself.

async function moving(): Promise<string[]> {
  const named = (node: Element) =>
    `${node.closest("[id]")?.id ?? ""} ${node.localName} "${node.textContent?.trim().slice(0, 30)}"`;
  const places = () => [...document.querySelectorAll<HTMLInputElement>(".player input")].map(({value}) => value).join();
  const before = places();
  for (let frame = 0; frame < 6; ++frame) await new Promise((resolve) => requestAnimationFrame(resolve));
  const played = places() === before ? [] : ["a figure plays that nobody has started"];
  const pauses = [...document.querySelectorAll(".player button")].filter((node) => node.textContent === "Pause");
  const running = document
    .getAnimations()
    .filter((each) => each.playState === "running" && each instanceof CSSAnimation); // what a change of state starts is asked below
  return [
    ...played,
    ...pauses.map((node) => `plays by itself: ${named(node)}`),
    ...running.map(({effect}) => `is animated: ${named((effect as KeyframeEffect).target!)}`)
  ];
}

function wouldMove(): string[] {
  const faults: string[] = [];
  const most = 0.001; // s
  for (const node of document.querySelectorAll("body, body *:not(.katex *, pre *, svg *)")) {
    for (const part of [undefined, "::before", "::after"]) {
      const {animationName, animationDuration, transitionDuration, scrollBehavior} = getComputedStyle(node, part);
      const lasts = (times: string) => times.split(",").some((time) => parseFloat(time) > most);
      const what = `${node.closest("[id]")?.id ?? ""} ${node.localName}${part ?? ""}`;
      if (animationName !== "none" && lasts(animationDuration)) faults.push(`is animated with less motion: ${what}`);
      if (lasts(transitionDuration)) faults.push(`changes slowly with less motion: ${what}`);
      if (!part && scrollBehavior === "smooth") faults.push(`scrolls smoothly with less motion: ${what}`);
    }
  }
  if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") faults.push("the page scrolls smoothly");
  return faults;
}
