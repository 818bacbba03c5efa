/** The browser for the tests and the pictures: finds one, or installs one, and starts it. */
import {execFile} from "node:child_process";
import {accessSync, constants, statSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, posix, win32} from "node:path";
import type * as playwright from "playwright-core";
import type {Browser, LaunchOptions} from "playwright-core";
import {aptInstall, reasonIn} from "./apt.js";
import type {AptEffects, RunResult} from "./apt.js";

/** A browser that starts, and where it came from. */
export interface FoundBrowser {
  path: string; // the executable
  source: "CHROME_PATH" | "installed" | "playwright" | "apt";
}

/** All that finding a browser asks of the machine, so that a test can answer instead. */
export interface BrowserEffects extends AptEffects {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  downloaded: string; // where Playwright keeps, or would keep, its own Chromium
  say(line: string): void;
}

/** Options of `launchBrowser`. */
export interface LaunchBrowserOptions {
  path?: string; // the executable; defaults to the one `findBrowser` finds
  args?: string[]; // further flags
  headless?: boolean; // defaults to true
  gpu?: boolean; // on the machine's own graphics card, for a bench; defaults to false: on the CPU
}

const require = createRequire(import.meta.url);
const {chromium} = require("playwright-core") as typeof playwright; // an import takes twice as long

// The build without windows comes first: the same engine, with a sixth less work for the processor in these tests.
const names = [
  "chrome-headless-shell",
  "chromium-headless-shell",
  "google-chrome-stable",
  "google-chrome",
  "chromium",
  "chromium-browser",
  "microsoft-edge-stable",
  "microsoft-edge"
];

/**
 * Finds a Chrome, Chromium or Edge that starts: the one `CHROME_PATH` names, else one that is installed, else one that
 * is downloaded with Playwright, else Debian's `chromium-headless-shell` or `chromium`. With `card`, it is one that can
 * use a graphics card. Throws an Error that says how to get one when none can be had, and one that names the variable
 * when `CHROME_PATH` is set and wrong.
 */
export async function findBrowser(
  effects: BrowserEffects = systemEffects(),
  {card = false}: {card?: boolean} = {}
): Promise<FoundBrowser> {
  const {env} = effects;
  if (env.CHROME_PATH) return checkedChromePath(env.CHROME_PATH, effects);
  const paths = installedPaths(effects).filter((path) => !card || !isWindowless(path));
  const found = await firstThatStarts(paths, effects);
  if (found) return {path: found, source: "installed"};
  const reasons: string[] = [];
  return (await fromPlaywright(effects, reasons)) ?? (await fromApt(effects, reasons)) ?? noBrowser(reasons);
}

/** Returns the usual places of Chrome, Chromium and Edge on this platform, those on the `PATH` first. */
export function installedPaths({env, platform}: Pick<BrowserEffects, "env" | "platform">): string[] {
  if (platform === "win32") {
    const roots = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA].filter((root) => root !== undefined);
    const programs = ["Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"];
    return [...programs, "Microsoft/Edge/Application/msedge.exe"].flatMap((program) =>
      roots.map((root) => win32.join(root, program))
    );
  }
  const folders = (env.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const onPath = names.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
  if (platform === "darwin") {
    const apps = ["Google Chrome", "Chromium", "Microsoft Edge"];
    const roots = ["/Applications", ...(env.HOME ? [posix.join(env.HOME, "Applications")] : [])];
    return [...apps.flatMap((app) => roots.map((root) => `${root}/${app}.app/Contents/MacOS/${app}`)), ...onPath];
  }
  const usual = ["/usr/bin", "/usr/local/bin", "/snap/bin"].flatMap((folder) => names.map((n) => `${folder}/${n}`));
  return [...new Set([...onPath, ...usual, "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"])];
}

/**
 * Starts the browser without a window, with a fresh profile that is removed when it closes. It reaches no other host.
 * WebGL and WebGPU run on the CPU (SwiftShader), so that a picture is the same on every machine.
 */
export async function launchBrowser(options: LaunchBrowserOptions = {}): Promise<Browser> {
  const {headless = true} = options;
  const executablePath = options.path ?? (await findBrowser(undefined, {card: options.gpu})).path;
  const own = options.gpu ? cardFlags : softwareFlags;
  const args = [...own, ...flags, ...(headless ? ["--headless=new"] : []), ...(options.args ?? [])];
  const launch: LaunchOptions = {executablePath, headless, args, timeout: 60_000};
  if (isRoot() || process.env.CI) return chromium.launch({...launch, chromiumSandbox: false});
  try {
    return await chromium.launch({...launch, chromiumSandbox: true});
  } catch (error) {
    if (!/sandbox/i.test(String(error))) throw error; // many containers and some Linux systems forbid it
    return chromium.launch({...launch, chromiumSandbox: false});
  }
}

