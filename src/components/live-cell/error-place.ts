import {CellError} from "./compile.js";

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => () => Promise<void>;

/** An error in words, with the line of the cell's text, from 1, where it is known. */
export interface PlacedError {
  text: string;
  line: number | null;
}

let shift: Promise<number> | undefined;

// Browsers count the lines of a function's frame in; so one that fails in its first line says how many.
function lineShift(): Promise<number> {
  shift ??= (async () => {
    try {
      await new AsyncFunction("a", "throw new Error()\n//# sourceURL=live-cell/first-line.ts")();
    } catch (error) {
      return (lineIn(error, "live-cell/first-line.ts") ?? 1) - 1;
    }
    return 0;
  })();
  return shift;
}

function lineIn(error: unknown, file: string): number | null {
  const {stack, message} = partsOf(error) ?? {stack: "", message: ""};
  const from = stack.indexOf(message); // which may itself speak of a line
  const at = stack.indexOf(`${file}:`, from < 0 ? 0 : from + message.length);
  return at < 0 ? null : Number.parseInt(stack.slice(at + file.length + 1), 10);
}

/** Whether an error has passed through a cell's code. */
export function isFrom(error: unknown, file: string): boolean {
  return lineIn(error, file) !== null;
}

/** Says an error in one sentence; `file` is the cell's, as in `fileOf`. */
export async function placeError(error: unknown, file: string, lines: number): Promise<PlacedError> {
  if (isCellError(error)) return withLine(error.line ?? null, error.message);
  const at = lineIn(error, file);
  const line = at === null ? null : at - (await lineShift());
  const inText = line !== null && line >= 1 && line <= lines ? line : null;
  const parts = partsOf(error);
  if (!parts) return withLine(inText, `The code threw ${describe(error)}.`);
  const {name, message} = parts;
  // The sentence of HeldTooLong needs no name before it.
  return withLine(inText, name === "HeldTooLong" ? message : `${name}: ${message}`);
}

function isCellError(error: unknown): error is CellError {
  try {
    return error instanceof CellError;
  } catch {
    return false; // a proxy that does not let itself be asked
  }
}

const longestText = 2000; // characters; a message may hold a whole data set

function withLine(line: number | null, text: string): PlacedError {
  const short = text.length > longestText ? `${text.slice(0, longestText)} …` : text;
  return {line, text: line === null ? short : `Line ${line}: ${short}`};
}

// Undefined for what is no error, or throws when it is looked at: code may throw anything.
function partsOf(error: unknown): {name: string; message: string; stack: string} | undefined {
  try {
    if (!(error instanceof Error)) return undefined;
    const {name, message, stack} = error as {name: unknown; message: unknown; stack?: unknown};
    return {name: String(name), message: String(message), stack: typeof stack === "string" ? stack : ""};
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  try {
    if (typeof value === "function") return "a function"; // its text would be the one with our calls in it
    return typeof value === "object" && value !== null ? (JSON.stringify(value) ?? "an object") : String(value);
  } catch {
    return "a value that cannot be shown";
  }
}
