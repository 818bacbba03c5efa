/** A soak: the same things done over and over in a browser, and what grows meanwhile. */
import type {Browser} from "playwright-core";
import {seededRandom} from "../lib/random.js";
import type {Held, LongTask} from "./soak-measures.js";
import {longTasks, measureHeld, tolerances, traceCategories} from "./soak-measures.js";
import {loading, openTabs} from "./soak-tabs.js";
import {verdict} from "./trend.js";
import type {Verdict} from "./trend.js";

/** Options of `soak`. */
export interface SoakOptions {
  browser: Browser;
  url: string; // of the built site
  seconds: number; // a round that has begun comes to its end
  seed?: number; // of what is done, in which order; defaults to 1
  leastRounds?: number; // also when the time is over; defaults to 5
  longest?: number; // ms that a task may take, twice as many while a page loads; defaults to 200
  only?: readonly string[]; // acts by their names; defaults to all
  say?(line: string): void;
}

/** What a soak has found. */
export interface SoakReport {
  rounds: number;
  verdicts: Verdict[];
  longTasks: LongTask[];
  faults: string[]; // errors that no page should have
}

/** Soaks the site. */
export async function soak({
  browser,
  url,
  seconds,
  seed = 1,
  leastRounds = 5,
  longest = 200,
  only,
  say = () => {}
}: SoakOptions): Promise<SoakReport> {
  const random = seededRandom(seed);
  const context = await browser.newContext();
  const faults: string[] = [];
  try {
    const tabs = await openTabs(context, url, random);
    for (const {name, page} of tabs)
      page.on("pageerror", (error) => faults.push(`${name}: ${error.stack ?? error.message}`));
    const held = new Map(tabs.map(({name}) => [name, [] as Held[]]));
    const long: LongTask[] = [];
    const begin = performance.now();
    const passed = () => (performance.now() - begin) / 1000;
    let rounds = 0;
    for (; passed() < seconds || rounds < leastRounds; ++rounds) {
      await browser.startTracing(tabs[0].page, {categories: traceCategories});
      for (const {name, page, acts} of tabs) {
        await page.bringToFront(); // a tab behind others draws one frame a second
        for (const act of random.shuffle(Object.keys(acts)).filter((own) => only?.includes(own) ?? true)) {
          await page.evaluate((mark) => performance.mark(mark), `soak: ${name}: ${act}`);
          await acts[act]();
        }
      }
      const tooLong = ({milliseconds, during}: LongTask) => !during.includes(loading) || milliseconds > 2 * longest;
      long.push(...longTasks(await browser.stopTracing(), longest).filter(tooLong));
      for (const {name, page} of tabs) held.get(name)!.push(await measureHeld(page));
      const now = tabs.map(({name}) => `${name} ${told(held.get(name)!.at(-1)!)}`);
      say(`round ${rounds + 1}, ${Math.round(passed())} s: ${now.join("; ")}; ${long.length} long tasks`);
    }
    return {rounds, verdicts: [...held].flatMap(([name, values]) => verdictsOn(name, values)), longTasks: long, faults};
  } finally {
    await context.close();
  }
}

function verdictsOn(tab: string, held: readonly Held[]): Verdict[] {
  const most = tolerances(held.length);
  return (Object.keys(most) as (keyof Held)[]).map((measure) => {
    const values = held.map((own) => own[measure]);
    return verdict(`${tab}: ${measure}`, values, {tolerance: most[measure], unit: measure === "heap" ? " kB" : ""});
  });
}

function told({heap, nodes, listeners, documents, tensors, workers, contexts}: Held): string {
  return (
    `${Math.round(heap)} kB, ${nodes} nodes, ${listeners} listeners, ${documents} documents, ` +
    `${tensors} tensors, ${workers} workers, ${contexts} WebGL`
  );
}
