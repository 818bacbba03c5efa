// A link to a place in a chapter: what is above it grows as figures start. Most browsers keep in place what is in view;
// for those that do not, as Safari, the place is kept here until the reader moves the page. Such a browser alone loads this:
// see scroll-focus.ts.

export {};

const patience = 10_000; // ms; by then the figures near the place have started

let end = (): void => {};

function keepPlace(): void {
  end();
  const target = document.querySelector(":target");
  if (!target) return;
  const observer = new ResizeObserver(() => target.scrollIntoView({behavior: "instant"}));
  for (const block of target.closest("main")?.children ?? []) observer.observe(block);
  const over = new AbortController();
  end = () => {
    observer.disconnect();
    over.abort();
  };
  for (const type of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(type, end, {capture: true, passive: true, signal: over.signal});
  setTimeout(end, patience);
}

addEventListener("hashchange", keepPlace);
keepPlace();
