import type {CellView} from "./cell-view.js";
import type {Edit} from "./edits.js";
import {isSafe, onOtherTab, readEdit, writeEdit} from "./edits.js";

/** The cell whose edit is kept. */
export interface KeptCell {
  read(): string; // the text in the editor
  write(text: string): void;
  run(): void; // runs that text
}

/** What the cell has run: `running` has not come to its end. */
export interface RunState {
  ran: string | null;
  running: string | null;
}

let problemSaid = false; // once a visit

/** Keeps a cell's edit in this browser, and brings it back without losing or running what the reader would not want. */
export class EditKeeper {
  readonly #name: string;
  readonly #default: string;
  readonly #view: CellView;
  readonly #cell: KeptCell;
  #on = true; // false while the text is not the reader's own, or not chosen yet
  #known: string | undefined; // the text that is kept, as far as this tab knows
  #others: string[] = []; // the texts of other tabs that are kept beside it
  #state: RunState = {ran: null, running: null};

  constructor(name: string, defaultSource: string, view: CellView, cell: KeptCell) {
    this.#name = name;
    this.#default = defaultSource;
    this.#view = view;
    this.#cell = cell;
  }

  /** Says when another tab edits the same cell, until `signal` aborts. */
  watch(signal: AbortSignal): void {
    const look = () => {
      const stored = readEdit(this.#name);
      if (this.#on && stored && stored.source !== this.#known && stored.source !== this.#cell.read())
        this.#meet(this.#beside(this.#cell.read()));
    };
    onOtherTab(this.#name, look, signal);
  }

  /** Writes the present state down; where the browser refuses, says so once. */
  keep(state: RunState): void {
    if (!this.#on) return;
    this.#state = state;
    const {ran, running} = state;
    const source = this.#cell.read();
    const others = this.#beside(source);
    if (others.join() !== this.#others.join()) this.#meet(others);
    const isDefault = source === this.#default && ran === null && running === null;
    const problem = isDefault ? this.#leave() : this.#write(source, others, state);
    if (!problem || problemSaid) return;
    problemSaid = true;
    this.#view.notice("storage", {text: problem, ways: {"I see": () => {}}});
  }

  /** The reader has reset the cell: forgets the edit, unless what was reset had come in a link. */
  forget(): void {
    const own = readEdit(this.#name);
    if (this.#on || !own) this.#start();
    else this.#view.notice("shared", {text: stillKept, ways: {"Back to my edit": () => this.#take(own, true)}});
  }

  /** Brings back what this browser has kept. With `mayRun`, an edit that came to its end last time is run again. */
  restore(mayRun: boolean): void {
    const edit = readEdit(this.#name);
    if (!edit) return;
    if (!isSafe()) this.#meet(edit.others ?? []);
    if (isSafe()) this.#leaveAside(edit);
    else if (edit.default !== this.#default) void this.#offerBoth(edit);
    else this.#take(edit, mayRun);
  }

  /** Puts code from a link into the editor; it is not kept unless the reader says so. */
  takeShared(source: string): void {
    this.#on = false;
    this.#cell.write(source);
    const own = readEdit(this.#name);
    this.#known = own?.source;
    const keep = () => {
      this.#on = true;
      this.#cell.write(this.#cell.read()); // a change, and thus kept
    };
    this.#view.notice("shared", {
      text: `This is shared code. ${own ? stillKept : "It is gone when you leave."}`,
      ways: own ? {"Keep this one instead": keep, "Back to my edit": () => this.#take(own, true)} : {"Keep it": keep}
    });
  }

  #take(edit: Edit, mayRun: boolean): void {
    this.#on = true;
    this.#known = edit.source;
    for (const kind of ["shared", "safe"]) this.#view.notice(kind, null);
    this.#cell.write(edit.source);
    if (edit.ran === edit.source && !edit.running && mayRun) return this.#cell.run();
    const text = edit.running
      ? "Your edit is here, but it did not come to its end last time, so it was not run by itself."
      : "Your edit is here. It has not been run.";
    this.#view.notice("restored", {text, ways: {"Run it": () => this.#cell.run()}});
  }

  #leaveAside(edit: Edit): void {
    this.#on = false;
    this.#known = edit.source;
    this.#view.notice("safe", {
      text: "This visit leaves your edit aside (?safe). It is still kept; what you change now is not.",
      ways: {"Show my edit": () => this.#take(edit, false), "Forget my edit": () => this.#start()}
    });
  }

  async #offerBoth(edit: Edit): Promise<void> {
    this.#on = false;
    this.#known = edit.source;
    const {changes} = await import("./changes.js");
    this.#view.notice("restored", {
      text: "The page’s own code has changed since you edited this cell, and runs now. Lines with + are your edit’s, lines with - the page’s.",
      more: [changes(this.#default, edit.source)],
      ways: {"Take my edit": () => this.#take(edit, false), "Take the page’s code": () => this.#start()}
    });
  }

  // From the page's own code on, as if nothing had been kept but what other tabs have.
  #start(): void {
    this.#on = true;
    this.#state = {ran: null, running: null};
    this.#leave();
  }

  /** What other tabs have written, as it is kept now, once this tab has `source` in the place of what it had. */
  #beside(source: string): string[] {
    const stored = readEdit(this.#name);
    if (!stored) return [];
    const texts = new Set([...(stored.others ?? []), stored.source]);
    if (this.#known !== undefined) texts.delete(this.#known);
    texts.delete(source);
    return [...texts];
  }

  // Other tabs have edited the cell as well, and what they have kept is about to be replaced: it stays beside this text.
  #meet(others: string[]): void {
    this.#others = others;
    const [other, ...rest] = others;
    if (other === undefined) return this.#view.notice("other", null);
    const two = rest.length === 0;
    const where = two ? "another tab too. Both" : `${others.length} other tabs too. All`;
    this.#view.notice("other", {
      text: `This cell was edited in ${where} edits are kept.`,
      ways: {
        [two ? "Show the other edit" : "Show the next edit"]: () => {
          const mine = this.#cell.read();
          this.#meet([...rest, mine]);
          this.#known = other;
          this.#cell.write(other);
        },
        [two ? "Forget the other edit" : "Forget the other edits"]: () => {
          const source = this.#cell.read();
          this.#meet([]);
          const isDefault = source === this.#default && this.#state.ran === null && this.#state.running === null;
          this.#write(isDefault ? undefined : source, [], this.#state);
        }
      }
    });
  }

  // Nothing of this tab's is kept any more: what is left is what other tabs have.
  #leave(): string | undefined {
    const stored = readEdit(this.#name);
    const others = this.#beside(this.#default);
    const source = others.pop();
    const theirs = stored !== undefined && source === stored.source;
    const problem = theirs ? writeEdit(this.#name, {...stored, others}) : this.#write(source, others);
    this.#known = undefined; // none of it is this tab's
    return problem;
  }

  #write(
    source: string | undefined,
    others: string[],
    {ran, running}: RunState = {ran: null, running: null}
  ): string | undefined {
    this.#known = source;
    if (source === undefined) return writeEdit(this.#name, null);
    const edit = {default: this.#default, source, ran: running ?? ran, running: running !== null};
    return writeEdit(this.#name, {version: 1, ...edit, others: others.length ? others : undefined});
  }
}

const stillKept = "Your own edit of this cell is still kept.";
