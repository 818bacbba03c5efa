import {button} from "./controls.js";
import {element} from "./element.js";
import type {FigureFormat} from "./figure-download.js";
import type {Live} from "./live.js";

const formats: [FigureFormat, string][] = [
  ["png", "PNG"],
  ["svg", "SVG"],
  ["csv", "CSV"]
];

/** A quiet menu at a figure's head that saves its picture or its numbers; what does it is loaded at the first use. */
export function downloadMenu(root: () => Live): HTMLElement {
  const items = formats.map(([format, name]) => button(name, () => void save(format), {title: titles[format]}));
  const summary = element("summary", {}, "Download");
  const menu = element("details", {class: "live-download"}, summary, element("div", {}, ...items));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
    event.stopPropagation();
  });
  menu.addEventListener("focusout", ({relatedTarget}) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
  });
  return menu;

  async function save(format: FigureFormat): Promise<void> {
    try {
      const {downloadFigure} = await import("./figure-download.js");
      await downloadFigure(root(), format);
    } catch (error) {
      root().alert(error instanceof Error ? error.message : String(error));
    }
  }
}

const titles: Record<FigureFormat, string> = {
  png: "The picture as it is now, in dots",
  svg: "The picture as it is now, in lines",
  csv: "The numbers behind it, as a table"
};
