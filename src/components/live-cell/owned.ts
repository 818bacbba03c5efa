/** Names of the browser that a run gives to its cell, so that what is started through them ends with the run. */
export const ownedNames = (
  "setTimeout setInterval requestAnimationFrame requestIdleCallback queueMicrotask clearTimeout clearInterval " +
  "cancelAnimationFrame addEventListener fetch ResizeObserver IntersectionObserver MutationObserver PerformanceObserver " +
  "Worker WebSocket EventSource BroadcastChannel AudioContext"
).split(" ");

/** Methods by which the same is reached through an object: `window.setTimeout(…)`, `node.addEventListener(…)`. */
export const ownedMethods: ReadonlySet<string> = new Set([...ownedNames.slice(0, 9), "fetch"]);
