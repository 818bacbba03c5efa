/** Counts the test files that share a process: each message goes to the tally of its file. */
import {relative} from "node:path";
import {fileURLToPath} from "node:url";
import type {ReporterMessage} from "./reporter.js";
import {Tally} from "./tally.js";
import type {Ending, Outcome} from "./tally.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A file's path from the project's folder, or the whole one if it lies elsewhere. */
function shortName(path: string): string {
  const name = relative(root, path);
  return name.startsWith("..") ? path : name;
}

/** The tallies of files that one process runs in turn; of one file, the tally of that. */
export class GroupTally {
  private readonly tallies: Tally[];
  private latest = 0; // the file whose test began last
  private done = false; // all tests were reported

  constructor(paths: readonly string[], write: (line: string) => void) {
    const files = paths.map(shortName);
    let shown = files[0];
    write(shown);
    this.tallies = files.map(
      (file) =>
        new Tally(file, (line) => {
          if (shown !== file) write(file);
          shown = file;
          write(line);
        })
    );
  }

  /** Takes in a message of tools/reporter.ts or of tools/test-group.ts. */
  take(message: ReporterMessage): void {
    if (message.kind === "done") {
      this.done = true;
      for (const tally of this.tallies) tally.take(message);
    } else if (message.kind === "unloaded") this.of(message.file).fail("could not be loaded", message.error);
    else {
      const tally = this.of(message.file);
      if (message.kind === "begin") this.latest = this.tallies.indexOf(tally);
      tally.take(message);
    }
  }

  /** Records that the process could not be started. */
  fail(name: string, error: string): void {
    for (const tally of this.tallies) tally.fail(name, error);
  }

  /**
   * Records how the process ended and returns the counts. If it ended early, the files before the one that ran have run,
   * and those after it have not.
   */
  end(ending: Ending): Outcome[] {
    const known = this.tallies.some(({outcome}) => outcome.failures.length > 0);
    return this.tallies.map((tally, i) => {
      if (this.done && (i > 0 || known)) return tally.end({...ending, stopped: undefined, code: 0});
      if (this.done || i === this.latest) return tally.end(ending);
      const errors = `The process had ended: ${ending.stopped ?? `exit code ${ending.code}`}.`;
      if (i > this.latest) return tally.end({stopped: "was not run", code: 0, errors});
      tally.take({kind: "done"});
      return tally.end({code: 0, errors: ""});
    });
  }

  // A helper may make the test, in a file of its own.
  private of(file: string | undefined): Tally {
    const name = file && shortName(file);
    return this.tallies.find((tally) => tally.file === name) ?? this.tallies[this.latest];
  }
}
