// A link to a place in a chapter: what is above it grows as figures start. Most browsers keep in place what is in view;
// for those that do not, as Safari, the place is kept here until the reader moves the page. Such a browser alone loads this:
// see scroll-focus.ts.

export {};

const patience = 10_000; // ms without a change once all cells have run; by then the figures near the place have started

let end = (): void => {};

/** The element that the address leads to. Not by `:target`: Safari knows of it only when the page's styles have come. */
function placeOfLink(): HTMLElement | null {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null; // a % with no number
  }
}

function keepPlace(): void {
  end();
  const target = placeOfLink();
  if (!target) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (document.querySelector("main observablehq-loading") ? wait() : end()), patience);
  };
  const observer = new ResizeObserver(() => {
    target.scrollIntoView({behavior: "instant"});
    wait();
  });
  for (const block of target.closest("main")?.children ?? []) observer.observe(block);
  const over = new AbortController();
  end = () => {
    clearTimeout(timer);
    observer.disconnect();
    over.abort();
  };
  for (const type of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(type, end, {capture: true, passive: true, signal: over.signal});
}

addEventListener("hashchange", keepPlace);
keepPlace();
