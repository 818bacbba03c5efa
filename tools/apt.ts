/** Debian's own programs for the tests: installed with apt-get where that is there. */

/** What a command left behind: its exit code (-1 when it could not be started or took too long) and its output. */
export interface RunResult {
  code: number;
  output: string;
}

/** What an installation asks of the machine, so that a test can answer instead. */
export interface AptEffects {
  root: boolean; // else it is done with sudo, and Chrome has its sandbox
  exists(path: string): boolean; // whether it is a file that may be executed
  run(command: string, args: readonly string[], seconds: number): Promise<RunResult>; // never rejects
  wait?(milliseconds: number): Promise<unknown>; // between tries while another installation goes on
}

/** Installs packages, without those they only recommend. Returns undefined, or why that could not be done. */
export async function aptInstall(packages: readonly string[], effects: AptEffects): Promise<string | undefined> {
  if (!effects.exists("/usr/bin/apt-get")) return "apt-get is not there";
  const prefix = [...(effects.root ? [] : ["sudo", "-n"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const [command, ...rest] = [...prefix, ...args];
    const {code, output} = await unlocked(() => effects.run(command, rest, 600), effects);
    if (code !== 0) return `apt-get ${args[0]} failed (${reasonIn(output)})`;
  }
}

// Two test files may install something at the same time, and apt-get lets only one do so.
async function unlocked(run: () => Promise<RunResult>, {wait = pause}: AptEffects): Promise<RunResult> {
  let result = await run();
  for (let tries = 0; result.code !== 0 && /is held by process/.test(result.output) && tries < 150; ++tries) {
    await wait(2000);
    result = await run();
  }
  return result;
}

function pause(milliseconds: number): Promise<unknown> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** The line of a failed command's output that says why. */
export function reasonIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const telling = lines.find((line) => /error|fail|refused|denied|required|unable/i.test(line));
  return telling ?? lines.filter(Boolean).at(-1) ?? "no message";
}
