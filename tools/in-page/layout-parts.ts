// A chapter has up to twenty thousand elements of formulas. The browser leaves what is far from the view out of its first
// layout (src/styles/prose.css), so that the first text comes soon and no task is long; here the rest follows, some blocks at a
// time while there is nothing else to do. A screen reader is not told of what is left out, so it must not stay so, and nothing
// is left out without this script. It is all laid out at once where a certain place is to be shown, by a link to it or on the way
// back: the heights above it must be true.

export {};

const root = document.documentElement;
const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const batch = 8; // blocks: for each batch the page is painted anew

if (!location.hash && navigation?.type === "navigate" && "requestIdleCallback" in window) {
  root.dataset.parts = "";
  let next = 0;
  const layOut = (idle: IdleDeadline): void => {
    const blocks = document.querySelectorAll<HTMLElement>("#observablehq-main > :is(p, .equation)");
    do {
      const end = Math.min(next + batch, blocks.length);
      while (next < end) blocks[next++].style.contentVisibility = "visible";
      void root.offsetHeight; // now, so that it is seen how much time is left
    } while (next < blocks.length && idle.timeRemaining() > 10);
    if (next < blocks.length || document.readyState === "loading") ask();
    else delete root.dataset.parts;
  };
  const ask = (): void => void requestIdleCallback(layOut, {timeout: 1000});
  ask();
}
