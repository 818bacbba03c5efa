/** Runs test files in processes and counts what really ran. */
import {spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {fileURLToPath, pathToFileURL} from "node:url";
import {GroupTally} from "./group-tally.js";
import type {ReporterMessage} from "./reporter.js";
import type {Outcome} from "./tally.js";

/** A test file that has a process of its own, or some that share one, which saves the start. */
export type TestFiles = string | readonly string[];

/** Options of `runFiles`. */
export interface RunOptions {
  concurrency?: number; // processes at a time; defaults to 1
  seconds: number; // how long a process may take before it is ended
  signal?: AbortSignal; // ends the run: what has not been run is a failure
  write(line: string): void; // gets each line of the live report
  queue?: TestFiles[]; // files are taken from here instead, so that another run can take from it at the same time
  reports?: Reports; // shared by runs that go on at the same time, so that a file's lines stay together; own ones by default
}

const root = fileURLToPath(new URL("..", import.meta.url));
const reporterUrl = new URL("./reporter.ts", import.meta.url).href;
const groupPath = fileURLToPath(new URL("./test-group.ts", import.meta.url));
const importTsx = pathToFileURL(fileURLToPath(import.meta.resolve("tsx"))).href;

/** Runs test files and reports each as it goes: a file's lines stay together, also when two run at a time. */
export async function runFiles(files: readonly TestFiles[], options: RunOptions): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const reports = options.reports ?? lineQueue(options.write);
  const waiting = options.queue ?? [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const report = reports.open();
      outcomes.push(...(await runProcess([file].flat(), options, report.write)));
      report.close();
    }
  };
  await Promise.all(Array.from({length: options.concurrency ?? 1}, worker));
  return joinOutcomes(outcomes);
}

/** Adds outcomes up. */
export function joinOutcomes(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, {passed}) => sum + passed, 0),
    failures: outcomes.flatMap(({failures}) => failures)
  };
}

/** The exit code of a run: 0 only when something ran and nothing failed. */
export function exitCode({passed, failures}: Outcome): number {
  return passed > 0 && failures.length === 0 ? 0 : 1;
}

/** The line that closes a run, `N passed, N failed`. */
export function closingLine({passed, failures}: Outcome): string {
  return `${passed} passed, ${failures.length} failed`;
}

function runProcess(
  paths: readonly string[],
  {seconds, signal}: RunOptions,
  write: (line: string) => void
): Promise<Outcome[]> {
  const tally = new GroupTally(paths, write);
  if (signal?.aborted)
    return Promise.resolve(tally.end({stopped: "was not run", code: 0, errors: "The run was stopped."}));
  const child = spawnFiles(paths);
  let errors = "";
  let stopped: string | undefined;
  const stop = (reason: string) => {
    stopped = reason;
    child.kill("SIGTERM"); // lets Playwright close its browser
    setTimeout(() => child.kill("SIGKILL"), 3000).unref();
  };
  const onAbort = () => stop("was stopped with the run");
  signal?.addEventListener("abort", onAbort);
  const timer = setTimeout(stop, seconds * 1000, `did not end within ${seconds} s`);
  relay(child, write, (text) => (errors = (errors + text).slice(-4000)));
  child.on("message", (message) => tally.take(message as ReporterMessage));
  return new Promise((resolve) => {
    child.on("error", (error) => tally.fail("could not be started", String(error)));
    child.on("exit", () => setTimeout(hangUp, 2000, child).unref());
    child.on("close", (code, killed) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve(tally.end({stopped, code: code ?? killed ?? "unknown", errors: errors.trim()}));
    });
  });
}

// A process that the test left behind may hold the pipes open for ever.
function hangUp({stdout, stderr}: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

function spawnFiles(paths: readonly string[]): ChildProcess {
  const {NODE_TEST_CONTEXT: _, ...env} = process.env; // else a run within a test would report to that test
  const reporter = ["--test-reporter", reporterUrl, "--test-reporter-destination", "stdout"];
  const args = ["--import", importTsx, ...reporter, ...(paths.length === 1 ? paths : [groupPath, ...paths])];
  return spawn(process.execPath, args, {cwd: root, env, stdio: ["ignore", "pipe", "pipe", "ipc"]});
}

// Passes on what a test prints, line by line, and its standard error whole.
function relay(child: ChildProcess, write: (line: string) => void, onError: (text: string) => void): void {
  for (const stream of [child.stdout!, child.stderr!]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      if (stream === child.stderr) onError(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line.trim()) write(`  | ${line}`);
    });
    stream.on("end", () => rest.trim() && write(`  | ${rest}`));
  }
}

/** The reports of files that run at the same time. */
export type Reports = ReturnType<typeof lineQueue>;

/** Lets the oldest open report write at once and holds the others' lines back until it is their turn. */
export function lineQueue(write: (line: string) => void) {
  const queue: {lines: string[]; closed: boolean}[] = [];
  const flush = () => {
    while (queue.length) {
      for (const line of queue[0].lines.splice(0)) write(line);
      if (!queue[0].closed) return;
      queue.shift();
    }
  };
  return {
    open() {
      const report = {lines: [] as string[], closed: false};
      queue.push(report);
      return {
        write: (line: string) => (report.lines.push(line), flush()),
        close: () => ((report.closed = true), flush())
      };
    }
  };
}
