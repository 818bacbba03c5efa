import type {Compiled, Place} from "./compile.js";
import {CellError} from "./compile.js";
import type {NativeCell, PageRuntime, Variable} from "./page-runtime.js";
import {dependsOn, isUsed, valueOf} from "./page-runtime.js";
import type {RunEvents} from "./run.js";
import {Run} from "./run.js";
import {importProblem, isLibrary, loadLibrary} from "./site-modules.js";
import {CellStopped} from "./watchdog.js";

/** How a run came to its end, or to its first value. */
export type Outcome = "done" | "failed" | "stopped";

/** What a cell tells its element. */
export interface CellEvents {
  display(run: Run, value: unknown): void;
  begin(run: Run): void; // a run starts, by the reader or because something that it uses has changed
  done(run: Run): void;
  failed(error: unknown, run: Run | null): void; // also later, in a timer or a call from elsewhere
  change(): void; // `active` may have changed
  edited(edited: boolean): void; // whether the page has the reader's names now, or Framework's own
  kept(names: string[]): void; // names that the new code does not define, but the page uses
}

export interface CellOptions {
  name: string;
  native: NativeCell | undefined; // the cell that Framework compiled
  runtime: PageRuntime;
  node: Node; // where `visibility` looks
  events: CellEvents;
}

/** An edited version of the cell in the page's graph. */
interface Version {
  key: string; // its variable's name
  variable: Variable;
  compiled: Compiled;
  run: Run | null;
  values: Record<string, unknown>; // of its last good run
  frozen: boolean; // it is over: whoever asks gets the last good values
  settle(outcome: Outcome): void; // tells who has asked for it; only the first time counts
}

let versions = 0;

/**
 * A cell of the page that the reader can give other code. A new version first runs beside the old one; only when it has
 * come to an end does the page take its names from it. So an error leaves the page as it was, with the last good values.
 */
export class ReactiveCell {
  readonly #options: CellOptions;
  readonly #names = new Map<string, Variable>(); // that this cell defines now, Framework's own among them
  #current: Version | null = null; // the page has its names from this one; null: from Framework's cell
  #trial: Version | null = null; // has not come to an end yet, or has failed

  constructor(options: CellOptions) {
    this.#options = options;
    for (const [name, variable] of options.native?.outputs ?? []) this.#names.set(name, variable);
  }

