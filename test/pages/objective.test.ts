import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {makeSchedule} from "../../lib/schedule.js";
import {assertNear} from "../unit/near.js";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("objective.html");
const {alphaBar} = makeSchedule("linear");

describe("the chapter on what to learn", () => {
  const [posterior, coordinates, weights] = ["posterior", "coordinates", "weights"].map(figure);
  const numbers = (text: string) => [...text.replaceAll("−", "-").matchAll(/-?\d+\.\d+/g)].map(([n]) => Number(n));

  it("draws the posterior where Bayes’ rule finds its points, and moves both with a key", async () => {
    const before = await posterior.said();
    assert.doesNotMatch(before, /do not agree/);
    const [mx, my, std, seenX, seenY, seenStd] = numbers(before);
    assertNear(seenX, mx, 0.1, "the mean of the points");
    assertNear(seenY, my, 0.1, "the mean of the points");
    assertNear(seenStd, std, 0.05, "their standard deviation");
    await posterior.root.locator(".plane").focus();
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await posterior.said(), before);
    assert.ok(numbers(await posterior.said())[0] > mx, "the mean follows x_t");
  });

  it("says that a wrong posterior does not agree with its points, and takes the right one back", async () => {
    const code = await cells.source("posterior");
    await cells.run("posterior", code.replace("(beta * (1 - alphaBarPrev))", "(4 * beta * (1 - alphaBarPrev))"));
    await posterior.says(/do not agree: look for a slip/);
    await cells.press("posterior", "Reset");
    await posterior.says(
      /Bayes’ rule kept \d+ of 4000 candidates\. Their mean is \([^)]*\), their standard deviation [\d.]+\.$/
    );
  });

  it("says one guess in four coordinates, which belong together", async () => {
    const coordinate = coordinates.list("coordinate");
    for (const [name, t] of [
      ["score", 100],
      ["x0", 500]
    ] as const) {
      await coordinate.selectOption(name);
      await coordinates.drag("time", t);
      const [x, , ex, , x0, , v, , score] = numbers(await coordinates.said());
      const [signal, noise] = [Math.sqrt(alphaBar[t - 1]), Math.sqrt(1 - alphaBar[t - 1])];
      assertNear(signal * x0 + noise * ex, x, 0.02, "x_t from x_0 and the noise");
      assertNear(signal * ex - noise * x0, v, 0.02, "the velocity");
      assertNear(-ex / noise, score, 0.05, "the score");
    }
  });

  it("shows the same place in the figure of the exact denoiser", async () => {
    await coordinates.root.locator(".plane").focus();
    await page.keyboard.press("ArrowUp");
    const [x, y] = numbers(await coordinates.said());
    await figure("denoiser").says(`xₜ at (${x.toFixed(2)}, ${y.toFixed(2)})`);
  });

  it("says what the bound charges for an error in x_0: half of what the signal-to-noise ratio falls", async () => {
    await weights.root.getByRole("combobox").selectOption("x0");
    const snr = (a: number) => a / (1 - a);
    const right = (snr(alphaBar[0]) - snr(alphaBar[1])) / 2;
    assert.match(await weights.said(), new RegExp(`charges ${Math.round(right)} at t = 2`));
  });
});
