import {element} from "../element.js";
import {diffLines} from "../vendor/diff.js";

/** What differs between two texts, line by line: `-` is only in the first, `+` only in the second. */
export function changes(before: string, after: string): HTMLElement {
  const lines = diffLines(`${before}\n`, `${after}\n`).flatMap(({value, added, removed}) => {
    const mark = added ? "+" : removed ? "-" : " ";
    const name = added ? "ins" : removed ? "del" : "span";
    return value
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => element(name, {}, `${mark} ${line}\n`));
  });
  return element("pre", {class: "live-cell-changes", "data-copy": "none", tabindex: 0}, element("code", {}, ...lines));
}
