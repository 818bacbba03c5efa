/** An error in code that the reader can edit. Its message is a sentence that names the code and what to do. */
export class OwnCodeError extends Error {
  override name = "OwnCodeError";
}

/**
 * The reader's function, with errors that say whose they are: `who` is the name of its cell, such as “ddim-step”. Sentences
 * that the function is not to blame for, such as a lost graphics card, pass as they are.
 */
export function ownCode<A extends unknown[], B>(who: string, run: (...args: A) => B): (...args: A) => B {
  return (...args) => {
    try {
      return run(...args);
    } catch (error) {
      throw blame(who, error);
    }
  };
}

/** An error as one of the reader's cell. */
export function blame(who: string, error: unknown): Error {
  if (error instanceof Error && passes.has(error.name)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new OwnCodeError(`The cell “${who}” stopped: ${message.replace(/[.!]$/, "")}. Correct the cell, or reset it.`);
}

const passes = new Set(["BackendLost", "OwnCodeError", "AbortError", "CellStopped"]);

/** What a value is, in words for the one who returned it. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "number") return `the number ${value}`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `${(value as {length?: number}).length} numbers`;
  return `a value of type ${typeof value}`;
}
