/**
 * A function that does `work` with what it was called with last: one piece at a time, and what came in between is left out.
 * So a slider may move faster than a network answers. `work` must not throw.
 */
export function latest<A>(work: (value: A) => Promise<void>): (value: A) => void {
  let waiting: {value: A} | undefined;
  let busy = false;
  return (value) => {
    waiting = {value};
    if (!busy) void next();
  };

  async function next(): Promise<void> {
    busy = true;
    while (waiting) {
      const {value} = waiting;
      waiting = undefined;
      await work(value);
    }
    busy = false;
  }
}
