// What scrolls sideways must be reachable by the keyboard, or its end cannot be read; and what does not scroll must not
// be a stop on the way. Which formulas scroll depends on the width of the screen, so a build cannot know.

const selector = ".katex-display, .table-scroll, pre";

/** Makes elements stops of the Tab key while their content is wider than they are. */
export function markScrolling(elements: readonly HTMLElement[]): void {
  // All are measured before one is changed: a change between two measures would have the page laid out anew.
  const measured = elements.map((element) => [element, element.scrollWidth > element.clientWidth + 1] as const);
  for (const [element, scrolls] of measured) {
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

/** Marks the formulas, wide tables and code of a page, now and whenever their width changes. */
export function watchScrolling(root: ParentNode): void {
  const seen = new Set<HTMLElement>(); // what is far from the view is not told of: to measure it would lay it out
  const observer = new ResizeObserver((entries) => {
    const elements = entries.map(({target}) => target as HTMLElement);
    for (const element of elements) seen.add(element);
    markScrolling(elements);
  });
  for (const element of root.querySelectorAll<HTMLElement>(selector)) observer.observe(element);
  document.fonts.ready.then(
    () => markScrolling([...seen]),
    () => {}
  ); // other letters, other widths
}

if (typeof document !== "undefined") {
  const main = document.querySelector("#observablehq-main");
  if (main) watchScrolling(main);
}
