/** What an answer defines, by name: the values and functions at the top of the learner's code. */
export type Answer = Record<string, unknown>;

/**
 * Looks at an answer: nothing when it is right, otherwise a sentence that says what is wrong and where to look. Quick,
 * seeded, and without a trace: it is called after each run of the cell, and again when the answer is graded.
 */
export type Check = (answer: Answer) => string | undefined | Promise<string | undefined>;

/** The checks of a chapter's exercises, by the names of the exercises. */
export type Checks = Record<string, Check>;

/** An answer of another form than asked for. Its message is the sentence for the learner. */
export class WrongAnswer extends Error {
  override name = "WrongAnswer";
}

/** The function of this name; throws WrongAnswer where the answer has none. */
export function asFunction(answer: Answer, name: string): (...values: unknown[]) => unknown {
  const value = answer[name];
  if (typeof value !== "function")
    throw new WrongAnswer(`your code defines no function ${name}: keep its name, and write what it returns.`);
  return value as (...values: unknown[]) => unknown;
}

/** A finite number; throws WrongAnswer with `what` it should have been, such as “sigma(500, 1)”. */
export function asNumber(value: unknown, what: string): number {
  if (typeof value !== "number")
    throw new WrongAnswer(`${what} gives ${describe(value)}, not a number: is there a return?`);
  if (!Number.isFinite(value))
    throw new WrongAnswer(`${what} gives ${value}: is there a division by 0, or a root of a negative number?`);
  return value;
}

/** Finite numbers, `length` of them if given, from an array or a typed array. */
export function asNumbers(value: unknown, what: string, length?: number): number[] {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value))
    throw new WrongAnswer(`${what} gives ${describe(value)}, not a list of numbers: is there a return?`);
  const given = value as ArrayLike<unknown>;
  if (length !== undefined && given.length !== length)
    throw new WrongAnswer(`${what} gives ${given.length} numbers, not ${length}.`);
  return Array.from(given).map((number, i) => asNumber(number, `number ${i} of ${what}`));
}

/** Whether two numbers agree to a relative tolerance, absolute below 1. */
export function near(a: number, b: number, tolerance = 1e-6): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * What a check says of an answer: nothing when it is right, else a sentence. A check that throws has been given an
 * answer that stopped or is of another form.
 */
export async function judge(check: Check, answer: Answer): Promise<string | undefined> {
  try {
    const said = await check(answer);
    return said === undefined ? undefined : String(said);
  } catch (error) {
    if (isWrongAnswer(error)) return error.message;
    return `your code stopped with an error: ${errorText(error)}`;
  }
}

// What an answer throws may be an object that throws when it is asked what it is.
function isWrongAnswer(error: unknown): error is WrongAnswer {
  try {
    return error instanceof WrongAnswer;
  } catch {
    return false;
  }
}

/** An error of a learner's code as text: it may be anything, also an object that throws when it is looked at. */
export function errorText(error: unknown): string {
  try {
    const {name, message} = (error ?? {}) as Partial<Error>;
    if (typeof message !== "string") return String(error);
    return /^(Type|Range|Reference|Syntax)Error$/.test(String(name))
      ? `${String(name)}: ${message.replace(/\.?$/, ".")}`
      : message;
  } catch {
    return "it threw something that cannot be shown.";
  }
}
