// What scrolls sideways must be reachable by the keyboard, or its end cannot be read; and what does not scroll must not
// be a stop on the way. Which formulas scroll depends on the width of the screen, so a build cannot know.

const selector = ".katex-display, .table-scroll, pre";

/** Makes elements stops of the Tab key while their content is wider than they are. */
export function markScrolling(elements: Iterable<HTMLElement>): void {
  // All are measured before one is changed: a change between two measures would have the page laid out anew.
  const measured = Array.from(elements, (element) => [element, element.scrollWidth > element.clientWidth + 1] as const);
  for (const [element, scrolls] of measured) {
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

/** Marks the formulas, wide tables and code of a page, now and whenever their width changes. */
export function watchScrolling(root: Element): void {
  const elements = [...root.querySelectorAll<HTMLElement>(selector)];
  const observer = new ResizeObserver((entries) => {
    const changed = entries.map(({target}) => target);
    if (changed.includes(root)) markAllInTime();
    markScrolling(changed.filter((target) => target !== root) as HTMLElement[]);
  });
  for (const element of [root, ...elements]) observer.observe(element);
  document.fonts.ready.then(markAllInTime, () => {}); // other letters, other widths

  // What is far from the view is not laid out, and the observer does not tell of it: it is measured when there is time.
  let pass = 0;
  function markAllInTime(): void {
    const own = ++pass;
    const rest = elements.values();
    whenIdle(function some(idle) {
      if (own !== pass) return;
      for (const element of rest) {
        markScrolling([element]);
        if (idle.timeRemaining() < 2) return whenIdle(some);
      }
    });
  }
}

const whenIdle: (work: (idle: {timeRemaining(): number}) => void) => void =
  globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 50, {timeRemaining: () => 50}));

if (typeof document !== "undefined") {
  const main = document.querySelector("#observablehq-main");
  if (main) watchScrolling(main);
}
