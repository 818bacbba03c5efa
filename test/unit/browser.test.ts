import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {describe, it} from "node:test";
import {findBrowser, installedPaths, playwrightsFeatures, systemEffects} from "../../tools/browser.js";
import type {RunResult} from "../../tools/apt.js";
import type {BrowserEffects} from "../../tools/browser.js";

const ok: RunResult = {code: 0, output: ""};
const downloaded = "/cache/chromium/chrome";
const offline = {code: 1, output: "Downloading…\nError: getaddrinfo ENOTFOUND cdn\nFailed to install browsers\n"};

interface Machine extends BrowserEffects {
  files: Set<string>;
  commands: string[]; // what was run, as one line each
  said: string[];
}

/** A machine of which only the given files exist; each answer is for the commands that contain its key. */
function machine(files: string[], answers: Record<string, RunResult | (() => RunResult)> = {}): Machine {
  const effects: Machine = {
    env: {PATH: "/usr/bin"},
    platform: "linux",
    root: true,
    downloaded,
    files: new Set(files),
    commands: [],
    said: [],
    exists: (path) => effects.files.has(path),
    async run(command, args) {
      const line = [command, ...args].join(" ");
      effects.commands.push(line);
      const answer = Object.entries(answers).find(([key]) => line.includes(key))?.[1] ?? ok;
      return typeof answer === "function" ? answer() : answer;
    },
    say: (line) => void effects.said.push(line)
  };
  return effects;
}

describe("findBrowser with CHROME_PATH", () => {
  it("takes that browser, though another is installed", async () => {
    const effects = machine(["/usr/bin/chromium", "/my/chrome"]);
    effects.env.CHROME_PATH = "/my/chrome";
    assert.deepEqual(await findBrowser(effects), {path: "/my/chrome", source: "CHROME_PATH"});
  });
  it("throws when nothing is there, though another is installed", async () => {
    const effects = machine(["/usr/bin/chromium"]);
    effects.env.CHROME_PATH = "/my/chrome";
    await assert.rejects(findBrowser(effects), /^Error: CHROME_PATH is \/my\/chrome, but no program is there\. Set it/);
  });
  it("throws when it does not start", async () => {
    const effects = machine(["/my/chrome"], {"/my/chrome --version": {code: 127, output: "libnss3.so not found"}});
    effects.env.CHROME_PATH = "/my/chrome";
    await assert.rejects(findBrowser(effects), /CHROME_PATH is \/my\/chrome, but it does not start/);
  });
});

describe("findBrowser without CHROME_PATH", () => {
  it("takes an installed browser and installs nothing", async () => {
    const effects = machine(["/usr/bin/chromium", "/usr/bin/apt-get", downloaded]);
    assert.deepEqual(await findBrowser(effects), {path: "/usr/bin/chromium", source: "installed"});
    assert.deepEqual(effects.commands, ["/usr/bin/chromium --version"]);
  });
  it("takes the build without windows before others, but not for a graphics card", async () => {
    const shell = "/usr/bin/chromium-headless-shell";
    const effects = machine(["/usr/bin/chromium", shell]);
    assert.deepEqual(await findBrowser(effects), {path: shell, source: "installed"});
    assert.deepEqual(await findBrowser(effects, {card: true}), {path: "/usr/bin/chromium", source: "installed"});
  });
  it("passes over an installed file that does not start", async () => {
    const effects = machine(["/usr/bin/chromium", "/usr/bin/microsoft-edge"], {
      "/usr/bin/chromium ": {code: 1, output: ""}
    });
    assert.deepEqual(await findBrowser(effects), {path: "/usr/bin/microsoft-edge", source: "installed"});
  });
  it("takes the Chromium that Playwright has downloaded before", async () => {
    const effects = machine([downloaded]);
    assert.deepEqual(await findBrowser(effects), {path: downloaded, source: "playwright"});
    assert.deepEqual(effects.commands, [`${downloaded} --version`]);
  });
  it("downloads Playwright's Chromium when none is installed, and says so", async () => {
    const effects = machine(["/usr/bin/apt-get"], {
      "install --no-shell chromium": () => (effects.files.add(downloaded), ok)
    });
    assert.deepEqual(await findBrowser(effects), {path: downloaded, source: "playwright"});
    assert.match(effects.said.join(), /downloading Playwright's Chromium/);
    assert.doesNotMatch(effects.commands.join(), /apt-get/);
  });
});

describe("findBrowser where the download is refused", () => {
  const installing = (effects: () => Machine) => ({
    "install --no-shell": offline,
    "chromium-headless-shell": () => (effects().files.add("/usr/bin/chromium-headless-shell"), ok)
  });
  it("installs Debian's chromium with apt-get, and says why", async () => {
    const effects: Machine = machine(
      ["/usr/bin/apt-get"],
      installing(() => effects)
    );
    assert.deepEqual(await findBrowser(effects), {path: "/usr/bin/chromium-headless-shell", source: "apt"});
    assert.deepEqual(effects.commands.slice(1, 3), [
      "env DEBIAN_FRONTEND=noninteractive apt-get update",
      "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium-headless-shell"
    ]);
    assert.match(
      effects.said[1],
      /Playwright's download failed \(Error: getaddrinfo ENOTFOUND cdn\): installing Debian/
    );
  });
  it("installs the whole chromium where apt-get has no other", async () => {
    const effects: Machine = machine(["/usr/bin/apt-get"], {
      "install --no-shell": offline,
      "chromium-headless-shell": {code: 100, output: "E: Unable to locate package chromium-headless-shell\n"},
      "recommends chromium": () => (effects.files.add("/usr/bin/chromium"), ok)
    });
    assert.deepEqual(await findBrowser(effects), {path: "/usr/bin/chromium", source: "apt"});
  });
  it("uses sudo, which must not ask, when it is not root", async () => {
    const effects: Machine = machine(
      ["/usr/bin/apt-get"],
      installing(() => effects)
    );
    effects.root = false;
    assert.equal((await findBrowser(effects)).source, "apt");
    assert.equal(effects.commands[1], "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update");
  });
  it("turns to apt-get as well when the download does not start", async () => {
    const effects: Machine = machine(["/usr/bin/apt-get", downloaded], {
      [`${downloaded} --version`]: {code: 127, output: ""},
      ...installing(() => effects)
    });
    assert.equal((await findBrowser(effects)).source, "apt");
  });
});

describe("findBrowser where none can be had", () => {
  const remedy = /Install Chrome, Chromium or Edge, or set CHROME_PATH to the program\.$/;
  const message = (effects: Machine) =>
    findBrowser(effects).then(
      () => assert.fail("found"),
      (e: Error) => e.message
    );
  it("says so without apt-get", async () => {
    const text = await message(machine([], {"install --no-shell": offline}));
    assert.match(text, /^No browser to test the pages in: .*ENOTFOUND cdn\); apt-get is not there\./);
    assert.match(text, remedy);
  });
  it("says which step of apt-get failed, and does not go on after it", async () => {
    const denied = {code: 100, output: "Reading lists\nE: Unable to lock directory\n"};
    const effects = machine(["/usr/bin/apt-get"], {"install --no-shell": offline, "apt-get update": denied});
    const text = await message(effects);
    assert.match(text, /apt-get update failed \(E: Unable to lock directory\)/);
    assert.match(text, remedy);
    assert.doesNotMatch(effects.commands.join(), /apt-get install/);
  });
  it("says when what apt-get installed does not start", async () => {
    const effects = machine(["/usr/bin/apt-get"], {"install --no-shell": offline});
    assert.match(await message(effects), /the chromium that apt-get installed does not start/);
  });
});

