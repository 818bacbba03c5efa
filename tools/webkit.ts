/**
 * WebKit, the engine of Safari, for the tests: Debian's build of it, driven over WebDriver, on a display of its own that
 * nobody sees. It needs neither a desktop nor D-Bus.
 */
import {spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {once} from "node:events";
import {mkdtemp, rm} from "node:fs/promises";
import {createServer} from "node:net";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {delimiter, join} from "node:path";
import type {Readable} from "node:stream";
import {setTimeout as pause} from "node:timers/promises";
import {aptInstall} from "./apt.js";
import {systemEffects} from "./browser.js";
import type {BrowserEffects} from "./browser.js";
import {openSession} from "./webdriver.js";
import type {WebDriverSession} from "./webdriver.js";

/** The programs that it takes. */
export interface WebKitPrograms {
  driver: string;
  browser: string;
  display: string;
}

/** A WebKit that is running. */
export interface WebKit {
  session: WebDriverSession;
  close(): Promise<void>;
}

const packages = ["webkit2gtk-driver", "xvfb"];

/** The installed programs, else Debian's. Returns a reason where they cannot be had. */
export async function findWebKit(effects: BrowserEffects = systemEffects()): Promise<WebKitPrograms | string> {
  const found = installed(effects);
  if (found) return found;
  if (effects.platform !== "linux") return "it is tried on Linux only";
  effects.say(`No WebKit is installed: installing Debian's ${packages.join(" and ")} with apt-get.`);
  const failure = await aptInstall(packages, effects);
  return failure ?? installed(effects) ?? `apt-get has installed ${packages.join(" and ")}, but they lack a program`;
}

function installed({env, exists}: BrowserEffects): WebKitPrograms | undefined {
  const onPath = (name: string) =>
    (env.PATH ?? "")
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(exists);
  const libraries = ["lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu", "lib", "lib64", "libexec"];
  const browser = libraries.map((folder) => `/usr/${folder}/webkit2gtk-4.1/MiniBrowser`).find(exists);
  const [driver, display] = [onPath("WebKitWebDriver"), onPath("Xvfb")];
  return driver && browser && display ? {driver, browser, display} : undefined;
}

/** Starts it, with a fresh profile that is removed when it closes. Throws an Error when it does not start. */
export async function launchWebKit({driver, browser, display}: WebKitPrograms): Promise<WebKit> {
  const home = await mkdtemp(join(tmpdir(), "webkit-"));
  const children: ChildProcess[] = [];
  const stop = () => children.forEach((child) => child.kill());
  const onSignal = () => {
    stop();
    process.exit(143);
  };
  process.once("exit", stop).once("SIGTERM", onSignal);
  let session: WebDriverSession | undefined;
  const close = async () => {
    await session?.close().catch(() => {});
    const alive = children.filter(({exitCode, signalCode}) => exitCode === null && signalCode === null);
    const ends = alive.map((child) => once(child, "exit"));
    stop();
    await Promise.all(ends);
    process.off("exit", stop).off("SIGTERM", onSignal);
    await rm(home, {recursive: true, force: true, maxRetries: 5});
  };
  try {
    const screen = ["-screen", "0", "1600x1400x24", "-nolisten", "tcp", "-displayfd", "3"];
    const server = spawn(display, screen, {stdio: ["ignore", "ignore", "ignore", "pipe"]});
    children.push(server);
    const [number] = await Promise.race([once(server.stdio[3] as Readable, "data"), failed(server, "Xvfb")]);
    const own = Object.fromEntries(
      ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].map((n) => [n, home])
    );
    const env = {...process.env, ...own, DISPLAY: `:${String(number).trim()}`, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1"};
    const port = await freePort();
    // WebGL on the processor, so that a picture is the same on every machine.
    const drives = spawn(driver, [`--port=${port}`], {env: {...env, LIBGL_ALWAYS_SOFTWARE: "1"}, stdio: "ignore"});
    children.push(drives);
    await Promise.race([answers(`http://127.0.0.1:${port}/status`), failed(drives, "WebKitWebDriver")]);
    session = await openSession(`http://127.0.0.1:${port}`, {
      "webkitgtk:browserOptions": {binary: browser, args: ["--automation"]},
      timeouts: {script: 60_000, pageLoad: 60_000, implicit: 0}
    });
    return {session, close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function failed(child: ChildProcess, name: string): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`${name} ended with ${code} at its start`);
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; ; await pause(50)) {
    try {
      return void (await fetch(url));
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const {port} = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
