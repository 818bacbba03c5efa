import {execFileSync, spawn} from "node:child_process";
import type {ChildProcessByStdio} from "node:child_process";
import {readFileSync} from "node:fs";
import type {Readable, Writable} from "node:stream";
import type {SandboxBundle} from "./bundle-sandbox.js";

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** What the process may use. */
export interface ProcessLimits {
  megabytes: number;
  cpuSeconds: number; // the system ends it then, also when there is nobody left to do so
}

/** Starts the process in which answers run, without permissions, environment and, where the system can do that, network. */
export function startProcess(
  {program, folder}: Pick<SandboxBundle, "program" | "folder">,
  {megabytes, cpuSeconds}: ProcessLimits
): Child {
  const node = [
    process.execPath,
    permission,
    `--allow-fs-read=${folder}`,
    "--disallow-code-generation-from-strings",

    `--max-old-space-size=${Math.round(megabytes / 2)}`,
    "--no-warnings",
    program
  ];
  const [command, ...options] = [...bounded(cpuSeconds), ...noNetwork(), ...node];
  const env = process.platform === "win32" ? {SystemRoot: process.env.SystemRoot} : {};
  return spawn(command, options, {cwd: folder, env, stdio: ["pipe", "pipe", "ignore"], windowsHide: true});
}

// Its name until Node 22.13 and 23.5.
const permission = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

// A command before the command: no file of its memory when it is out of that, no other file, and an end.
function bounded(cpuSeconds: number): string[] {
  if (process.platform === "win32") return [];
  return ["/bin/sh", "-c", `ulimit -c 0; ulimit -f 0; ulimit -t ${Math.ceil(cpuSeconds)}; exec "$@"`, "sh"];
}

let unshare: string[] | undefined;

/** A command before the command that takes the network away, or none where the system has no such thing. */
export function noNetwork(): string[] {
  if (unshare) return unshare;
  const [command, ...options] = ["unshare", "--user", "--map-root-user", "--net", "--"];
  try {
    execFileSync(command, [...options, process.execPath, "--version"], {stdio: "ignore", env: {}, timeout: 10_000});
    unshare = [command, ...options];
  } catch {
    unshare = [];
  }
  return unshare;
}

/** The bytes that a process has in memory, where the system tells: Linux. The heap of its own has a limit everywhere. */
export function memoryOf(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    return 1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}
