import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {describe, it} from "node:test";
import {gridNoises, gridSteps} from "../../lib/sampler-grid.js";
import {openChapter} from "./chapter.js";

const {page, figure} = await openChapter("compare.html");

describe("the chapter of the claims", () => {
  const [determinism, paths, flexibility, grid] = ["determinism", "paths", "flexibility", "sampler-grid"].map(figure);

  it("finds determinism at eta 0 and chance at eta 1", async () => {
    await determinism.root.scrollIntoViewIfNeeded();
    await determinism.says("At η = 0, 100% of 500 points");
    assert.match(await determinism.said(), /picked point ends in 1 of 3 modes\./);
    await determinism.slide("eta", 1);
    await determinism.says("At η = 1,");
    const [, share] = (await determinism.said()).match(/At η = 1, (\d+)%/)!;
    assert.ok(Math.abs(Number(share) - 38) < 9, `${share}% reach the same mode, chance gives 38%`);
  });

  it("shows a picked point in all figures", async () => {
    const plane = determinism.root.locator(".plane");
    await plane.press("ArrowRight"); // the first point, 0
    await plane.press("ArrowRight");
    await paths.root.scrollIntoViewIfNeeded();
    await paths.says("DDIM takes point 1");
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await plane.press("ArrowLeft");
    await plane.press("ArrowLeft"); // the last of 500, which the paths, of 200, do not have
    await plane.locator('canvas[aria-label^="Point 499,"]').waitFor();
    await paths.says("DDIM takes point 0");
    await plane.press("ArrowRight");
    await plane.press("ArrowRight");
    assert.deepEqual(errors, []);
  });

  it("makes one jump straight, and DDPM’s path long", async () => {
    const lengths = async () => {
      const text = await paths.said();
      return text
        .match(/path of DDPM is ([\d.]+) long, that of DDIM ([\d.]+)\./)!
        .slice(1)
        .map(Number);
    };
    const [ddpm, ddim] = await lengths();
    assert.ok(ddpm > 15 * ddim, `DDPM ${ddpm}, DDIM ${ddim}`);
    await paths.slide("steps", 0); // on a logarithmic scale
    await paths.says("S = 1.");
    const [one, other] = await lengths();
    assert.equal(one, other);
    await paths.choose("view", "straight");
    assert.equal(await paths.root.locator("canvas").first().isVisible(), false);
    await paths.slider("up to rho").waitFor();
  });

  it("runs the reader’s step with all noise fresh, and loses width", async () => {
    await flexibility.root.scrollIntoViewIfNeeded();
    await flexibility.choose("what the dial turns", "share");
    await flexibility.slide("amount", 1);
    await flexibility.says("share of fresh noise = 1.00 of at most 1.00");
    const [, width] = (await flexibility.said()).match(/modes ([\d.]+) times/)!;
    assert.ok(Math.abs(Number(width) - 0.61) < 0.06, `the modes are ${width} times as wide`);
  });

  it("shows a recorded table, gives it as CSV, and measures one here until it is stopped", async () => {
    await grid.root.scrollIntoViewIfNeeded();
    const cells = await grid.root.locator("tbody td").allTextContents();
    assert.equal(cells.length, gridSteps.length * gridNoises.length + 1);
    for (const cell of cells) assert.match(cell, /^(≈ )?\d\.\d+ ± \d\.\d+/);
    const [download] = await Promise.all([page.waitForEvent("download"), grid.press("Download CSV")]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines.length, 1 + 45 * 8 + 8);
    await grid.press("Measure here");
    await grid.root.locator("tbody tr").first().getByText("±").first().waitFor();
    await grid.press("Stop");
    await grid.says("Stopped");
    assert.match((await grid.root.locator(".badge").textContent())!, /exact/);
  });
});