/** Whether a browser is the build without windows, which asks for no icon of a page. */
export function isWindowless(path: string): boolean {
  return path.includes("headless-shell");
}

/** What Playwright switches off: a list of ours replaces its own. */
export const playwrightsFeatures = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion"
];

// The address bar's lists are pages too, made anew with each window, which nobody sees: a second of work each time.
const addressBar = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

const cardFlags = ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--ignore-gpu-blocklist"];

const softwareFlags = [
  "--disable-gpu-compositing", // SwiftShader would draw each frame of a page: a third of all work, and more for canvases
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-webgpu-adapter=swiftshader"
];

const flags = [
  `--disable-features=${[...playwrightsFeatures, ...addressBar].join()}`,
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--metrics-recording-only",
  "--no-pings"
];

async function checkedChromePath(path: string, effects: BrowserEffects): Promise<FoundBrowser> {
  const remedy = "Set it to the path of a Chrome, Chromium or Edge, or unset it to have one looked for.";
  if (!effects.exists(path)) throw new Error(`CHROME_PATH is ${path}, but no program is there. ${remedy}`);
  if (!(await starts(path, effects))) throw new Error(`CHROME_PATH is ${path}, but it does not start. ${remedy}`);
  return {path, source: "CHROME_PATH"};
}

async function fromPlaywright(effects: BrowserEffects, reasons: string[]): Promise<FoundBrowser | undefined> {
  const path = effects.downloaded;
  if (!effects.exists(path)) {
    effects.say("No Chrome, Chromium or Edge is installed: downloading Playwright's Chromium.");
    const cli = join(dirname(require.resolve("playwright-core/package.json")), "cli.js");
    const {code, output} = await effects.run(process.execPath, [cli, "install", "--no-shell", "chromium"], 300);
    if (code !== 0) return void reasons.push(`Playwright's download failed (${reasonIn(output)})`);
  }
  if (await firstThatStarts([path], effects)) return {path, source: "playwright"};
  return void reasons.push("Playwright's Chromium does not start here (system libraries are missing)");
}

async function fromApt(effects: BrowserEffects, reasons: string[]): Promise<FoundBrowser | undefined> {
  if (effects.exists("/usr/bin/apt-get"))
    effects.say(`${reasons.join("; ")}: installing Debian's chromium with apt-get.`);
  // Ubuntu and older releases have only the whole one.
  const failure = (await aptInstall(["chromium-headless-shell"], effects)) && (await aptInstall(["chromium"], effects));
  if (failure) return void reasons.push(failure);
  const path = await firstThatStarts(installedPaths(effects), effects);
  if (path) return {path, source: "apt"};
  return void reasons.push("the chromium that apt-get installed does not start");
}

function noBrowser(reasons: string[]): never {
  throw new Error(
    `No browser to test the pages in: ${reasons.join("; ")}. ` +
      "Install Chrome, Chromium or Edge, or set CHROME_PATH to the program."
  );
}

async function firstThatStarts(paths: string[], effects: BrowserEffects): Promise<string | undefined> {
  for (const path of paths) if (effects.exists(path) && (await starts(path, effects))) return path;
}

// A file is not enough: Ubuntu's chromium-browser may be a note about a snap, and a download may lack libraries.
// On Windows chrome.exe opens a window when asked for its version.
async function starts(path: string, effects: BrowserEffects): Promise<boolean> {
  return effects.platform === "win32" || (await effects.run(path, ["--version"], 30)).code === 0;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The machine itself. */
export function systemEffects(): BrowserEffects {
  const {env, platform} = process;
  return {env, platform, root: isRoot(), downloaded: chromium.executablePath(), exists, run, say};
}

function exists(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[], seconds: number): Promise<RunResult> {
  return new Promise((resolve) => {
    const options = {timeout: seconds * 1000, killSignal: "SIGKILL", maxBuffer: 1 << 26} as const;
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({code, output: `${stdout}\n${stderr}${error?.killed ? `\nfailed: took over ${seconds} s` : ""}`});
    });
    child.stdin?.end(); // nothing may wait for an answer
  });
}

function say(line: string): void {
  console.log(line);
}
