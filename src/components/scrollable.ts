// Whatever is wider than its column scrolls by itself (src/styles/prose.css). With a keyboard only what has the focus can
// be scrolled, so these elements, and only these, become stops of the Tab key.

const candidates = ".katex-display, pre, .table-scroll";

/** Makes the elements that scroll sideways reachable by keyboard, and the others not; to be called when widths change. */
export function markScrollable(root: ParentNode = document): void {
  for (const box of root.querySelectorAll<HTMLElement>(candidates)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

if (typeof document !== "undefined") {
  markScrollable();
  new ResizeObserver(() => markScrollable()).observe(document.body);
  void document.fonts.ready.then(() => markScrollable()); // formulas change their width with their font
  document.addEventListener("toggle", () => markScrollable(), {capture: true}); // a <details> that opens
}
