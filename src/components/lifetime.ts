/**
 * A signal that aborts when a cell's `invalidation` promise resolves: one thing to hand to listeners, samplers and
 * training, so that all of them end together. Without a promise the signal lives as long as the page.
 */
export function lifetime(invalidation?: Promise<unknown>): AbortSignal {
  const controller = new AbortController();
  void invalidation?.then(() => controller.abort());
  return controller.signal;
}

/** Resolves in the next animation frame, or soon after in a hidden tab (where frames stop). */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, 100);
    const frame = requestAnimationFrame(done);
    function done() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      resolve();
    }
  });
}

/**
 * Runs a generator to its end in slices of at most `budget` milliseconds, with a frame between them, so that the page
 * keeps answering. The default of 8 stays below 50 on a phone, which is some four times slower. Returns what the generator
 * returns, or null if `signal` aborted first.
 */
export async function pace<A>(work: Generator<unknown, A>, signal: AbortSignal, budget = 8): Promise<A | null> {
  let start = performance.now();
  while (!signal.aborted) {
    const {done, value} = work.next();
    if (done) return value;
    if (performance.now() - start > budget) {
      await nextFrame();
      start = performance.now();
    }
  }
  work.return(undefined as A);
  return null;
}

/**
 * Calls back when the element comes into view (true) and when it leaves (false), until `signal` aborts; `at` is when that
 * was seen, on the clock of performance.now(), which may be a while ago on a busy page.
 */
export function onVisible(
  target: Element,
  callback: (visible: boolean, at: number) => void,
  signal: AbortSignal
): void {
  const observer = new IntersectionObserver((entries) => {
    const {isIntersecting, time} = entries.at(-1)!;
    callback(isIntersecting, time);
  });
  observer.observe(target);
  signal.addEventListener("abort", () => observer.disconnect());
}

/** Whether the reader has asked the system for less motion. */
export function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
