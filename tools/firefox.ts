/** Firefox for the tests, driven over WebDriver BiDi: finds one, or has Debian's installed, and starts it. */
import {existsSync} from "node:fs";
import {delimiter, join} from "node:path";
import type {Browser} from "puppeteer-core";
import {launch} from "puppeteer-core";
import {aptInstall} from "./apt.js";
import {systemEffects} from "./browser.js";

const places = [
  "/usr/lib/firefox-esr/firefox-esr",
  "/usr/lib/firefox/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  "C:\\Program Files\\Mozilla Firefox\\firefox.exe"
];

/** The Firefox that `FIREFOX_PATH` names, else an installed one, else Debian's. Throws an Error that says how to get one. */
export async function findFirefox(): Promise<string> {
  const {FIREFOX_PATH, PATH = ""} = process.env;
  if (FIREFOX_PATH) {
    if (existsSync(FIREFOX_PATH)) return FIREFOX_PATH;
    throw new Error(`FIREFOX_PATH is ${FIREFOX_PATH}, but no program is there: set it right, or unset it.`);
  }
  const onPath = PATH.split(delimiter).flatMap((folder) => [join(folder, "firefox-esr"), join(folder, "firefox")]);
  const installed = [...places, ...onPath].find((path) => existsSync(path));
  if (installed) return installed;
  const failure = await aptInstall(["firefox-esr"], systemEffects());
  const found = places.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    `No Firefox was found, and Debian's could not be installed (${failure}). Install one, or set FIREFOX_PATH.`
  );
}

/** Starts it without a window, with a fresh profile that is removed when it closes. */
export async function launchFirefox(): Promise<Browser> {
  return launch({
    browser: "firefox",
    executablePath: await findFirefox(),
    headless: true,
    timeout: 60_000,
    // It asks nobody for news, and no page waits for that.
    extraPrefsFirefox: {
      "app.normandy.enabled": false,
      "media.peerconnection.ice.loopback": true, // or it would not try a server on this machine, as that of the tests
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "toolkit.telemetry.reportingpolicy.firstRun": false
    }
  });
}
