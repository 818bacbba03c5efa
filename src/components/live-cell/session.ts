import {checkCell, exerciseProblem, tellVerdict} from "./cell-check.js";
import {cellView} from "./cell-view.js";
import type {CellView} from "./cell-view.js";
import type {Compiled} from "./compile.js";
import {compile} from "./compile.js";
import {completions} from "./completion.js";
import type {Editor} from "./editor.js";
import {makeEditor} from "./editor.js";
import {EditKeeper} from "./edit-keeper.js";
import {isFrom, placeError} from "./error-place.js";
import type {PageRuntime} from "./page-runtime.js";
import {ownRuntime, pageRuntime} from "./page-runtime.js";
import type {Outcome} from "./reactive-cell.js";
import {ReactiveCell, fileOf} from "./reactive-cell.js";
import type {Run} from "./run.js";
import {CellStopped} from "./watchdog.js";

/** The open cells of the page, by name. */
export const sessions = new Map<string, CellSession>();

/** How a kept edit comes back: not at all, or, where it may, with its run. */
export type Restore = {mayRun: boolean} | false;

/** Opens a cell: its editor, and its place in the page's graph. */
export async function openSession(host: HTMLElement, hint: HTMLElement, restore: Restore): Promise<CellSession> {
  const session = new CellSession(host, hint, await (host.hasAttribute("exercise") ? ownRuntime() : pageRuntime()));
  if (restore) session.restore(restore.mayRun);
  return session;
}

/** An open cell. */
export class CellSession {
  readonly name: string;
  readonly defaultSource: string;
  readonly #host: HTMLElement;
  readonly #view: CellView;
  readonly #editor: Editor;
  readonly #cell: ReactiveCell;
  readonly #runtime: PageRuntime;
  readonly #keeper: EditKeeper;
  readonly #life = new AbortController();
  #ran: string | null = null; // what the page has, if it was edited
  #running: string | null = null; // what has not come to its end
  #shown: Run | null = null; // whose output stands in the page
  #good: {run: Run; nodes: Node[]} | null = null; // the last run that came to its end, and its output
  #started = 0;
  #turn = 0; // counts what the reader asks for
  #asked = false; // the run that goes on was asked for by the reader
  #checking: AbortController | null = null;
  #failure: unknown; // what went wrong last

