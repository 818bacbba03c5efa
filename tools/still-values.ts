import type {Page} from "playwright-core";

/** What the page has put before the comments that mark its cells, by their ids: values in the text, and tables. */
export function valuesOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const values: Record<string, string> = {};
    const walk = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_COMMENT);
    const still = (node: Element) => !node.querySelector("input, button, select, canvas, svg, figure");
    while (walk.nextNode()) {
      const comment = walk.currentNode as Comment;
      const id = /^:(\w+):$/.exec(comment.data)?.[1];
      if (id === undefined || comment.parentElement?.closest("live-cell")) continue;
      const block = comment.parentElement!.closest(".observablehq--block");
      const value = comment.previousSibling;
      if (block) {
        if (!block.closest("figure") && block.querySelector("table") && still(block))
          values[id] = block.innerHTML.replace(/<!--.*?-->/g, "");
      } else if (value instanceof Text) values[id] = value.data.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      else if (value instanceof HTMLElement && still(value)) values[id] = value.outerHTML;
    }
    return values;
  });
}
