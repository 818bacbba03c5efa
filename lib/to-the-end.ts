/** Runs a generator to its end at once and returns what it returns. */
export function toTheEnd<A>(work: Generator<unknown, A>): A {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
