import {button} from "../controls.js";
import {element} from "../element.js";
import {changes} from "./changes.js";
import {isSafe, readEdit} from "./edits.js";
import type {PageSettings} from "./page-settings.js";
import {applySettings} from "./page-settings.js";
import type {Shared} from "./share.js";
import {decodeShare} from "./share.js";
import {sessions} from "./session.js";

let panel: HTMLElement | undefined;

/** Shows what a link with shared code would change. Nothing runs and nothing is kept before the reader says so. */
export async function showShared(hash: string): Promise<void> {
  const shared = await decodeShare(hash);
  panel?.remove();
  panel = element("section", {class: "shared-code", role: "region", "aria-label": "Shared code", tabindex: -1});
  if ("problem" in shared) panel.append(element("p", {}, shared.problem), dismissButton());
  else panel.append(...describe(shared));
  document.querySelector("main")!.prepend(panel);
  panel.scrollIntoView({block: "start"});
  panel.focus({preventScroll: true});
}

function describe(shared: Shared): HTMLElement[] {
  const {cells, settings} = shared;
  const here = Object.entries(cells).filter(([name]) => cellElement(name));
  const gone = Object.keys(cells).filter((name) => !cellElement(name));
  const parts = [
    element("h2", {}, "Someone has shared changed code with you"),
    element(
      "p",
      {},
      "Nothing of it has run. Look at what differs from the page, and run it only if you trust who sent it."
    ),
    ...here.flatMap(([name, source]) => [element("h3", {}, `Cell ${name}`), changes(defaultOf(name), source)])
  ];
  if (gone.length) parts.push(element("p", {}, `The page no longer has ${gone.join(", ")}, so that part is left out.`));
  const moved = Object.entries(settings).flatMap(([figure, own]) =>
    Object.entries(own).map((pair) => [figure, ...pair])
  );
  if (moved.length) parts.push(element("h3", {}, "Settings"), settingsList(settings));
  if (!here.length && !moved.length)
    parts.push(element("p", {}, "Nothing in it differs from this page."), dismissButton());
  else
    parts.push(
      element(
        "div",
        {class: "live-cell-buttons"},
        button("Run shared code", () => void run(shared), {primary: true}),
        dismissButton()
      )
    );
  return parts;
}

function settingsList(settings: PageSettings): HTMLElement {
  const items = Object.entries(settings).flatMap(([figure, own]) =>
    Object.entries(own).map(([name, value]) => element("li", {}, `${figure.replace(/^fig-/, "")}: ${name} = ${value}`))
  );
  return element("ul", {}, ...items);
}

function dismissButton(): HTMLElement {
  return button("Dismiss", () => {
    close();
    for (const cell of cellElements()) if (!isSafe() && readEdit(cell.getAttribute("name")!)) void cell.open(false);
  });
}

function close(): void {
  const held = panel?.contains(document.activeElement);
  panel?.remove();
  if (held) document.querySelector("main")!.focus({preventScroll: true}); // else the keyboard is nowhere
  panel = undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
}

async function run({cells, settings}: Shared): Promise<void> {
  close();
  const shared = cellElements().filter((cell) => Object.hasOwn(cells, cell.getAttribute("name")!));
  for (const cell of shared) await cell.open(false, false);
  await Promise.all(
    shared.map((cell) => sessions.get(cell.getAttribute("name")!)!.runShared(cells[cell.getAttribute("name")!]))
  );
  applySettings(settings);
  shared[0]?.scrollIntoView({block: "center"});
  shared[0]?.querySelector<HTMLElement>(".live-cell-buttons button")?.focus({preventScroll: true});
}

type CellElement = HTMLElement & {open(focus: boolean, restore?: boolean): Promise<void>};

function cellElements(): CellElement[] {
  return [...document.querySelectorAll<CellElement>("live-cell")];
}

function cellElement(name: string): CellElement | undefined {
  return cellElements().find((cell) => cell.getAttribute("name") === name);
}

function defaultOf(name: string): string {
  return cellElement(name)!.querySelector("pre")!.textContent!.replace(/\n$/, "");
}