  /** Whether anything of a run goes on. */
  get active(): boolean {
    return [this.#trial, this.#current].some((version) => version?.run?.active);
  }

  /** The names that the cell defines, and their values. */
  get values(): Record<string, unknown> {
    return (
      this.#current?.values ?? Object.fromEntries([...this.#names].map(([name, variable]) => [name, valueOf(variable)]))
    );
  }

  /** Runs new code. Throws a CellError, before anything is changed, if it cannot be part of the page. */
  run(compiled: Compiled): Promise<Outcome> {
    this.#check(compiled);
    this.#endRuns();
    if (!this.#current) this.#options.native?.stop();
    return new Promise((settle) => {
      this.#trial = this.#begin(compiled, settle);
    });
  }

  /** Stops all that goes on. The names keep their last values, and do not follow the page until the next run. */
  stop(): void {
    this.#endRuns();
    if (!this.#current) this.#options.native?.stop();
    this.#current?.run?.free();
  }

  /** Gives the names back to Framework's own cell. */
  reset(): void {
    this.#endRuns();
    const {native, events} = this.#options;
    const current = this.#current;
    if (!current) return;
    this.#current = null;
    for (const [name, variable] of this.#names) {
      if (native?.outputs.has(name)) continue;
      this.#names.delete(name);
      variable.delete();
    }
    native?.restore();
    current.variable.delete();
    current.run?.free();
    events.edited(false);
  }

  #endRuns(): void {
    const trial = this.#trial;
    if (trial) {
      trial.frozen = true;
      trial.settle("stopped"); // also where it waits for what it uses
      trial.run?.free();
      trial.variable.delete();
      this.#trial = null;
    }
    if (this.#current) {
      this.#current.frozen = true;
      this.#current.run?.stop();
    }
  }

  #begin(compiled: Compiled, settle: (outcome: Outcome) => void): Version {
    const {runtime, node, events, name} = this.#options;
    const rejected = (error: unknown) => {
      if (version.frozen) return;
      events.failed(error, null); // something that it uses has failed
      settle("failed");
    };
    const key = `edited ${name} ${++versions}`;
    const variable = runtime.variable({_node: node, rejected});
    const version: Version = {key, variable, compiled, run: null, values: {}, frozen: false, settle};
    const inputs = compiled.inputs.map(({name}) => name).filter((name) => !this.#isLibrary(name));
    variable.define(key, [...inputs, "invalidation"], (...values: unknown[]) => {
      const invalidation = values.pop() as Promise<void>;
      return this.#compute(version, new Map(inputs.map((name, i) => [name, values[i]])), invalidation, settle);
    });
    return version;
  }

  async #compute(
    version: Version,
    inputs: Map<string, unknown>,
    invalidation: Promise<void>,
    settle: (outcome: Outcome) => void
  ): Promise<Record<string, unknown>> {
    if (version.frozen) return version.values;
    const {events, name} = this.#options;
    const previous = version.run;
    const own: RunEvents = {
      display: (value) => events.display(run, value),
      error: (error) => events.failed(error, run),
      change: () => events.change()
    };
    const run: Run = new Run(own);
    version.run = run;
    void invalidation.then(() => run.stop());
    events.begin(run);
    try {
      const all: unknown[] = [];
      for (const {name} of version.compiled.inputs)
        all.push(inputs.has(name) ? inputs.get(name) : await loadLibrary(name));
      const values = await run.start(version.compiled, fileOf(name), all);
      if (version.frozen) throw new CellStopped();
      version.values = values;
      if (version !== this.#current) this.#connect(version);
      events.done(run);
      settle("done");
      previous?.free();
    } catch (error) {
      run.free();
      if (previous) version.run = previous; // over, but its tensors may be in the values that stay
      if (error instanceof CellStopped) settle("stopped");
      else if (!version.frozen) {
        events.failed(error, run);
        settle("failed");
      }
    }
    return version.values;
  }

  /** From now on the page has its names from this version. */
  #connect(version: Version): void {
    const {runtime, native, events} = this.#options;
    const before = this.#current;
    const names = version.compiled.outputs.map(({name}) => name);
    for (const name of names) {
      const variable = this.#names.get(name) ?? runtime.variable(true);
      this.#names.set(name, variable);
      variable.define(name, [version.key], (values: Record<string, unknown>) => values[name]);
    }
    const kept: string[] = [];
    for (const [name, variable] of this.#names) {
      if (names.includes(name)) continue;
      const value = valueOf(variable);
      if (isUsed(variable)) kept.push(name);
      if (isUsed(variable) || native?.outputs.has(name)) variable.define(name, [], () => value);
      else {
        this.#names.delete(name);
        variable.delete();
      }
    }
    if (this.#trial === version) this.#trial = null;
    this.#current = version;
    if (before) {
      before.variable.delete();
      before.run?.free();
    } else native?.suspend();
    events.edited(true);
    events.kept(kept);
  }

  #isLibrary(name: string): boolean {
    return isLibrary(name) && !this.#options.runtime.find(name);
  }

  #check({inputs, outputs, imports}: Compiled): void {
    for (const {name, line} of outputs) this.#checkOutput(name, line);
    for (const place of inputs) this.#checkInput(place);
    for (const {name, line} of imports) {
      const problem = importProblem(name);
      if (problem) throw new CellError(problem, line);
    }
  }

  #checkOutput(name: string, line: number): void {
    const {runtime} = this.#options;
    if (["display", "view", "invalidation", "visibility"].includes(name))
      throw new CellError(`${name} is a name of the page itself. Choose another one.`, line);
    const other = runtime.find(name);
    if (other && this.#names.get(name) !== other)
      throw new CellError(
        `${name} is defined by another cell of this page. Choose another name, or change that cell.`,
        line
      );
  }

  #checkInput({name, line}: Place): void {
    const {runtime} = this.#options;
    const variable = runtime.find(name);
    if (variable && [...this.#names.values()].includes(variable))
      throw new CellError(`${name} is used here but no longer defined: this very cell defined it.`, line);
    const [own] = [...this.#names].find(([, output]) => variable && dependsOn(variable, output)) ?? [];
    if (own)
      throw new CellError(`${name} is computed from ${own}, which this cell defines: that would be a circle.`, line);
    if (variable || name === "visibility" || this.#isLibrary(name)) return;
    if (notHere.has(name))
      throw new CellError(
        `${name} is not here, since this site fetches nothing from elsewhere. There are d3, Plot and tf.`,
        line
      );
    if (!runtime.isBuiltin(name) && !(name in globalThis))
      throw new CellError(`${name} is not defined: no cell of this page has this name. Is it a typing error?`, line);
  }
}

/** The name by which an error's stack says that it comes from this cell. */
export function fileOf(name: string): string {
  return `live-cell/${name}.ts`;
}

// Framework's names for what it would fetch from another host.
const notHere = new Set(
  (
    "_ aq Arrow dot duckdb DuckDBClient echarts htl html svg Inputs L mapboxgl mermaid React ReactDOM sql SQLite " +
    "SQLiteDatabaseClient tex topojson vg vl aapl alphabet cars citywages diamonds flare industries miserables olympians " +
    "penguins pizza weather"
  ).split(" ")
);
