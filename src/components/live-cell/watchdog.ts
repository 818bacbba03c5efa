/** How long code may hold the page, in milliseconds: three seconds, unless the page says `<html data-longest-hold="…">`. */
export const longestHold = Number(globalThis.document?.documentElement.dataset.longestHold) || 3000;

/** Thrown into code whose run is over. It is never the reader's fault and never shown. */
export class CellStopped extends Error {
  override name = "CellStopped";
  constructor() {
    super("The cell whose code was at work here has been stopped or run anew. Start again.");
  }
}

/** Thrown into code that has held the page for too long. */
export class HeldTooLong extends Error {
  override name = "HeldTooLong";
  constructor() {
    super(
      `The code held the page for ${longestHold / 1000} seconds without a pause, so it was stopped. ` +
        "Is there a loop that never ends? A long computation lives if it lets the page breathe: " +
        "await new Promise(requestAnimationFrame) now and then."
    );
  }
}

// While code runs without a pause, no message can arrive. So the first check of a turn of the event loop notes the time
// and sends a message; what is still noted when the time is up has held the page, be it by a loop or by microtasks.
const {port1, port2} = new MessageChannel();
const clock = performance.now.bind(performance); // a cell may put something else in its place
let since = 0; // when the turn began; 0: not noted
let last = 0; // the last look at the clock
let stride = 1; // ticks from one look to the next, since a look costs more than a tick
let count = 0;
port1.onmessage = () => {
  since = count = 0;
  stride = 1;
};
(port1 as {unref?(): void}).unref?.(); // in Node, where it is tested, it must not keep the process

// At most so many ticks go by unseen: an iteration may take long.
const longestStride = 64;

/** Called in every iteration and function of a cell. Throws HeldTooLong. */
export function watch(): void {
  if (++count < stride) return;
  count = 0;
  const now = clock();
  if (since === 0) {
    since = last = now;
    port2.postMessage(0);
    return;
  }
  stride = now - last < 1 ? Math.min(2 * stride, longestStride) : Math.max(1, stride >> 2);
  last = now;
  if (now - since <= longestHold) return;
  stride = 1; // code that catches this does not get away with the ticks between
  throw new HeldTooLong();
}
