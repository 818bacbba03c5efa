import type {Run} from "./run.js";
import {CellStopped} from "./watchdog.js";

type AnyFunction = (...values: unknown[]) => unknown;
type AnyGenerator = Generator<unknown> | AsyncGenerator<unknown>;

/**
 * A value that a run exports, as other cells get it: functions tell the run when they fail, wherever they are called from;
 * generators end with the run, and their failure leaves the last value.
 */
export function exported(value: unknown, run: Run): unknown {
  if (typeof value === "function" && !isClass(value)) return exportedFunction(value as AnyFunction, run);
  if (isGenerator(value)) return exportedGenerator(value, run, true);
  return value;
}

function exportedFunction(value: AnyFunction, run: Run): AnyFunction {
  return new Proxy(value, {
    apply(target, self, values: unknown[]) {
      try {
        const result: unknown = run.host(() => Reflect.apply(target, self, values));
        if (result instanceof Promise) result.catch((error) => run.report(error));
        return isGenerator(result) ? exportedGenerator(result, run, false) : result;
      } catch (error) {
        run.report(error);
        throw error;
      }
    }
  });
}

// `calm`: an error is told to the run and ends the generator quietly; else it is told and thrown. A generator that a
// function returns is its caller's, who resumes it, as a figure does with a training loop: it lives as long as they want.
function exportedGenerator(inner: AnyGenerator, run: Run, calm: boolean): AnyGenerator {
  const done = {done: true as const, value: undefined};
  const forget = calm ? run.ends(() => void close(inner)) : () => {};
  const failed = (error: unknown) => {
    run.report(error);
    forget();
    if (!calm) throw error;
    return done;
  };
  const step = (result: IteratorResult<unknown>) => {
    if (result.done) forget();
    return result;
  };
  const next = (value?: unknown) => {
    if (calm && run.signal.aborted) return Symbol.asyncIterator in inner ? Promise.resolve(done) : done;
    try {
      const resume = () => (inner as Generator<unknown, unknown, unknown>).next(value);
      const result = calm ? resume() : run.host(resume);
      return result instanceof Promise ? result.then(step, failed) : step(result);
    } catch (error) {
      return failed(error);
    }
  };
  const forward = {
    next,
    return: (value?: unknown) => (forget(), inner.return(value as never)),
    throw: (error: unknown) => inner.throw(error),
    [Symbol.asyncIterator in inner ? Symbol.asyncIterator : Symbol.iterator]: () => forward
  };
  return forward as unknown as AnyGenerator;
}

// A class stays as it is: it is not called, and through a proxy it would not have its private names.
function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function isGenerator(value: unknown): value is AnyGenerator {
  const {next, return: end} = (value ?? {}) as Partial<AnyGenerator>;
  return typeof value === "object" && typeof next === "function" && typeof end === "function";
}

async function close(generator: AnyGenerator): Promise<void> {
  try {
    await generator.return(undefined);
  } catch (error) {
    if (!(error instanceof CellStopped)) console.warn("a cell’s generator failed at its end:", error);
  }
}
