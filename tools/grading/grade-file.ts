import {randomBytes} from "node:crypto";
import type {SandboxBundle} from "./bundle-sandbox.js";
import type {SandboxJob} from "./sandbox.js";
import {memoryOf, startProcess} from "./start-process.js";

/** Limits for the code of others. */
export interface Limits {
  seconds: number; // for one answer
  megabytes: number; // for the process
}

/** What came of one answer. */
export interface Graded {
  right: boolean;
  message: string | null; // what is wrong; null for a right one
  trouble?: "time" | "memory" | "ended" | "late"; // why there is no verdict
}

type Answer = SandboxJob["answers"][number];

const longestLine = 20_000; // characters of a verdict
const startSeconds = 60; // that the process may take until it is ready

/** How many times the seconds of one answer all answers of a file may take: a class is not to wait for one file. */
export const fileShare = 12;

/**
 * Grades the answers of one learner in a process of its own. An answer that ends the process, or is stopped with it, costs
 * its own verdict only: the rest go on in another process, until the time of the file is up.
 */
export async function gradeAnswers(answers: Answer[], bundle: SandboxBundle, limits: Limits): Promise<Graded[]> {
  const graded: Graded[] = [];
  let left = limits.seconds * fileShare;
  while (graded.length < answers.length && left > 0) {
    const {ready, verdicts, trouble, took} = await runProcess(answers.slice(graded.length), bundle, limits, left);
    graded.push(...verdicts.map((message) => ({right: message === null, message})));
    if (!ready) throw new Error("the process for the answers did not start");
    left -= took;
    if (graded.length < answers.length) graded.push({right: false, message: null, trouble: trouble ?? "ended"});
  }
  while (graded.length < answers.length) graded.push({right: false, message: null, trouble: "late"});
  return graded;
}

interface Ended {
  ready: boolean; // it got as far as to the first answer
  verdicts: (string | null)[];
  trouble?: Graded["trouble"];
  took: number; // seconds, from when it was ready
}

function runProcess(
  answers: Answer[],
  bundle: SandboxBundle,
  {seconds, megabytes}: Limits,
  most: number
): Promise<Ended> {
  const child = startProcess(bundle, {megabytes, cpuSeconds: startSeconds + 4 * fileShare * seconds});
  const key = randomBytes(16).toString("hex");
  const verdicts: (string | null)[] = [];
  let trouble: Graded["trouble"];
  const stop = (why: Graded["trouble"]): void => {
    trouble ??= why;
    child.kill("SIGKILL");
  };
  const wait = (limit: number) => setTimeout(() => stop("time"), 1000 * limit);
  let timer = wait(startSeconds);
  const watch = setInterval(() => memoryOf(child.pid) > megabytes * 2 ** 20 && stop("memory"), 50);
  let readyAt = 0;
  const took = (): number => (readyAt ? (performance.now() - readyAt) / 1000 : 0);
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const message = readLine(line, key, readyAt ? verdicts.length : -1);
      if (message === undefined || verdicts.length === answers.length) return stop("ended");
      if (readyAt) verdicts.push(message);
      else readyAt = performance.now();
      clearTimeout(timer);
      timer = wait(Math.min(seconds, most - took()));
    }
    if (rest.length > longestLine) stop("ended");
  });
  const {realm, library, modules} = bundle;
  child.stdin.on("error", () => {}); // it has ended before it has read all
  child.stdin.end(JSON.stringify({key, realm, library, modules, answers} satisfies SandboxJob));
  return new Promise((resolve) => {
    child.on("error", () => stop("ended"));
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      if (signal === "SIGABRT" || signal === "SIGTRAP") trouble ??= "memory"; // V8 gives up
      resolve({ready: readyAt > 0, verdicts, trouble, took: took()});
    });
  });
}

/** Reads a verdict; undefined for anything else. */
function readLine(line: string, key: string, index: number): string | null | undefined {
  const head = `${key} ${index} `;
  if (!line.startsWith(head)) return undefined;
  try {
    const message = JSON.parse(line.slice(head.length)) as unknown;
    return message === null || typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
