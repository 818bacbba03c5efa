// What SVG takes from the page's style sheet, with the values that need not be written.
const painted: Record<string, string> = {
  fill: "rgb(0, 0, 0)",
  "fill-opacity": "1",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-opacity": "1",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "paint-order": "normal",
  opacity: "1"
};
const lettered: Record<string, string> = {
  "font-family": "",
  "font-size": "",
  "font-weight": "400",
  "font-style": "normal",
  "text-anchor": "start",
  "dominant-baseline": "auto"
};

/**
 * A drawing of the page as SVG that stands alone: each colour, width and font is written into it as the page shows it now,
 * with no class and no variable left. It is placed at (x, y) with the size that it has on the page.
 */
export function standaloneSvg(svg: SVGSVGElement, x: number, y: number): string {
  const {width, height} = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  originals.forEach((original, k) => settle(original, copies[k]));
  for (const name of ["role", "aria-label", "aria-hidden", "id"]) copy.removeAttribute(name);
  const place = {x, y, width, height, overflow: "visible"};
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  return new XMLSerializer().serializeToString(copy);
}

function settle(original: Element, copy: Element): void {
  const style = getComputedStyle(original);
  if (style.display === "none" || style.visibility === "hidden") return copy.remove();
  copy.removeAttribute("class");
  copy.removeAttribute("style");
  if (original instanceof SVGSVGElement || original instanceof SVGGElement) {
    const opacity = style.getPropertyValue("opacity");
    if (opacity !== "1") copy.setAttribute("opacity", opacity);
    return clear(copy);
  }
  if (!(original instanceof SVGGraphicsElement)) return;
  const isText = original instanceof SVGTextContentElement;
  for (const [name, usual] of Object.entries(isText ? {...painted, ...lettered} : painted)) {
    const value = style.getPropertyValue(name);
    if (value && value !== usual) copy.setAttribute(name, value);
    else copy.removeAttribute(name);
  }
}

// A group has nothing of its own to show: what it would hand down is written on each of its parts.
function clear(copy: Element): void {
  for (const name of Object.keys({...painted, ...lettered})) if (name !== "opacity") copy.removeAttribute(name);
}
