/** What can be wrong with a page that is open, read from its document. */
import type {Page} from "playwright-core";

/** Returns what is wrong with the page as it stands, one sentence each; `width` is the window's in CSS pixels. */
export async function pageFaults(page: Page, width: number): Promise<string[]> {
  return (await Promise.all([page.evaluate(overflow, width), page.evaluate(errors), page.evaluate(markup)])).flat();
}

// The functions below run in the page, so each must be whole in itself.

function overflow(width: number): string[] {
  const {scrollWidth} = document.documentElement;
  if (scrollWidth <= width) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    (node) => node.getBoundingClientRect().right > width + 1
  );
  const named = wide.slice(0, 3).map((node) => {
    const name = `${node.localName}${[...node.classList].map((word) => `.${word}`).join("")}`;
    const around = node.closest("[id]");
    return `${around ? `#${around.id} ` : ""}${name} "${node.textContent?.trim().slice(0, 40)}"`;
  });
  return [`is ${scrollWidth} px wide in a window of ${width} px: ${named.join(", ") || "body"}`];
}

function errors(): string[] {
  const boxes = [...document.querySelectorAll(".observablehq--error")].map((box) => `error box: ${box.textContent}`);
  const alerts = [...document.querySelectorAll("[role=alert]")]
    .filter((alert) => alert.checkVisibility() && alert.textContent?.trim())
    .map((alert) => `alert: ${alert.textContent}`);
  const late = [...document.querySelectorAll("observablehq-loading")].map(() => "a cell has shown nothing yet");
  return [...boxes, ...alerts, ...late];
}

function markup(): string[] {
  const faults: string[] = [];
  const outline = (node: Element) => (node.cloneNode() as Element).outerHTML.slice(0, 160);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  if (!document.documentElement.lang) faults.push("<html> has no lang");
  for (const figure of all("figure")) {
    const caption = [...figure.children].find((child) => child.localName === "figcaption");
    if (!caption?.textContent?.trim()) faults.push(`figure without a caption: ${outline(figure)}`);
    const shown = [...figure.children].some((child) => child !== caption && child.getBoundingClientRect().height > 8);
    if (!shown) faults.push(`figure that shows nothing: ${outline(figure)}`);
  }
  for (const image of all("img:not([alt])")) faults.push(`image without alt: ${outline(image)}`);
  for (const canvas of all("canvas")) {
    const label = canvas.getAttribute("aria-label") || canvas.getAttribute("aria-labelledby") || canvas.textContent;
    if (!label?.trim() && !canvas.closest("[aria-hidden=true]"))
      faults.push(`canvas without a text: ${outline(canvas)}`);
    if (label?.startsWith("Not drawn yet"))
      faults.push(`canvas that is not drawn, or not described: ${outline(canvas)}`);
  }
  const seen = new Set<string>();
  for (const {id} of all("[id]")) {
    if (seen.has(id)) faults.push(`duplicate id: ${id}`);
    seen.add(id);
  }
  return [...new Set(faults)];
}
