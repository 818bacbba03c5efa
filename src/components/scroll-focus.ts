// What scrolls sideways must be reachable by the keyboard, or its end cannot be read; and what does not scroll must not
// be a stop on the way. Which formulas scroll depends on the width of the screen, so a build cannot know.

const selector = ".katex-display, .table-scroll, pre";

/** Makes an element a stop of the Tab key while its content is wider than the element itself. */
export function markScrolling(element: HTMLElement): void {
  if (element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

/** Marks the formulas, wide tables and code of a page, now and whenever their width changes. */
export function watchScrolling(root: ParentNode): void {
  const elements = Array.from(root.querySelectorAll<HTMLElement>(selector));
  const observer = new ResizeObserver((entries) => {
    for (const {target} of entries) markScrolling(target as HTMLElement);
  });
  for (const element of elements) observer.observe(element);
  document.fonts.ready.then(
    () => elements.forEach(markScrolling),
    () => {}
  ); // other letters, other widths
}

if (typeof document !== "undefined") {
  const main = document.querySelector("#observablehq-main");
  if (main) watchScrolling(main);
}
