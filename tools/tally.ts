/** Counts one test file: what passed, what failed, what did not run, and how the process ended. */
import type {DoneMessage, TestMessage} from "./reporter.js";

/** One thing that went wrong, with the names of the suites it lies in. */
export interface Failure {
  file: string;
  name: string;
  error: string;
}

/** What came of a run; tests that hold other tests are not counted, only the innermost ones. */
export interface Outcome {
  passed: number;
  failures: Failure[];
}

/** How a test file's process ended. */
export interface Ending {
  stopped?: string; // why it was ended from outside
  code: number | string; // the exit code, or the signal
  errors: string; // the end of standard error
}

/** Turns the messages of one file into lines of the report and into counts. */
export class Tally {
  readonly file: string;
  readonly write: (line: string) => void;
  readonly outcome: Outcome = {passed: 0, failures: []};
  private path: {name: string; shown: boolean}[] = []; // the suites and tests that are being reported, by nesting
  private ended: number[] = []; // by nesting: how many tests ended since their parent began
  private latest: string | undefined; // the test that began last, while it runs
  private begun = false;
  private done = false; // all were reported

  constructor(file: string, write: (line: string) => void) {
    this.file = file;
    this.write = write;
  }

  /** Takes in a message of tools/reporter.ts. */
  take(message: TestMessage | DoneMessage): void {
    if (message.kind === "done") this.done = true;
    else if (message.kind === "begin") {
      this.latest = message.name;
      this.begun = true;
    } else if (message.kind === "start") {
      this.path.length = message.nesting;
      this.path.push({name: message.name, shown: false});
    } else this.takeEnd(message);
  }

  /** Records a failure of the file as a whole. */
  fail(name: string, error: string): void {
    this.outcome.failures.push({file: this.file, name, error});
    this.write(`  ✖ ${name}`);
  }

  /** Records how the process ended and returns the counts. */
  end({stopped, code, errors}: Ending): Outcome {
    const {outcome, latest} = this;
    const open = "No test is known to have been running: a loop gave no way, or something (a server, a timer) is open.";
    const at = latest === undefined ? open : `The last test known to have begun: "${latest}".`;
    if (stopped !== undefined) this.fail(stopped, this.begun || code !== 0 ? `${at}\n${errors}` : errors);
    else if (code === 0 && !this.done && this.begun) this.fail("ended before its tests had", `${at}\n${errors}`);
    else if (code !== 0 && !outcome.failures.length) this.fail(`the process failed (exit code ${code})`, errors);
    else if (code === 0 && !this.done) this.fail("holds no test, or ended before it had one", errors);
    else if (!outcome.passed && !outcome.failures.length) this.fail("holds no test", "It has only empty suites.");
    return outcome;
  }

  // A test's end comes after the ends of the tests within it.
  private takeEnd(message: TestMessage): void {
    const {name, nesting, suite, failed, unrun, childFailed} = message;
    if (name === this.latest) this.latest = undefined;
    this.path.length = nesting;
    const isParent = (this.ended[nesting + 1] ?? 0) > 0;
    this.ended.length = nesting + 1;
    this.ended[nesting] = (this.ended[nesting] ?? 0) + 1;
    if (isParent && (!failed || childFailed)) return;
    if (suite && !failed && unrun === undefined) return; // an empty describe is no test
    this.count(message);
  }

  private count({name, failed, unrun, milliseconds = 0, error = ""}: TestMessage): void {
    this.showParents();
    const passed = !failed && unrun === undefined;
    const note = unrun ?? `${Math.round(milliseconds)} ms`;
    this.write(`${"  ".repeat(this.path.length + 1)}${passed ? "✔" : "✖"} ${name} (${note})`);
    if (passed) return void this.outcome.passed++;
    const fullName = [...this.path.map((parent) => parent.name), name].join(" › ");
    const reason = failed ? error : `It did not run (${unrun}); every test must.`;
    this.outcome.failures.push({file: this.file, name: fullName, error: reason});
  }

  private showParents(): void {
    this.path.forEach((parent, depth) => {
      if (!parent.shown) this.write(`${"  ".repeat(depth + 1)}${parent.name}`);
      parent.shown = true;
    });
  }
}
