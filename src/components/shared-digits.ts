import type {DigitSet} from "../lib/digits/digit-set.js";
import {loadDigits} from "../lib/digits/load-digits.js";
import type {LoadDigitsOptions} from "../lib/digits/load-digits.js";

/** A load that is going on or done, and who waits for it. */
interface Shared {
  set: Promise<DigitSet>;
  fraction: number;
  done: boolean;
  waiting: Set<(fraction: number) => void>;
  stop: AbortController;
}

const loads = new Map<string, Shared>();

/**
 * Loads a page's digits as `loadDigits` does, but once for all figures that ask. The load stops when all of them have gone
 * before it was done; a failed one is forgotten, so that the next call tries again. The arrays are shared: copy what is
 * to be changed, or sent to a worker for good.
 */
export function sharedDigits(url: string, options: LoadDigitsOptions = {}, load = loadDigits): Promise<DigitSet> {
  const {onProgress = () => {}, signal, fresh} = options;
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  const shared = loads.get(url) ?? begin(url, fresh, load);
  const listener = (fraction: number) => onProgress(fraction);
  shared.waiting.add(listener);
  listener(shared.fraction);
  return new Promise((resolve, reject) => {
    const leave = () => {
      signal?.removeEventListener("abort", gone);
      shared.waiting.delete(listener);
    };
    const gone = () => {
      leave();
      if (!shared.waiting.size && !shared.done) {
        loads.delete(url);
        shared.stop.abort();
      }
      reject(signal!.reason as Error);
    };
    signal?.addEventListener("abort", gone);
    shared.set.then(resolve, reject).finally(leave);
  });
}

function begin(url: string, fresh: boolean | undefined, load: typeof loadDigits): Shared {
  const stop = new AbortController();
  const shared: Shared = {fraction: 0, done: false, waiting: new Set(), stop, set: undefined!};
  const onProgress = (fraction: number) => {
    shared.fraction = fraction;
    for (const listener of shared.waiting) listener(fraction);
  };
  shared.set = load(url, {onProgress, signal: stop.signal, fresh});
  shared.set.then(
    () => (shared.done = true),
    () => {
      if (loads.get(url) === shared) loads.delete(url);
    }
  );
  loads.set(url, shared);
  return shared;
}
