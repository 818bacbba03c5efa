import {csvText} from "./csv.js";
import type {Picture} from "./figure-picture.js";
import {figurePicture} from "./figure-picture.js";
import type {Live} from "./live.js";
import {wordsOf} from "./page-text.js";
import {saveFile} from "./save-file.js";

/** What a figure can be saved as. */
export type FigureFormat = "png" | "svg" | "csv";

const sharpness = 2; // pixels of a PNG for a CSS pixel

/**
 * Saves a figure as it is now: its picture as SVG or PNG, or its numbers as CSV. The file is named after the figure's id.
 * Throws an Error, in words for the reader, when there is nothing to save.
 */
export async function downloadFigure(root: Live, format: FigureFormat): Promise<void> {
  const name = fileName(root);
  if (format === "csv") {
    const table = root.numbers();
    if (!table?.columns.length) throw new Error("This figure has no numbers to save.");
    return saveFile(new Blob([csvText(table)], {type: "text/csv;charset=utf-8"}), `${name}.csv`);
  }
  const picture = pictureOf(root);
  const content = format === "svg" ? new Blob([picture.svg], {type: "image/svg+xml"}) : await pngOf(picture);
  saveFile(content, `${name}.${format}`);
}

function fileName(root: HTMLElement): string {
  const {id} = root.closest("figure") ?? root;
  const words = id || root.getAttribute("aria-label") || "figure";
  return words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function pictureOf(root: HTMLElement): Picture {
  const figure = root.closest("figure");
  const text = (selector: string, within: Element | null) => {
    const found = within?.querySelector(selector);
    return found ? wordsOf(found) : "";
  };
  const name = root.getAttribute("aria-label") ?? "";
  const badge = text(".badge", root);
  const address = `${location.origin}${location.pathname}${figure?.id ? `#${figure.id}` : ""}`;
  const source = [badge, address, "CC BY 4.0"].filter(Boolean).join(" · ");
  const description = [text("figcaption", figure), text(".live-status", root), source].filter(Boolean).join("\n");
  return figurePicture(root, {title: text("figcaption strong", figure) || name, description, source});
}

async function pngOf({svg, width, height}: Picture): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], {type: "image/svg+xml"}));
  try {
    image.src = url;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: sharpness * width,
      height: sharpness * height
    });
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) return blob;
  } catch {
    // said below
  } finally {
    URL.revokeObjectURL(url);
  }
  throw new Error("This browser could not turn the picture into a PNG: download it as SVG.");
}
