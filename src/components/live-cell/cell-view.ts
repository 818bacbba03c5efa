import {button, switchOff} from "../controls.js";
import {element} from "../element.js";
import {inspect} from "./page-runtime.js";

/** What the buttons of a cell do. */
export interface CellActions {
  run(): void;
  stop(): void;
  reset(): void;
  share(): void;
  download(format: "ts" | "ipynb"): void;
}

/** A sentence to the reader beside a cell, with what can be done about it. */
export interface Notice {
  text: string;
  good?: boolean; // looks like good news
  more?: HTMLElement[]; // shown below it
  ways?: Record<string, () => void>; // a notice goes when one is chosen
}

/** The elements of an opened cell: output, notices, editor, error, buttons. */
export interface CellView {
  editor: HTMLElement; // where the editor goes
  output: HTMLElement; // where an edited cell shows its values
  show(value: unknown, first: boolean): void; // `first` clears what was shown before
  clear(): void;
  own(edited: boolean): void; // shows the edited cell's output in place of Framework's, or the reverse
  error(text: string | null): void;
  notice(kind: string, notice: Notice | null): void;
  say(text: string): void;
  active(active: boolean): void; // something runs
  focusButtons(): void;
  remove(): void; // brings the element back to what it was
}

const keys = "Shift+Enter runs the cell. Esc leaves the editor; then Tab goes on, Shift+Tab back.";

/** Opens a cell's element. `hint` is the line that says how to use it. */
export function cellView(host: HTMLElement, hint: HTMLElement, actions: CellActions): CellView {
  const native = host.querySelector<HTMLElement>(":scope > .observablehq--block");
  const source = host.querySelector<HTMLElement>(":scope > .observablehq-pre-container, :scope > pre")!;
  const output = element("div", {class: "observablehq observablehq--block live-cell-output", hidden: true});
  const notices = element("div", {class: "live-cell-notices", "aria-live": "polite"});
  const editor = element("div", {class: "live-cell-editor"});
  const alert = element("div", {class: "live-alert live-cell-alert", role: "alert", hidden: true});
  const status = element("span", {class: "live-cell-status", role: "status"});
  const run = button("Run", actions.run, {primary: true, title: "Shift+Enter"});
  const stop = button("Stop", actions.stop, {disabled: true});
  const reset = button("Reset", actions.reset, {title: "Bring back the page’s own code"});
  const share = button("Share", actions.share, {title: "Make a link that holds your changes"});
  const download = element(
    "details",
    {class: "live-cell-download"},
    element("summary", {}, "Download"),
    button("TypeScript file", () => actions.download("ts")),
    button("Jupyter notebook", () => actions.download("ipynb"))
  );
  download.hidden = host.hasAttribute("exercise"); // it saves the page's cells, of which an exercise is none
  const buttons = element("div", {class: "live-cell-buttons"}, run, stop, reset, share, download, status);
  const shownNotices = new Map<string, HTMLElement>();
  const before = hint.textContent;
  host.append(output);
  source.before(notices);
  source.after(editor, alert);
  source.hidden = true;
  hint.textContent = keys;
  hint.before(buttons);
  host.classList.add("live-cell-open");

  return {
    editor,
    output,
    show(value, first) {
      const node = value instanceof Node ? value : inspect(showable(value));
      if (first) output.replaceChildren(node);
      else output.append(node);
    },
    clear: () => output.replaceChildren(),
    own(edited) {
      output.hidden = !edited;
      if (native) native.hidden = edited;
      host.toggleAttribute("edited", edited);
    },
    error(text) {
      alert.hidden = text === null;
      alert.textContent = text;
    },
    notice(kind, notice) {
      const gone = shownNotices.get(kind);
      if (gone?.contains(document.activeElement)) run.focus({preventScroll: true}); // else the keyboard is nowhere
      gone?.remove();
      shownNotices.delete(kind);
      if (!notice) return;
      const {text, good, more = [], ways = {}} = notice;
      const items = Object.entries(ways).map(([label, act]) =>
        button(label, () => {
          this.notice(kind, null);
          act();
        })
      );
      const node = element("div", {class: "live-cell-notice"}, element("p", {}, text), ...more, ...items);
      node.classList.toggle("live-cell-good", good === true);
      shownNotices.set(kind, node);
      notices.append(node);
    },
    say(text) {
      if (status.textContent !== text) status.textContent = text;
    },
    active(active) {
      switchOff(stop, !active);
      host.toggleAttribute("running", active);
    },
    focusButtons: () => run.focus(),
    remove() {
      for (const node of [output, notices, editor, alert, buttons]) node.remove();
      source.hidden = false;
      if (native) native.hidden = false;
      hint.textContent = before;
      host.classList.remove("live-cell-open");
    }
  };
}

const mostItems = 1e6;
const mostCharacters = 1e5;

// Framework's inspector looks at every item, also at those that are not there.
function showable(value: unknown): unknown {
  if (Array.isArray(value) && value.length > mostItems) return {length: value.length, first: value.slice(0, 20)};
  if (typeof value !== "string" || value.length <= mostCharacters) return value;
  return `${value.slice(0, mostCharacters)} … (${value.length} characters)`;
}