describe("installedPaths", () => {
  it("has the places of Linux, the PATH first", () => {
    const paths = installedPaths({env: {PATH: "/nix/bin:/usr/bin:relative"}, platform: "linux"});
    assert.equal(paths[0], "/nix/bin/chrome-headless-shell");
    for (const path of ["/usr/bin/chromium", "/snap/bin/chromium", "/opt/google/chrome/chrome"])
      assert.ok(paths.includes(path), path);
    assert.ok(paths.every((path) => path.startsWith("/")));
    assert.equal(new Set(paths).size, paths.length);
  });
  it("has the places of macOS, those of the user included", () => {
    const paths = installedPaths({env: {HOME: "/Users/a"}, platform: "darwin"});
    assert.equal(paths[0], "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    assert.ok(paths.includes("/Users/a/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"));
  });
  it("has the places of Windows, and starts nothing there to look", async () => {
    const env = {PROGRAMFILES: "C:\\Program Files", LOCALAPPDATA: "C:\\Users\\a\\AppData\\Local"};
    const edge = "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe";
    const effects: Machine = {...machine([edge]), env, platform: "win32"};
    effects.exists = (path) => path === edge;
    assert.deepEqual(await findBrowser(effects), {path: edge, source: "installed"});
    assert.deepEqual(effects.commands, []);
    assert.equal(installedPaths(effects)[1], "C:\\Users\\a\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe");
  });
});

describe("systemEffects", () => {
  const {exists, run} = systemEffects();
  it("knows a program from a folder and from nothing", () => {
    assert.equal(exists(process.execPath), true);
    assert.equal(exists(import.meta.dirname), false);
    assert.equal(exists("/no/such/program"), false);
  });
  it("runs a command without input and returns its code and output", async () => {
    const program =
      "process.stdin.resume().on('end', () => { console.log('out'); console.error('err'); process.exit(3); })";
    const {code, output} = await run(process.execPath, ["-e", program], 20);
    assert.equal(code, 3);
    assert.match(output, /out[^]*err/);
  });
  it("returns -1 for what cannot be started and for what takes too long", async () => {
    assert.equal((await run("/no/such/program", [], 5)).code, -1);
    const slow = await run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], 0.5);
    assert.equal(slow.code, -1);
    assert.match(slow.output, /took over 0\.5 s/);
  });
});

describe("launchBrowser", () => {
  it("switches off every feature that this release of Playwright does, for it replaces the list", () => {
    const folder = join(createRequire(import.meta.url).resolve("playwright-core/package.json"), "..");
    const text = readFileSync(join(folder, "lib/coreBundle.js"), "utf8");
    const [, list] = /\n *disabledFeatures = \[\n(.*?)\]/s.exec(text) ?? [];
    const theirs = [...(list ?? "").matchAll(/^ *"(\w+)"/gm)].map(([, name]) => name);
    assert.deepEqual(playwrightsFeatures, theirs);
  });
});