  constructor(host: HTMLElement, hint: HTMLElement, runtime: PageRuntime) {
    const name = (this.name = host.getAttribute("name")!);
    this.#host = host;
    this.#runtime = runtime;
    this.defaultSource = host.querySelector("pre")!.textContent!.replace(/\n$/, "");
    this.#view = cellView(host, hint, {
      run: () => void this.run(),
      stop: () => this.stop(),
      reset: () => this.reset(),
      share: () => void this.#share(),
      download: (format) => void this.#download(format)
    });
    this.#editor = makeEditor({
      parent: this.#view.editor,
      text: this.defaultSource,
      label: `Code of the cell ${name}`,
      hint: hint.id,
      change: () => this.#keep(),
      run: () => void this.run(),
      leave: () => this.#view.focusButtons(),
      complete: completions(runtime)
    });
    this.#cell = new ReactiveCell({
      name,
      runtime,
      node: this.#view.output,
      native: runtime.nativeCell(host.querySelector(":scope > .observablehq--block") ?? host),
      events: this.#events()
    });
    this.#keeper = new EditKeeper(name, this.defaultSource, this.#view, {
      write: (text) => (this.#editor.text = text),
      read: () => this.#editor.text,
      run: () => void this.run()
    });
    this.#keeper.watch(this.#life.signal);
    sessions.set(name, this);
    this.#watchErrors();
    this.#offerSolution();
  }

  /** The reader's text, where it is not the page's own. */
  get edit(): string | undefined {
    const {text} = this.#editor;
    return text === this.defaultSource ? undefined : text;
  }

  /** Brings back the edit that this browser has kept, and runs it where it may. */
  restore(mayRun: boolean): void {
    this.#keeper.restore(mayRun);
  }

  focus(): void {
    this.#editor.focus();
  }

  /** Runs the text in the editor; resolves when it has come to an end or to an error. */
  async run(source = this.#editor.text): Promise<Outcome> {
    this.#clearError();
    this.#checking?.abort();
    for (const kind of ["restored", "check"]) this.#view.notice(kind, null);
    let compiled: Compiled;
    let outcome: Promise<Outcome>;
    try {
      compiled = compile(source);
      const problem = exerciseProblem(this.#host, compiled);
      if (problem) throw problem;
      outcome = this.#cell.run(compiled);
    } catch (error) {
      await this.#fail(error);
      tellVerdict(this.#host, source, error);
      return "failed";
    }
    const turn = ++this.#turn;
    this.#running = source;
    this.#asked = true;
    this.#keep();
    const result = await outcome;
    if (turn !== this.#turn) return result; // another has begun, or the cell was reset
    this.#asked = false;
    this.#running = null;
    if (result === "done") this.#ran = source;
    if (result === "stopped") this.#view.say("Stopped.");
    this.#keep();
    if (result === "done") await this.#check(source);
    if (result === "failed") tellVerdict(this.#host, source, this.#failure);
    return result;
  }

  stop(): void {
    this.#checking?.abort();
    this.#cell.stop();
    this.#view.active(false);
    this.#view.say("Stopped.");
  }

  /** Brings back the page's own code, and its own cell. */
  reset(): void {
    this.#editor.text = this.defaultSource;
    this.#checking?.abort();
    ++this.#turn;
    this.#running = this.#ran = this.#shown = this.#good = null;
    this.#cell.reset();
    this.#view.own(false);
    this.#clearError();
    for (const kind of ["restored", "kept", "check", "shared", "share"]) this.#view.notice(kind, null);
    this.#view.say("The page’s own code is back.");
    this.#keeper.forget();
  }

  /** Puts shared code into the cell and runs it. It is not kept unless the reader says so. */
  runShared(source: string): Promise<Outcome> {
    this.#keeper.takeShared(source);
    return this.run();
  }

  /** Frees the cell's names and brings its element back to what it was. */
  dispose(): void {
    this.#life.abort();
    this.#cell.reset();
    this.#editor.destroy();
    this.#view.remove();
    sessions.delete(this.name);
  }

  #events() {
    return {
      begin: () => {
        this.#clearError();
        this.#started = performance.now();
        this.#view.active(true);
        if (this.#asked) this.#view.say("Running …"); // a run that only follows the page is not announced
      },
      display: (run: Run, value: unknown) => {
        this.#view.show(value, this.#shown !== run);
        this.#view.own(true);
        this.#shown = run;
      },
      done: (run: Run) => {
        if (this.#shown !== run) this.#view.clear();
        this.#shown = run;
        this.#good = {run, nodes: [...this.#view.output.childNodes]};
        if (!this.#asked) return;
        const time = performance.now() - this.#started;
        this.#view.say(
          time < 1000 ? `Ran in ${Math.max(1, Math.round(time))} ms.` : `Ran in ${(time / 1000).toFixed(1)} s.`
        );
      },
      failed: (error: unknown, run: Run | null) => {
        if (run && run === this.#shown && run !== this.#good?.run) this.#showGood();
        void this.#fail(error);
      },
      change: () => this.#view.active(this.#cell.active),
      edited: (edited: boolean) => this.#view.own(edited),
      kept: (names: string[]) => this.#view.notice("kept", names.length ? {text: keptText(names)} : null)
    };
  }

  async #fail(error: unknown): Promise<void> {
    this.#failure = error;
    const lines = this.#editor.text.split("\n").length;
    const {text, line} = await placeError(error, fileOf(this.name), lines);
    this.#view.error(text);
    this.#editor.mark(line);
    this.#view.say("");
    this.#view.active(this.#cell.active);
  }

  /** Brings back the output of the last good run: what a failed one has shown goes. */
  #showGood(): void {
    this.#shown = this.#good?.run ?? null;
    this.#view.output.replaceChildren(...(this.#good?.nodes ?? []));
    this.#view.own(this.#good !== null);
  }

  #clearError(): void {
    this.#view.error(null);
    this.#editor.mark(null);
  }

  // What goes wrong where nobody catches it, such as a listener: in its cell rather than in the console.
  #watchErrors(): void {
    const {signal} = this.#life;
    const file = fileOf(this.name);
    const take = (event: Event, error: unknown, from = "") => {
      if (!(error instanceof CellStopped) && !isFrom(error, file) && !from.endsWith(file)) return;
      event.preventDefault();
      if (!(error instanceof CellStopped)) void this.#fail(error);
    };
    addEventListener("error", (event) => take(event, event.error, event.filename), {signal});
    addEventListener("unhandledrejection", (event) => take(event, event.reason), {signal});
  }

  #keep(): void {
    this.#keeper.keep({ran: this.#ran, running: this.#running});
  }

  #offerSolution(): void {
    const solution = this.#host.querySelector<HTMLElement>(":scope > .live-cell-solution");
    const code = solution?.querySelector("pre")?.textContent?.replace(/\n$/, "");
    if (!solution || code === undefined) return;
    const put = document.createElement("button");
    put.textContent = "Put it into the editor";
    put.addEventListener("click", () => (this.#editor.text = code), {signal: this.#life.signal});
    solution.append(put);
    this.#life.signal.addEventListener("abort", () => put.remove());
  }

  async #check(code: string): Promise<void> {
    const {signal} = (this.#checking = new AbortController());
    this.#view.active(true);
    const values = this.#cell.values;
    const said = await checkCell({host: this.#host, runtime: this.#runtime, values, code, signal});
    this.#view.active(this.#cell.active);
    if (said && !signal.aborted) this.#view.notice("check", said);
  }

  async #share(): Promise<void> {
    const ways = {Close: () => {}};
    try {
      const {shareLink} = await import("./share-link.js");
      const {text, link} = await shareLink(edits());
      const more = link ? [Object.assign(document.createElement("a"), {textContent: "The link", href: link})] : [];
      this.#view.notice("share", {text, more, ways});
    } catch (error) {
      this.#view.notice("share", {text: `The link could not be made: ${String(error)}`, ways});
    }
  }

  async #download(format: "ts" | "ipynb"): Promise<void> {
    try {
      const {downloadEdited} = await import("./download-edited.js");
      await downloadEdited(format, edits());
    } catch (error) {
      this.#view.notice("download", {text: `The file could not be made: ${String(error)}`, ways: {Close: () => {}}});
    }
  }
}

/** All texts of the page that are not its own, by the names of their cells. */
export function edits(): Map<string, string> {
  return new Map([...sessions].flatMap(([name, {edit}]) => (edit === undefined ? [] : [[name, edit] as const])));
}

function keptText(names: string[]): string {
  const list = names.join(", ");
  const one = names.length === 1;
  return `Other cells use ${list}, which this code no longer defines. ${one ? "It keeps its last value" : "They keep their last values"}.`;
}
