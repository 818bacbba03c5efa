import {Generators} from "observablehq:stdlib";
import type {Compiled} from "./compile.js";
import {exported} from "./exported.js";
import {givenNames, ownedFacade} from "./owned-by-run.js";
import {loadModule} from "./site-modules.js";
import type {Tensors} from "./tensor-ledger.js";
import {attributeTensors, freeTensors} from "./tensor-ledger.js";
import {CellStopped, HeldTooLong, watch} from "./watchdog.js";

/** What a run tells the cell that it is of. */
export interface RunEvents {
  display(value: unknown): void; // something to show
  error(error: unknown): void; // something that went wrong after the start: in a timer, a listener, an exported function
  change(): void; // `active` may have changed
}

type Values = Record<string, unknown>;
type Body = (live: Run, ...values: unknown[]) => Promise<Values | void>;

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

/** One run of a cell, with all that it starts: timers, listeners, observers, workers, tensors. The code calls it `__live`. */
export class Run {
  readonly #events: RunEvents;
  readonly #ends = new Set<() => void>();
  readonly #tensors: Tensors = new Set();
  readonly #controller = new AbortController();
  #guests = 0; // calls from outside, which may still use what this run has exported
  #settled = false;
  #over = false; // as `signal`, which takes too long to ask in every iteration

  constructor(events: RunEvents) {
    this.#events = events;
  }

  /** Aborts when the run is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether anything of it goes on. */
  get active(): boolean {
    return !this.signal.aborted && (!this.#settled || this.#ends.size > 0);
  }

  /**
   * Runs the code to its end and returns what it exports. Rejects with what the code throws, or with CellStopped as soon
   * as the run is stopped: code that waits for something that never comes does not keep the cell waiting.
   */
  async start(compiled: Compiled, file: string, inputs: readonly unknown[]): Promise<Values> {
    const names = [...compiled.given, ...compiled.inputs.map(({name}) => name)];
    const body = new AsyncFunction("__live", ...names, `${compiled.body}\n//# sourceURL=${file}`);
    const given = compiled.given.map((name) => this.#given(name));
    let forget = () => {};
    const stopped = new Promise<never>((_, reject) => (forget = this.ends(() => reject(new CellStopped()))));
    try {
      const values = await Promise.race([body(this, ...given, ...inputs), stopped]);
      return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, exported(value, this)]));
    } catch (error) {
      if (error instanceof HeldTooLong) this.stop();
      throw error;
    } finally {
      forget();
      this.leave();
      this.#settled = true;
      this.#events.change();
    }
  }

  /** Ends all that the run started. Its tensors live until `free`, since its values may still be in use. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller.abort();
    const ends = [...this.#ends];
    this.#ends.clear();
    for (const end of ends) {
      try {
        end();
      } catch (error) {
        console.warn("a cell did not end something that it had started:", error);
      }
    }
    this.#events.change();
  }

  /** Stops, and frees its tensors. */
  free(): void {
    this.stop();
    freeTensors(this.#tensors);
  }

  /** Calls `end` when the run is stopped; returns what forgets it again. */
  ends(end: () => void): () => void {
    this.#ends.add(end);
    if (this.#settled && this.#ends.size === 1) this.#events.change();
    return () => {
      if (this.#ends.delete(end) && this.#settled && this.#ends.size === 0) this.#events.change();
    };
  }

  /** Something went wrong in what the run has started or exported. */
  report(error: unknown): void {
    if (error instanceof CellStopped) return;
    if (error instanceof HeldTooLong) this.stop();
    this.#events.error(error);
  }

  /** Calls back into the code, as a timer does. */
  call(callback: unknown, ...values: unknown[]): unknown {
    if (this.signal.aborted) return undefined;
    try {
      this.enter();
      const result: unknown = (callback as (...values: unknown[]) => unknown)(...values);
      if (result instanceof Promise) result.catch((error) => this.report(error));
      return result;
    } catch (error) {
      this.report(error);
      return undefined;
    } finally {
      this.leave();
    }
  }

  /** Lets others call an exported function, also when the run is over: its names keep their last values. */
  host<A>(call: () => A): A {
    ++this.#guests;
    try {
      return call();
    } finally {
      --this.#guests;
    }
  }

  // What follows is what the code itself calls; instrument.ts says where.

  tick(): void {
    if (this.#over && this.#guests === 0) throw new CellStopped();
    watch();
  }

  enter(): void {
    this.tick();
    if (this.#guests === 0) attributeTensors(this.#tensors); // who calls from outside keeps what comes of it
  }

  leave(): void {
    attributeTensors(null);
  }

  paused<A>(value: A): A {
    attributeTensors(null);
    return value;
  }

  resumed<A>(value: A): A {
    this.enter();
    return value;
  }

  own(target: unknown): unknown {
    return ownedFacade(this, target);
  }

  chained(target: unknown): {self: unknown} | undefined {
    return target == null ? undefined : {self: this.own(target)};
  }

  module(specifier: unknown): Promise<unknown> {
    return loadModule(String(specifier));
  }

  show(value: unknown): void {
    this.enter();
    this.#display(value);
  }

  #display<A>(value: A): A {
    if (this.signal.aborted) throw new CellStopped();
    this.#events.display(value);
    return value;
  }

  #given(name: string): unknown {
    const own: Record<string, () => unknown> = {
      display: () => (value: unknown) => this.#display(value),
      view: () => (input: Node & {value: unknown}) => Generators.input(this.#display(input)),
      invalidation: () => new Promise<void>((resolve) => this.ends(resolve))
    };
    return (own[name] ?? (() => givenNames[name](this)))();
  }
}
