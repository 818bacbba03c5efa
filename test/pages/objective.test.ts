import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser} from "playwright-core";
import {makeSchedule} from "../../lib/schedule.js";
import {launchBrowser} from "../../tools/browser.js";
import {assertNear} from "../unit/near.js";
import type {CellPage} from "./cells.js";
import {openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

const {alphaBar} = makeSchedule("linear");

describe("the chapter on what to learn", () => {
  let site: Site;
  let browser: Browser;
  let cells: CellPage;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    cells = await openCells(browser, `${site.url}objective.html`);
  });

  after(async () => {
    await cells.close();
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => cells.page.locator(`#fig-${name}`);
  const status = async (name: string) => (await figure(name).locator("p[role=status]").textContent())!;
  const saying = (name: string, text: string | RegExp) =>
    figure(name).locator("p[role=status]").filter({hasText: text}).waitFor();
  const move = (name: string, label: string, value: number) =>
    figure(name)
      .getByRole("slider", {name: label, exact: true})
      .evaluate((input: HTMLInputElement, next) => {
        input.value = String(next);
        input.dispatchEvent(new Event("input", {bubbles: true}));
      }, value);
  const numbers = (text: string) => [...text.replaceAll("−", "-").matchAll(/-?\d+\.\d+/g)].map(([n]) => Number(n));

  it("draws the posterior where Bayes’ rule finds its points, and moves both with a key", async () => {
    const before = await status("posterior");
    assert.doesNotMatch(before, /do not agree/);
    const [mx, my, std, seenX, seenY, seenStd] = numbers(before);
    assertNear(seenX, mx, 0.1, "the mean of the points");
    assertNear(seenY, my, 0.1, "the mean of the points");
    assertNear(seenStd, std, 0.05, "their standard deviation");
    await figure("posterior").locator(".plane").focus();
    await cells.page.keyboard.press("ArrowRight");
    assert.notEqual(await status("posterior"), before);
    assert.ok(numbers(await status("posterior"))[0] > mx, "the mean follows x_t");
  });

  it("says that a wrong posterior does not agree with its points, and takes the right one back", async () => {
    const code = await cells.cell("posterior").locator("pre").first().innerText();
    await cells.run("posterior", code.replace("(beta * (1 - alphaBarPrev))", "(4 * beta * (1 - alphaBarPrev))"));
    await saying("posterior", /do not agree: look for a slip/);
    await cells.press("posterior", "Reset");
    await saying(
      "posterior",
      /Bayes’ rule kept \d+ of 4000 candidates\. Their mean is \([^)]*\), their standard deviation [\d.]+\.$/
    );
  });

  it("says one guess in four coordinates, which belong together", async () => {
    const coordinate = figure("coordinates").getByRole("combobox", {name: "coordinate"});
    for (const [name, t] of [
      ["score", 100],
      ["x0", 500]
    ] as const) {
      await coordinate.selectOption(name);
      await move("coordinates", "time", t);
      const [x, , ex, , x0, , v, , score] = numbers(await status("coordinates"));
      const [signal, noise] = [Math.sqrt(alphaBar[t - 1]), Math.sqrt(1 - alphaBar[t - 1])];
      assertNear(signal * x0 + noise * ex, x, 0.02, "x_t from x_0 and the noise");
      assertNear(signal * ex - noise * x0, v, 0.02, "the velocity");
      assertNear(-ex / noise, score, 0.05, "the score");
    }
  });

  it("shows the same place in the figure of the exact denoiser", async () => {
    await figure("coordinates").locator(".plane").focus();
    await cells.page.keyboard.press("ArrowUp");
    const [x, y] = numbers(await status("coordinates"));
    await saying("denoiser", `xₜ at (${x.toFixed(2)}, ${y.toFixed(2)})`);
  });

  it("says what the bound charges for an error in x_0: half of what the signal-to-noise ratio falls", async () => {
    await figure("weights").getByRole("combobox").selectOption("x0");
    const snr = (a: number) => a / (1 - a);
    const right = (snr(alphaBar[0]) - snr(alphaBar[1])) / 2;
    assert.match(await status("weights"), new RegExp(`charges ${Math.round(right)} at t = 2`));
  });
});
