import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the chapter on codes", () => {
  let site: Site;
  let browser: Browser;
  let cells: CellPage;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    cells = await openCells(browser, `${site.url}latent.html`);
  });

  after(async () => {
    await cells.close();
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => cells.page.locator(`#fig-${name}`);
  const says = async (name: string, text: RegExp) => {
    const status = figure(name).locator("p[role=status]").filter({hasText: text});
    await status.waitFor({timeout: 60_000});
    return (await status.textContent())!;
  };
  const choose = (list: string, value: string) =>
    figure("between").getByRole("combobox", {name: list, exact: true}).selectOption(value);

  it("reads the same codes with few and with many steps: DDIM keeps their modes, DDPM does not", async () => {
    await figure("consistency").scrollIntoViewIfNeeded();
    const text = await says("consistency", /keep their mode under DDIM/);
    const [ddim, ddpm] = [...text.matchAll(/(\d+)%/g)].map(([, share]) => Number(share));
    assert.ok(ddim > 95 && ddpm < 30, text);
    assert.equal(await figure("consistency").locator("tbody td").count(), 16);
  });

  it("shrinks the codes on the straight way, and tears the way apart with DDPM", async () => {
    await figure("between").scrollIntoViewIfNeeded();
    const around = await says("between", /^At s = 0\.50/);
    const variance = (text: string) => Number(/variance ([\d.]+);/.exec(text)![1]);
    const hop = (text: string) => Number(/neighbours is ([\d.]+)\./.exec(text)![1]);
    await choose("way", "lerp");
    const straight = await says("between", /variance 0\.[45]\d/);
    assert.ok(variance(straight) < 0.6 && variance(around) > 0.75, `${variance(straight)}, ${variance(around)}`);
    await choose("sampler", "ddpm");
    await cells.page.waitForFunction(
      (before) => document.querySelector("#fig-between p[role=status]")!.textContent !== before,
      straight
    );
    const torn = (await figure("between").locator("p[role=status]").textContent())!;
    assert.ok(hop(torn) > 2 * hop(straight), `${hop(torn)}, ${hop(straight)}`);
    await choose("sampler", "ddim");
  });

  it("follows the reader’s own way between two codes, and says whose fault it is when that is none", async () => {
    await choose("way", "cell");
    await cells.run(
      "between",
      "function between(a: Float64Array, b: Float64Array, share: number) {\n  return a.map((x, i) => (1 - share) * x + share * b[i]);\n}"
    );
    await says("between", /variance 0\.[45]\d/);
    await cells.run("between", "function between(a: Float64Array) {\n  return a.map(() => NaN);\n}");
    await figure("between")
      .getByText(/The cell “between” gives something that is no number/)
      .waitFor();
    await cells.press("between", "Reset");
  });

  it("loses less on the way there and back with more steps", async () => {
    await figure("round-trip").scrollIntoViewIfNeeded();
    const text = await says("round-trip", /^S = 500:/);
    assert.match(text, /error of [\d.]+\s×\s10⁻[⁴⁵⁶] a coordinate.*decoded by DDPM the error is [01]\.\d/);
  });

  it("did all this without an error in the console or a request to another host", () => assertSound(cells));
});
