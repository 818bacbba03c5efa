import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {aptInstall} from "../../tools/apt.js";
import type {RunResult} from "../../tools/apt.js";
import {systemEffects} from "../../tools/browser.js";
import {findWebKit} from "../../tools/webkit.js";

const locked = {code: 100, output: "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)"};
const ok = {code: 0, output: ""};

/** A machine with apt-get that gives these answers, one a command, and then that all went well. */
function machine(answers: RunResult[], {files = ["/usr/bin/apt-get"], platform = "linux" as NodeJS.Platform} = {}) {
  const commands: string[] = [];
  const run = async (command: string, args: readonly string[]): Promise<RunResult> => {
    commands.push([command, ...args].join(" "));
    return answers.shift() ?? ok;
  };
  const exists = (path: string) => files.includes(path);
  const own = {env: {PATH: "/usr/bin"}, platform, root: true, exists, run, say: () => {}, wait: async () => {}};
  return {commands, files, effects: {...systemEffects(), ...own}};
}

describe("an installation by apt-get", () => {
  it("waits while another one goes on", async () => {
    const {commands, effects} = machine([locked, locked]);
    assert.equal(await aptInstall(["some", "thing"], effects), undefined);
    const update = "env DEBIAN_FRONTEND=noninteractive apt-get update";
    const install = "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends some thing";
    assert.deepEqual(commands, [update, update, update, install]);
  });

  it("says why it failed, at once where nothing holds it up", async () => {
    const {commands, effects} = machine([ok, {code: 100, output: "Reading…\nE: Unable to locate package thing"}]);
    assert.equal(await aptInstall(["thing"], effects), "apt-get install failed (E: Unable to locate package thing)");
    assert.equal(commands.length, 2);
  });
});

describe("WebKit", () => {
  const programs = {
    driver: "/usr/bin/WebKitWebDriver",
    browser: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    display: "/usr/bin/Xvfb"
  };

  it("is the one that is installed, else Debian's", async () => {
    const there = machine([], {files: Object.values(programs)});
    assert.deepEqual(await findWebKit(there.effects), programs);
    assert.deepEqual(there.commands, []);
    const {files, effects} = machine([]);
    const run = (command: string, args: readonly string[]) => {
      if (args.includes("webkit2gtk-driver")) files.push(...Object.values(programs));
      return effects.run(command, args);
    };
    assert.deepEqual(await findWebKit({...effects, run}), programs);
  });

  it("is missing with a reason", async () => {
    assert.equal(await findWebKit(machine([], {platform: "darwin"}).effects), "it is tried on Linux only");
    assert.equal(await findWebKit(machine([], {files: []}).effects), "apt-get is not there");
    const lacking = "apt-get has installed webkit2gtk-driver and xvfb, but they lack a program";
    assert.equal(await findWebKit(machine([]).effects), lacking);
  });
});
