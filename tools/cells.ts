import type MarkdownIt from "markdown-it";
import type {MarkdownOptions} from "./markdown.js";

export function checkCells(md: MarkdownIt, options: MarkdownOptions): void {
  void md, options;
}
