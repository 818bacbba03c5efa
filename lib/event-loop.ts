/**
 * Lets the page draw and answer its reader, then goes on. Unlike an animation frame it also runs in a hidden tab, and
 * unlike a timeout it does not wait 4 ms.
 */
export function nextTask(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve)); // Node
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * A function to await between pieces of work: it lets the page have a turn once `milliseconds` (12, less than a frame)
 * of work have gone by, and returns at once otherwise.
 */
export function timeSlice(milliseconds = 12): () => Promise<void> {
  let start = performance.now();
  return async () => {
    if (performance.now() - start < milliseconds) return;
    await nextTask();
    start = performance.now();
  };
}
