/** Something that a reader of the site would meet as a fault. */
export interface Problem {
  file?: string; // the source file, relative to the repository
  line?: number; // from 1
  column?: number; // from 1
  message: string; // what is wrong, and what to do
}

/** Called for each problem that is found. */
export type Report = (problem: Problem) => void;

/** Returns the problem as compilers print it, e.g. `src/ddim.md:12:3: …`, which editors make into a link. */
export function formatProblem({file, line, column, message}: Problem): string {
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
  return place ? `${place}: ${message}` : message;
}

/** Problems, each once, however often it is reported; Framework parses a page more than once. */
export class ProblemList {
  readonly #problems = new Map<string, Problem>();

  /** Adds a problem; bound, so that it can be passed as a `Report`. */
  readonly report: Report = (problem) => void this.#problems.set(formatProblem(problem), problem);

  /** How many problems there are. */
  get size(): number {
    return this.#problems.size;
  }

  /** Returns the problems by file and line; those without a file come last. */
  list(): Problem[] {
    const place = ({file = "\uffff", line = 0}: Problem): [string, number] => [file, line];
    return [...this.#problems.values()].sort((a, b) => {
      const [[fileA, lineA], [fileB, lineB]] = [place(a), place(b)];
      return fileA < fileB ? -1 : fileA > fileB ? 1 : lineA - lineB;
    });
  }
}
