import {execFileSync, spawn} from "node:child_process";
import type {ChildProcessByStdio} from "node:child_process";
import {readFileSync} from "node:fs";
import type {Readable, Writable} from "node:stream";
import type {SandboxBundle} from "./bundle-sandbox.js";
import type {SandboxJob, SandboxLine} from "./sandbox.js";

/** Limits for the code of others. */
export interface Limits {
  seconds: number; // for one answer
  megabytes: number; // for the process
}

/** What came of one answer. */
export interface Graded {
  right: boolean;
  message: string | null; // what is wrong; null for a right one
  trouble?: "time" | "memory" | "ended"; // why there is no verdict
}

type Answer = SandboxJob["answers"][number];
type Child = ChildProcessByStdio<Writable, Readable, null>;

const longestLine = 20_000; // characters of a verdict
const start = 60; // seconds that the process may take until it is ready

/**
 * Grades the answers of one learner in a process of its own. An answer that ends the process, or is stopped with it, costs
 * its own verdict only: the rest go on in another process.
 */
export async function gradeAnswers(answers: Answer[], bundle: SandboxBundle, limits: Limits): Promise<Graded[]> {
  const graded: Graded[] = [];
  while (graded.length < answers.length) {
    const {ready, verdicts, trouble} = await runProcess(answers.slice(graded.length), bundle, limits);
    graded.push(...verdicts.map((message) => ({right: message === null, message})));
    if (!ready) throw new Error("the process for the answers did not start");
    if (graded.length < answers.length) graded.push({right: false, message: null, trouble: trouble ?? "ended"});
  }
  return graded;
}

interface Ended {
  ready: boolean; // it got as far as to the first answer
  verdicts: (string | null)[];
  trouble?: Graded["trouble"];
}

function runProcess(answers: Answer[], bundle: SandboxBundle, {seconds, megabytes}: Limits): Promise<Ended> {
  const child = startProcess(bundle, megabytes);
  const verdicts: (string | null)[] = [];
  let trouble: Graded["trouble"];
  const stop = (why: Graded["trouble"]): void => {
    trouble ??= why;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(() => stop("time"), 1000 * start);
  const watch = setInterval(() => memoryOf(child.pid) > megabytes * 2 ** 20 && stop("memory"), 50);
  let ready = false;
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const message = readLine(line, ready ? verdicts.length : -1);
      if (message === undefined || verdicts.length === answers.length) return stop("ended");
      if (ready) verdicts.push(message);
      ready = true;
      clearTimeout(timer);
      timer = setTimeout(() => stop("time"), 1000 * seconds);
    }
    if (rest.length > longestLine) stop("ended");
  });
  const {realm, library, modules} = bundle;
  child.stdin.on("error", () => {}); // it has ended before it has read all
  child.stdin.end(JSON.stringify({realm, library, modules, answers} satisfies SandboxJob));
  return new Promise((resolve) => {
    child.on("error", () => stop("ended"));
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      if (signal === "SIGABRT" || signal === "SIGTRAP") trouble ??= "memory"; // V8 gives up
      resolve({ready, verdicts, trouble});
    });
  });
}

/** Starts the process in which answers run, without permissions, environment and, where the system can do that, network. */
export function startProcess({program, folder}: Pick<SandboxBundle, "program" | "folder">, megabytes: number): Child {
  const node = [
    process.execPath,
    permission,
    `--allow-fs-read=${folder}`,
    "--disallow-code-generation-from-strings",
    `--max-old-space-size=${Math.round(megabytes / 2)}`,
    "--no-warnings",
    program
  ];
  const [command, ...options] = [...noNetwork(), ...node];
  const env = process.platform === "win32" ? {SystemRoot: process.env.SystemRoot} : {};
  return spawn(command, options, {cwd: folder, env, stdio: ["pipe", "pipe", "ignore"], windowsHide: true});
}

// Its name until Node 22.13 and 23.5.
const permission = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

let unshare: string[] | undefined;

/** A command before the command that takes the network away, or none where the system has no such thing. */
export function noNetwork(): string[] {
  unshare ??= ["unshare", "--user", "--map-root-user", "--net", "--"];
  if (!unshare.length) return unshare;
  try {
    const [command, ...options] = unshare;
    execFileSync(command, [...options, process.execPath, "--version"], {stdio: "ignore", env: {}, timeout: 10_000});
  } catch {
    unshare = [];
  }
  return unshare;
}

/** Reads a verdict; undefined for anything else. */
function readLine(line: string, index: number): string | null | undefined {
  try {
    const {index: of, message} = JSON.parse(line) as SandboxLine;
    return of === index && (message === null || typeof message === "string") ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes that a process has in memory, where the system tells: Linux. The heap of its own has a limit everywhere. */
function memoryOf(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    return 4096 * Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  } catch {
    return 0; // it has ended
  }
}
