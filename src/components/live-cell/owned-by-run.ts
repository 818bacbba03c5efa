import type {Run} from "./run.js";

// Names of the browser that a run owns: what is started through them ends with the run.

type Callback = (...values: unknown[]) => unknown;
type Clock = (callback: () => void, delay?: number) => number;

/** A name that a cell uses, as its run gives it. */
export const givenNames: Record<string, (run: Run) => unknown> = {
  setTimeout: (run) => once(run, window.setTimeout.bind(window), clearTimeout),
  requestAnimationFrame: (run) => once(run, requestAnimationFrame, cancelAnimationFrame),
  requestIdleCallback: (run) => once(run, (globalThis.requestIdleCallback ?? setTimeout) as Clock, cancelIdle),
  setInterval:
    (run) =>
    (callback: Callback, delay?: number, ...values: unknown[]) => {
      const id = window.setInterval(() => run.call(asFunction(callback), ...values), delay);
      remember(run, id, clearInterval);
      return id;
    },
  clearTimeout: (run) => forget(run, clearTimeout),
  clearInterval: (run) => forget(run, clearInterval),
  cancelAnimationFrame: (run) => forget(run, cancelAnimationFrame),
  queueMicrotask: (run) => (callback: Callback) => queueMicrotask(() => run.call(asFunction(callback))),
  addEventListener: (run) => listenFor(run, window),
  fetch:
    (run) =>
    (input: RequestInfo, options: RequestInit = {}) =>
      fetch(input, {...options, signal: any(run.signal, options.signal)}),
  ResizeObserver: (run) => closing(run, ResizeObserver, "disconnect"),
  IntersectionObserver: (run) => closing(run, IntersectionObserver, "disconnect"),
  MutationObserver: (run) => closing(run, MutationObserver, "disconnect"),
  PerformanceObserver: (run) => closing(run, PerformanceObserver, "disconnect"),
  Worker: (run) => closing(run, Worker, "terminate"),
  WebSocket: (run) => closing(run, WebSocket, "close"),
  EventSource: (run) => closing(run, EventSource, "close"),
  BroadcastChannel: (run) => closing(run, BroadcastChannel, "close"),
  AudioContext: (run) => closing(run, AudioContext, "close")
};

/** An object as the run's code calls the methods in `ownedMethods` on it: `window.setTimeout(…)`, `node.addEventListener(…)`. */
export function ownedFacade(run: Run, target: unknown): unknown {
  if (target === window)
    return new Proxy(window, {get: (_, name) => givenNames[String(name)]?.(run) ?? Reflect.get(window, name)});
  if (!(target instanceof EventTarget)) return target;
  // It may have methods of its own by the other names.
  const method = (name: string | symbol) => {
    const value: unknown = Reflect.get(target, name);
    return typeof value === "function" ? (value.bind(target) as unknown) : value;
  };
  return new Proxy(target, {get: (_, name) => (name === "addEventListener" ? listenFor(run, target) : method(name))});
}

// What ends a timer, by its id. Frames, idle times and timers are counted apart, so that an id may stand for several.
const running = new WeakMap<Run, Map<string, () => void>>();

function keyOf(clear: (id: number) => void, id: number): string {
  return `${clear === cancelAnimationFrame ? "frame" : clear === cancelIdle ? "idle" : "timer"} ${id}`;
}

function remember(run: Run, id: number, clear: (id: number) => void): () => void {
  const known = running.get(run) ?? new Map<string, () => void>();
  const key = keyOf(clear, id);
  running.set(run, known);
  const forget = run.ends(() => clear(id));
  known.set(key, forget);
  return () => {
    known.delete(key);
    forget();
  };
}

function forget(run: Run, clear: (id: number) => void) {
  return (id: number) => {
    clear(id);
    const key = keyOf(clear, id);
    running.get(run)?.get(key)?.();
    running.get(run)?.delete(key);
  };
}

function once(run: Run, start: Clock, clear: (id: number) => void) {
  return (callback: Callback, delay?: number, ...values: unknown[]) => {
    asFunction(callback);
    // A frame's callback is given the time, which comes as the first of `now`.
    const id = start((...now: unknown[]) => {
      done();
      run.call(callback, ...now, ...values);
    }, delay);
    const done = remember(run, id, clear);
    return id;
  };
}

function cancelIdle(id: number): void {
  (globalThis.cancelIdleCallback ?? clearTimeout)(id);
}

function asFunction(callback: unknown): Callback {
  if (typeof callback === "function") return callback as Callback;
  throw new TypeError("a timer takes a function: () => …");
}

function listenFor(run: Run, target: EventTarget) {
  return (type: string, listener: EventListenerOrEventListenerObject, options?: AddEventListenerOptions | boolean) => {
    const given = typeof options === "object" ? options : {capture: options};
    target.addEventListener(type, listener, {...given, signal: any(run.signal, given.signal)});
  };
}

function any(signal: AbortSignal, other: AbortSignal | null | undefined): AbortSignal {
  return other ? AbortSignal.any([signal, other]) : signal;
}

function closing<K extends string>(run: Run, Class: abstract new (...values: never[]) => object, method: K) {
  return new Proxy(Class, {
    construct(target, values, newTarget) {
      const made = Reflect.construct(target as never, values, newTarget as never) as Record<K, () => unknown>;
      run.ends(() => void made[method]());
      return made;
    }
  });
}
