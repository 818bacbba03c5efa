import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {assertSound} from "./cells.js";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("latent.html", 60_000);

describe("the chapter on codes", () => {
  const between = figure("between");

  it("reads the same codes with few and with many steps: DDIM keeps their modes, DDPM does not", async () => {
    await figure("consistency").root.scrollIntoViewIfNeeded();
    const text = await figure("consistency").says(/keep their mode under DDIM/);
    const [ddim, ddpm] = [...text.matchAll(/(\d+)%/g)].map(([, share]) => Number(share));
    assert.ok(ddim > 95 && ddpm < 30, text);
    assert.equal(await figure("consistency").root.locator("tbody td").count(), 16);
  });

  it("shrinks the codes on the straight way, and tears the way apart with DDPM", async () => {
    await between.root.scrollIntoViewIfNeeded();
    const around = await between.says(/^At s = 0\.50/);
    const variance = (text: string) => Number(/variance ([\d.]+);/.exec(text)![1]);
    const hop = (text: string) => Number(/neighbours is ([\d.]+)\./.exec(text)![1]);
    await between.choose("way", "lerp");
    const straight = await between.says(/variance 0\.[45]\d/);
    assert.ok(variance(straight) < 0.6 && variance(around) > 0.75, `${variance(straight)}, ${variance(around)}`);
    await between.choose("sampler", "ddpm");
    await page.waitForFunction(
      (before) => document.querySelector("#fig-between p[role=status]")!.textContent !== before,
      straight
    );
    const torn = await between.said();
    assert.ok(hop(torn) > 2 * hop(straight), `${hop(torn)}, ${hop(straight)}`);
    await between.choose("sampler", "ddim");
  });

  it("follows the reader’s own way between two codes, and says whose fault it is when that is none", async () => {
    await between.choose("way", "cell");
    await cells.run(
      "between",
      "function between(a: Float64Array, b: Float64Array, share: number) {\n  return a.map((x, i) => (1 - share) * x + share * b[i]);\n}"
    );
    await between.says(/variance 0\.[45]\d/);
    await cells.run("between", "function between(a: Float64Array) {\n  return a.map(() => NaN);\n}");
    await between.root.getByText(/The cell “between” gives something that is no number/).waitFor();
    await cells.press("between", "Reset");
  });

  it("loses less on the way there and back with more steps", async () => {
    await figure("round-trip").root.scrollIntoViewIfNeeded();
    const text = await figure("round-trip").says(/^S = 500:/);
    assert.match(text, /error of [\d.]+\s×\s10⁻[⁴⁵⁶] a coordinate.*decoded by DDPM the error is [01]\.\d/);
  });

  it("did all this without an error in the console or a request to another host", () => assertSound(cells));
});
