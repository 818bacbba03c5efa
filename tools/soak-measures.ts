/** What a soak measures in a tab, and the long tasks that it finds in a trace. */
import type {CDPSession, Page} from "playwright-core";

/** How much a tab holds, once all garbage is gone. */
export interface Held {
  heap: number; // kB of JavaScript
  nodes: number;
  listeners: number;
  documents: number;
  tensors: number; // of tfjs, 0 where it is not loaded
  workers: number;
  contexts: number; // WebGL contexts that are neither lost nor collected
}

/**
 * How much each may grow in a round of so many. Counts may not, but for a few nodes and listeners that come and go with what
 * is shown just then. The heap has compiled code, which grows by a megabyte and more in all while the browser finds out what is
 * hot; what it may grow by in each round besides is a thirtieth of a figure.
 */
export function tolerances(rounds: number): Readonly<Record<keyof Held, number>> {
  return {
    heap: 30 + Math.round(1500 / rounds),
    nodes: 20,
    listeners: 2,
    documents: 0,
    tensors: 0,
    workers: 0,
    contexts: 0
  };
}

/** A task of a page's own thread that took long. */
export interface LongTask {
  milliseconds: number; // of the processor
  during: string; // the last mark before it
}

/** Runs before a page's own code: keeps track of its WebGL contexts without keeping them alive. */
export const countContexts = `
  globalThis.__soakContexts = [];
  for (const {prototype} of [HTMLCanvasElement, OffscreenCanvas]) {
    const {getContext} = prototype;
    prototype.getContext = function (kind, ...rest) {
      const context = getContext.call(this, kind, ...rest);
      const known = __soakContexts.some((own) => own.deref() === context);
      if (/^webgl/.test(kind) && context && !known) __soakContexts.push(new WeakRef(context));
      return context;
    };
  }
`;

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Measures a tab as it stands. */
export async function measureHeld(page: Page): Promise<Held> {
  const session = await cdp(page);
  for (let i = 0; i < 2; ++i) await session.send("HeapProfiler.collectGarbage");
  const {metrics} = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  const inPage = await page.evaluate(() => {
    const {__soakContexts: contexts, _tfengine: engine} = globalThis as unknown as {
      __soakContexts: WeakRef<WebGLRenderingContext>[];
      _tfengine?: {memory(): {numTensors: number}};
    };
    const living = contexts.filter((own) => own.deref()?.isContextLost() === false).length;
    return {contexts: living, tensors: engine?.memory().numTensors ?? 0};
  });
  return {
    heap: of("JSHeapUsedSize") / 1024,
    nodes: of("Nodes"),
    listeners: of("JSEventListeners"),
    documents: of("Documents"),
    workers: page.workers().length,
    ...inPage
  };
}

function cdp(page: Page): Promise<CDPSession> {
  let session = sessions.get(page);
  if (!session) {
    session = page
      .context()
      .newCDPSession(page)
      .then(async (own) => {
        await own.send("HeapProfiler.enable");
        await own.send("Performance.enable");
        return own;
      });
    sessions.set(page, session);
  }
  return session;
}

/** What a trace holds, in its order. */
export function eventsOf(trace: Buffer): TraceEvent[] {
  return (JSON.parse(trace.toString()) as {traceEvents: TraceEvent[]}).traceEvents;
}

/** Whether it is a task of a thread. */
export function isTask({name}: TraceEvent): boolean {
  return /RunTask$/.test(name);
}

/** What a trace must hold for `longTasks`. */
export const traceCategories = ["__metadata", "toplevel", "blink.user_timing"];

/** A part of a trace. */
export interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number; // µs
  tdur?: number; // µs of the processor
  args?: {name?: string};
}

/**
 * The tasks of the pages' own threads that took the processor for longer than `limit` ms: time in which others had it does
 * not count. A mark `soak: …` says what went on in a page from then on.
 */
export function longTasks(trace: Buffer, limit: number): LongTask[] {
  const traceEvents = eventsOf(trace);
  const thread = ({pid, tid}: TraceEvent) => `${pid}/${tid}`;
  const named = traceEvents.filter(({name, args}) => name === "thread_name" && args?.name === "CrRendererMain");
  const pages = new Set(named.map(thread));
  const marks = traceEvents.filter(({name}) => name.startsWith("soak: ")).sort((a, b) => a.ts - b.ts);
  const during = (task: TraceEvent) =>
    marks.findLast((mark) => mark.ts <= task.ts && thread(mark) === thread(task))?.name.slice(6) ??
    "the load of a page";
  return traceEvents
    .filter((event) => isTask(event) && pages.has(thread(event)) && (event.tdur ?? 0) > 1000 * limit)
    .map((event) => ({milliseconds: Math.round(event.tdur! / 1000), during: during(event)}));
}
