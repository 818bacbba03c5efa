import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {alphaBarAt, firstTimestepBelowSnr, makeSchedule, snr} from "../../lib/schedule.js";
import type {ScheduleName} from "../../lib/schedule.js";
import type {Figure} from "./chapter.js";
import {openChapter} from "./chapter.js";

const {site, browser, page, figure} = await openChapter("forward.html");
const linear = makeSchedule("linear");
const cosine = makeSchedule("cosine");

describe("the chapter on adding noise", () => {
  const [noising, chain, schedules, trap, code] = ["noising", "chain", "schedules", "trap", "code"].map(figure);
  const time = async (of: Figure) => Number(await of.slider("time").inputValue());
  const readingOf = async (of: Figure, label: string) => number(await of.reading(label));

  before(() => code.says("x₀ has"));

  it("moves the cloud and says where it is when the time slider moves", async () => {
    await noising.drag("time", 20);
    const early = await noising.pictures();
    assert.match(await noising.said(), /^Two moons, linear, t = 20 of 1000: /);
    await noising.drag("time", 600);
    assert.notDeepEqual(await noising.pictures(), early);
    const text = await noising.said();
    const alphaBar = alphaBarAt(linear, 599); // the page counts from 1
    near(number(text.match(/ᾱ = ([^,]+),/)![1]), alphaBar, 5e-3 * alphaBar);
    near(number(text.match(/SNR = (.+?)\. The/)![1]), snr(alphaBar), 5e-3 * snr(alphaBar));
    near(await readingOf(noising, "is left"), 100 * Math.sqrt(alphaBar), 0.05);
    const canvas = noising.root.locator("canvas");
    assert.match((await canvas.getAttribute("aria-label"))!, /^900 points\. Two moons, linear, t = 600 of 1000: /);
    await noising.drag("time", 20);
    assert.deepEqual(await noising.pictures(), early, "each point keeps its own noise");
  });

  it("takes other schedules and data at the same share of the time", async () => {
    await noising.choose("data", "off-centre");
    await noising.drag("time", 500);
    near(await readingOf(noising, "is left"), 100 * Math.sqrt(alphaBarAt(linear, 499)), 0.05);
    await noising.choose("schedule", "cosine");
    near(await readingOf(noising, "is left"), 100 * Math.sqrt(alphaBarAt(cosine, 499)), 0.05);
    await noising.choose("schedule", "linear, 100 steps");
    assert.equal(await time(noising), 50);
    await noising.drag("time", 100);
    // Mean (2.3, 1.7) and scale sqrt(0.1), seen through what is left of them.
    const alphaBar = alphaBarAt(makeSchedule("linear", {timesteps: 100}), 99);
    const offset = Math.sqrt(alphaBar) * Math.hypot(2.3, 1.7);
    near(await readingOf(noising, "between the mean and 0"), offset / Math.sqrt(0.1 * alphaBar + 1 - alphaBar), 0.006);
    await noising.choose("schedule", "linear");
    assert.equal(await time(noising), 1000);
    assert.ok((await readingOf(noising, "between the mean and 0")) < 0.03);
  });

  it("plays, pauses where it is, and steps", async () => {
    await noising.choose("data", "spirals");
    await noising.drag("time", 0);
    const still = await noising.pictures();
    await noising.press("Play");
    await page.waitForFunction(() => {
      return document.querySelector<HTMLInputElement>("#fig-noising input[type=range]")!.valueAsNumber > 40;
    });
    await noising.press("Pause");
    const reached = await time(noising);
    const paused = await noising.pictures();
    assert.notDeepEqual(paused, still);
    assert.match(await noising.said(), new RegExp(`t = ${reached} of 1000`));
    await page.waitForTimeout(400);
    assert.equal(await time(noising), reached);
    assert.deepEqual(await noising.pictures(), paused);
    await noising.press("Step");
    assert.equal(await time(noising), (Math.floor(reached / 50) + 1) * 50);
  });

  it("plays from its place also when the frame had begun before the press", async () => {
    await noising.drag("time", 0);
    await page.evaluate(() => {
      const frame = window.requestAnimationFrame;
      window.requestAnimationFrame = (draw) => {
        window.requestAnimationFrame = frame;
        return frame((now) => draw(now - 100));
      };
    });
    await noising.press("Play");
    await page.waitForFunction(() => {
      return document.querySelector<HTMLInputElement>("#fig-noising input[type=range]")!.valueAsNumber > 0;
    });
    await noising.press("Pause");
  });

  it("obeys the keyboard", async () => {
    await chain.drag("time", 40);
    await chain.slider("time").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await time(chain), 41);
    assert.match(await chain.said(), /^Step 41 of 100:/);
    await page.keyboard.press("Home");
    assert.match(await chain.said(), /^Step 0 of 100:/);
    await chain.root.getByRole("button", {name: "Step"}).focus();
    await page.keyboard.press("Space");
    assert.match(await chain.said(), /^Step 1 of 100:/);
    await noising.slider("time").focus();
    await page.keyboard.press("End");
    assert.equal(await time(noising), 1000);
  });

  it("shows one distribution at the end of a chain and of a jump, within the bands it states", async () => {
    const schedule = makeSchedule("linear", {timesteps: 100, rescale: true});
    for (const t of [1, 10, 50, 100]) {
      await chain.drag("time", t);
      const alphaBar = alphaBarAt(schedule, t - 1);
      const std = Math.sqrt(1 - alphaBar);
      const expected = [1.8 * Math.sqrt(alphaBar), 1.2 * Math.sqrt(alphaBar), std, std];
      const bands = [500, 500, 1000, 1000].map((n) => (3 * std) / Math.sqrt(n));
      const rows = await moments();
      rows.forEach(({chain, jump, formula, band}, k) => {
        near(formula, expected[k], 6e-4);
        near(band, bands[k], 6e-4);
        near(chain, expected[k], bands[k] + 1e-3);
        near(jump, expected[k], bands[k] + 1e-3);
      });
      assert.ok(
        rows.some(({chain, jump}) => chain !== jump),
        "the points are not the same"
      );
      assert.match(await chain.said(), /4 of 4 rows agree/);
    }
  });

  it("draws other points on New noise, from the same start", async () => {
    await chain.drag("time", 60);
    const first = await moments();
    await chain.press("New noise");
    const second = await moments();
    first.forEach((row, k) => {
      assert.notEqual(second[k].chain, row.chain);
      assert.notEqual(second[k].jump, row.jump);
      assert.equal(second[k].formula, row.formula);
      near(second[k].chain, row.formula, 2 * row.band);
      near(second[k].jump, row.formula, 2 * row.band);
    });
    await chain.drag("time", 0);
    for (const {chain, jump, formula} of await moments()) assert.deepEqual([chain, jump], [formula, formula]);
  });

  it("tells where each schedule ends and where noise outweighs data", async () => {
    const rows = await schedules.root.locator("tbody tr").allInnerTexts();
    const names: ScheduleName[] = ["linear", "cosine", "scaled_linear", "sigmoid"];
    assert.equal(rows.length, names.length);
    names.forEach((name, k) => {
      const [schedule, alphaBar] = [makeSchedule(name), alphaBarAt(makeSchedule(name), 999)];
      const [title, end, root, below] = rows[k].split("\t").map((cell) => cell.trim());
      assert.equal(title, name.replace("_", " "));
      near(number(end), alphaBar, 5e-3 * alphaBar);
      near(number(root), Math.sqrt(alphaBar), 5e-3 * Math.sqrt(alphaBar));
      assert.equal(Number(below), firstTimestepBelowSnr(schedule) + 1);
    });
    assert.match(await schedules.said(), /^linear: at t = 1000.*from t = 260 on\.$/);
    await schedules.choose("schedule", "scaled_linear");
    assert.match(await schedules.said(), /^scaled linear: .* 6\.8% of x₀ is left\..*from t = 355 on\.$/);
    assert.match((await schedules.root.locator("tr[aria-current=true]").textContent())!, /scaled linear/);
    assert.match((await schedules.root.locator(".live-alert").textContent())!, /^This schedule ends with 7% of/);
  });

  it("springs the trap of a short schedule, and repairs it", async () => {
    for (const T of [100, 300]) {
      await trap.drag("steps", T);
      const end = (rescale: boolean) => alphaBarAt(makeSchedule("linear", {timesteps: T, rescale}), T - 1);
      near(await readingOf(trap, "unchanged"), 100 * Math.sqrt(end(false)), 2 * Math.sqrt(end(false)));
      near(await readingOf(trap, "times 1000/T"), 100 * Math.sqrt(end(true)), 2 * Math.sqrt(end(true)));
    }
    await trap.drag("steps", 1000);
    assert.equal(await readingOf(trap, "unchanged"), await readingOf(trap, "times 1000/T"));
  });

  it("runs the cells in plain view again when their slider moves", async () => {
    const caption = code.root.locator("figcaption");
    await code.root.scrollIntoViewIfNeeded();
    const before = await code.pictures();
    await code.drag("time", 600);
    const value = () => caption.innerText().then((text) => number(text.match(/alphaBar\[t\] is (.+?) and/)![1]));
    await page.waitForFunction(() =>
      /is 0\.0\d+ and/.test(document.querySelector("#fig-code figcaption")!.textContent!)
    );
    near(await value(), linear.alphaBar[600], 5e-3 * linear.alphaBar[600]);
    let [x0, xt] = await code.pictures();
    for (let k = 0; k < 50 && x0 !== before[0]; ++k) [x0, xt] = await code.pictures(); // a new canvas draws when it is laid out
    assert.ok(x0 === before[0], "the data stay as they are");
    assert.ok(xt !== before[1], "the noised points move");
    const difference = (await caption.innerText()).match(/the library’s is (.+)\.$/)![1];
    assert.ok(number(difference) < 1e-14, "the cell's product is the library's");
  });

  it("computes the numbers in the text", async () => {
    const text = (await page.locator("#observablehq-main").textContent())!;
    assert.match(text, /chain stops at[^.]*= 0\.364\./s);
    assert.match(text, /at variance 11\.05,/);
    const cells = await page.locator("#prior-mismatch ~ table").first().locator("td:nth-child(2)").allInnerTexts();
    assert.deepEqual(cells, ["0.018", "1.4\u00a0×\u00a010⁻⁴", "0.20", "0.018", "2.1"]);
    const solutions = page.locator("details", {hasText: "the divergence is"});
    assert.match(
      (await solutions.textContent())!,
      /is 1\.65\s×\s10⁻⁴ with the linear schedule of 1000 steps, and 1\.58 with/
    );
  });

  it("can be linked to by equation and by notation", async () => {
    const number = (await page.locator("#eq-closed-form .equation-number").textContent())!.match(/2\.\d+/)![0];
    assert.ok((await page.locator('a[href$="#eq-closed-form"]', {hasText: `Eq. ${number}`}).count()) >= 1, "no link");
    assert.equal(await page.locator("h2#notation").count(), 1);
  });

  it("draws its canvases anew in the dark", async () => {
    const light = await noising.pictures();
    await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
    assert.notDeepEqual(await noising.pictures(), light);
    await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
    assert.deepEqual(await noising.pictures(), light);
  });

  it("jumps from state to state for readers who asked for less motion", async () => {
    const context = await browser.newContext({viewport: {width: 390, height: 844}, reducedMotion: "reduce"});
    const calm = await context.newPage();
    await calm.goto(`${site.url}forward.html`);
    const root = calm.locator("#fig-noising");
    await root.locator("p[role=status]", {hasText: "t = 100 of 1000"}).waitFor();
    await root.getByRole("button", {name: "Play"}).click();
    const range = root.getByRole("slider", {name: "time"});
    const seen = new Set<number>();
    for (let k = 0; k < 40 && seen.size < 3; ++k) {
      seen.add(Number(await range.inputValue()));
      await calm.waitForTimeout(50);
    }
    assert.deepEqual([...seen], [100, 150, 200]);
    await context.close();
  });

  async function moments(): Promise<Record<"chain" | "jump" | "formula" | "band", number>[]> {
    const rows = await chain.root.locator("table.moments tbody tr").all();
    assert.equal(rows.length, 4);
    return Promise.all(
      rows.map(async (row) => {
        const [chain, jump, formula, band] = (await row.locator("td").allTextContents()).map(number);
        return {chain, jump, formula, band};
      })
    );
  }
});

/** Reads a number as the page writes it: `−0.12`, `60%`, `4.04 × 10⁻⁵`. */
function number(text: string): number {
  const plain = text
    .replace("−", "-")
    .replace("%", "")
    .replace(/\s×\s10(.+)$/, (_, exponent: string) => `e${[...exponent].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c)).join("")}`)
    .replace("e-1", "e-");
  const value = Number(plain);
  assert.ok(!Number.isNaN(value), `"${text}" is a number`);
  return value;
}

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is within ${tolerance} of ${expected}`);
}
