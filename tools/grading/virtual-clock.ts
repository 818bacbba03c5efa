/** How long code may go on without a pause, in milliseconds; as in a page. */
const longestHold = 3000;

/** Thrown into code that goes on for too long. */
class HeldTooLong extends Error {
  override name = "HeldTooLong";
}

interface Timer {
  due: number;
  every: number | undefined; // of an interval
  call: () => void;
}

const clockOfMachine = Date.now.bind(Date);

/** Timers that nobody waits for: the time jumps to the next one that is due. Also ends loops that have no end. */
export class Clock {
  #time = 0; // milliseconds, from the start
  #since = 0;
  #looked = 0;
  #stride = 1; // ticks from one look at the clock to the next
  #count = 0;
  #id = 0;
  readonly #timers = new Map<number, Timer>();

  /** The functions of a browser that are about time. */
  readonly names: Record<string, (...values: never[]) => unknown> = {
    setTimeout: (call: unknown, delay?: number, ...values: unknown[]) => this.#add(call, values, delay, false),
    setInterval: (call: unknown, delay?: number, ...values: unknown[]) => this.#add(call, values, delay, true),
    requestAnimationFrame: (call: unknown) =>
      this.#add(() => (call as (time: number) => void)(this.#time), [], 16, false),
    requestIdleCallback: (call: unknown) => this.#add(call, [], 1, false),
    queueMicrotask: (call: unknown) => void Promise.resolve().then(call as () => void),
    clearTimeout: (id: number) => void this.#timers.delete(id),
    clearInterval: (id: number) => void this.#timers.delete(id),
    cancelAnimationFrame: (id: number) => void this.#timers.delete(id)
  };

  get now(): number {
    return this.#time;
  }

  /** Whether a timer is set. */
  get waits(): boolean {
    return this.#timers.size > 0;
  }

  /** A turn begins: from here on the code's time is counted. */
  begin(): void {
    this.#since = clockOfMachine();
  }

  /** Called in every iteration and function of an answer. */
  watch(): void {
    if (++this.#count < this.#stride) return;
    this.#count = 0;
    const now = clockOfMachine();
    this.#stride = now - this.#looked < 2 ? Math.min(64, 2 * this.#stride) : Math.max(1, this.#stride >> 2);
    this.#looked = now;
    if (now - this.#since <= longestHold) return;
    this.#stride = 1; // code that catches this does not get away with the ticks between
    throw new HeldTooLong(
      `The code went on for ${longestHold / 1000} seconds without a pause, so it was stopped. Is there a loop that never ends?`
    );
  }

  /** Runs the timer that is due next; returns whether there was one. */
  advance(): boolean {
    let next: [number, Timer] | undefined;
    for (const entry of this.#timers) if (!next || entry[1].due < next[1].due) next = entry;
    if (!next) return false;
    const [id, timer] = next;
    this.#time = Math.max(this.#time, timer.due);
    if (timer.every === undefined) this.#timers.delete(id);
    else timer.due = this.#time + timer.every;
    try {
      timer.call();
    } catch {
      // as in a page: what a timer throws is nobody's
    }
    return true;
  }

  #add(call: unknown, values: unknown[], delay: unknown, again: boolean): number {
    if (typeof call !== "function") throw new TypeError("a timer takes a function: () => …");
    if (this.#timers.size > 10_000) throw new RangeError("too many timers");
    const every = Math.max(1, Number(delay) || 1);
    this.#timers.set(++this.#id, {
      due: this.#time + every,
      every: again ? every : undefined,
      call: () => void (call as (...values: unknown[]) => unknown)(...values)
    });
    return this.#id;
  }
}
