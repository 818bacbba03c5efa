/** A function that, called often, lets the event loop turn now and then: for long runs of code that is watched. */
export function breather(milliseconds = 200): () => Promise<void> | void {
  let last = Date.now();
  return () => {
    if (Date.now() - last < milliseconds) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        last = Date.now();
        resolve();
      })
    );
  };
}
