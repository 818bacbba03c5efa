import {button} from "./controls.js";
import {element} from "./element.js";
import type {RunKey} from "./kept-runs.js";
import {forgetRun, keptRuns, onOtherRuns, ownRun, runLabel, same} from "./kept-runs.js";

export interface KeptListOptions {
  kind: string; // of kept-runs.ts
  /** What the figure shows, if that is kept; defaults to what this tab has kept. */
  shown?: () => RunKey | undefined;
  /** The way to another run. Its sentence, if it gives one, is why it was not gone. */
  use: {label: string; go: (key: RunKey) => Promise<string | void>; done?: string}; // what is said of the last in its place
  tell: (text: string) => void;
  signal: AbortSignal;
}

/** The runs that other tabs and earlier visits have kept in this browser, each with a way to it; empty without one. */
export interface KeptList extends HTMLElement {
  update(): void;
}

export function keptList({kind, shown, use, tell, signal}: KeptListOptions): KeptList {
  const root = element("div", {class: "kept-runs", "aria-live": "polite"});
  onOtherRuns(kind, update, signal);
  update();
  return Object.assign(root, {update});

  function update(): void {
    keptRuns(kind).then(list, () => list([])); // storage is forbidden
  }

  function list(runs: RunKey[]): void {
    const mine = [ownRun(kind), shown?.()];
    const isMine = (key: RunKey) => mine.some((own) => same(own, key));
    const others = runs.filter((key) => !isMine(key));
    // Where another one is in use, the reader may want that of this tab instead.
    const rows = others.length && use.done ? runs.filter((key) => key !== runs[0] || !isMine(key)) : others;
    if (signal.aborted) return;
    if (!others.length) return root.replaceChildren();
    const also = others.length < runs.length ? "Also kept" : "Kept";
    const items = rows.map((key) =>
      element(
        "li",
        {},
        isMine(key) ? `${runLabel(key)}, the network of this tab ` : `${runLabel(key)} `,
        key === runs[0] && use.done ? `(${use.done})` : button(use.label, () => void attempt(() => use.go(key))),
        " ",
        !isMine(key) && button("Forget it", () => void attempt(() => forgetRun(kind, key)))
      )
    );
    root.replaceChildren(
      element("p", {}, `${also} in this browser, from another tab or an earlier visit:`),
      element("ul", {}, ...items)
    );
  }

  async function attempt(work: () => Promise<string | void>): Promise<void> {
    try {
      tell((await work()) ?? "");
    } catch (error) {
      tell(`This browser’s storage does not answer (${error instanceof Error ? error.message : String(error)}).`);
    }
    update();
  }
}
