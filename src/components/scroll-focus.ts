// What scrolls sideways must be reachable by the keyboard, or its end cannot be read; and what does not scroll must not
// be a stop on the way. Which formulas scroll depends on the width of the screen, so a build cannot know.

const selector = ".katex-display, .table-scroll, pre";

/** Makes elements stops of the Tab key, with a name, while their content is wider than they are. */
export function markScrolling(elements: readonly HTMLElement[]): void {
  // All are measured before one is changed: a change between two measures would have the page laid out anew.
  const measured = elements.map((element) => [element, element.scrollWidth > element.clientWidth + 1] as const);
  for (const [element, scrolls] of measured) {
    const name = element.localName === "pre" ? "Code" : element.classList.contains("katex-display") && "Formula";
    const attributes = {tabindex: "0", ...(name && {role: "group", "aria-label": name})};
    for (const [key, value] of Object.entries(attributes)) {
      if (scrolls) element.setAttribute(key, value);
      else element.removeAttribute(key);
    }
    // Wider by less than a pixel, it still would be a stop, and scroll nowhere: prose.css has it scroll no more.
    element.toggleAttribute("data-fits", !scrolls);
  }
}

/** Marks the formulas, wide tables and code of a page, now and whenever their width changes. */
export function watchScrolling(root: ParentNode): void {
  const seen = new Set<HTMLElement>(); // what is far from the view is not told of: to measure it would lay it out
  const changed = new Set<HTMLElement>();
  const mark = () => {
    const elements = [...changed];
    changed.clear();
    markScrolling(elements);
  };
  const observer = new ResizeObserver((entries) => {
    if (!changed.size) requestAnimationFrame(mark); // what is marked may change its size: not while sizes are told
    for (const {target} of entries) {
      const element = target.closest<HTMLElement>(selector)!;
      seen.add(element);
      changed.add(element);
    }
  });
  // A formula's parts too: with more room between letters they grow, and the room for the formula does not.
  for (const element of root.querySelectorAll(`${selector}, .katex-display .base`)) observer.observe(element);
  // Other letters, other widths; what is unfolded may bring letters that the page did not have before.
  const again = () => markScrolling([...seen]);
  document.fonts.ready.then(again, () => {});
  document.fonts.addEventListener("loadingdone", again);
}

if (typeof document !== "undefined") {
  const main = document.querySelector("#observablehq-main");
  if (main) watchScrolling(main);
  if (!CSS.supports("overflow-anchor", "auto")) void import("./place-keeper.js");
}
