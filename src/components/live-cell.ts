import {element, uniqueId} from "./element.js";
import {isSafe, readEdit} from "./live-cell/edits.js";
import type {CellSession} from "./live-cell/session.js";

// What every reader of a page with editable cells loads. The editor and the compiler come when a cell is first used.

const shareHash = /^#live=/;
let parsing = true; // false for what the preview puts into the page later

/** A cell that the reader can edit: around Framework's output and source, as tools/editable-cells.ts writes it. */
class LiveCell extends HTMLElement {
  #session: Promise<CellSession> | undefined;
  #opened: CellSession | undefined;
  #hint: HTMLElement | undefined;
  readonly #fresh = parsing;

  connectedCallback(): void {
    if (this.#hint) return; // moved, not new
    const name = this.getAttribute("name")!;
    const onclick = () => void this.open(true);
    this.#hint = element("p", {class: "live-cell-hint", id: uniqueId("hint")}, "or click the code to change it.");
    // The keyboard's way in: an editor that opened as soon as a reader came by would hold the Tab key.
    const edit = element(
      "button",
      {type: "button", class: "live-cell-edit", "aria-label": `Edit ${name}`, onclick},
      "Edit"
    );
    const code = this.querySelector(":scope > pre, :scope > .observablehq-pre-container");
    code?.after(element("div", {class: "live-cell-bar"}, edit, this.#hint));
    this.setAttribute("role", "group");
    const exercise = this.hasAttribute("exercise");
    this.setAttribute("aria-label", `${exercise ? "Exercise" : "Editable cell"} ${name}`);
    if (exercise) void import("./exercise-frame.js").then(({frameExercise}) => frameExercise(this));
    this.querySelector("pre")?.addEventListener("click", onclick);
    if (isSafe() || shareHash.test(location.hash)) return;
    if (readEdit(name)) void this.open(false);
  }

  // At once, since the preview defines the cell anew in the same turn.
  disconnectedCallback(): void {
    this.#opened?.dispose();
    this.#opened = this.#session = undefined;
  }

  /** Opens the editor, and puts the keyboard into it if asked to. `restore`: with the edit that this browser has kept. */
  async open(focus: boolean, restore = true): Promise<void> {
    const before = document.activeElement;
    if (focus && !this.#session) this.#hint!.textContent = "Loading the editor …";
    this.#session ??= this.#load(restore);
    try {
      this.#opened = await this.#session;
      if (!this.isConnected) this.disconnectedCallback();
      // Who went on meanwhile is not called back.
      else if (focus && [before, document.body].includes(document.activeElement)) this.#opened.focus();
    } catch (error) {
      this.#session = undefined; // the network may be back later
      const why = /import|fetch|module/i.test(String(error)) ? "is there a connection?" : `${String(error)}.`;
      this.#hint!.textContent = `The editor could not be loaded: ${why} Press Edit to try again.`;
    }
  }

  async #load(restore: boolean): Promise<CellSession> {
    const {openSession} = await import("./live-cell/session.js");
    return openSession(this, this.#hint!, restore && {mayRun: this.#fresh});
  }
}

customElements.define("live-cell", LiveCell);
parsing = false;

// A link with shared code is shown before anything of it may run.
async function openShared(): Promise<void> {
  if (!shareHash.test(location.hash)) return;
  const {showShared} = await import("./live-cell/shared-code.js");
  await showShared(location.hash);
}
addEventListener("hashchange", () => void openShared());
void openShared();
