import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the home page", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    page = await browser.newPage({viewport: {width: 1280, height: 900}});
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${site.url}index.html`);
    await status().getByText("Step 50 of 50").waitFor();
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const figure = () => page.locator("#fig-two-samplers");
  const status = () => figure().getByRole("status");
  const share = (sampler: string) =>
    figure()
      .locator(".reading", {hasText: `${sampler}: reach`})
      .locator(".reading-value")
      .textContent()
      .then((text) => Number(text!.replace("%", "")));
  const set = (name: string, value: number) =>
    figure()
      .getByRole("slider", {name, exact: true})
      .evaluate((input: HTMLInputElement, next) => {
        input.value = String(next);
        input.dispatchEvent(new Event("input", {bubbles: true}));
      }, value);
  const press = (name: string) => figure().getByRole("button", {name, exact: true}).click();
  const pictures = () =>
    figure()
      .locator("canvas")
      .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  const painted = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));

  it("keeps room for its figure: the text does not jump on a phone when the figure comes", async () => {
    const opened = await browser.newPage({viewport: {width: 390, height: 844}});
    await opened.addInitScript(() => {
      const own = globalThis as unknown as {shifts: number};
      own.shifts = 0;
      type Shift = PerformanceEntry & {value: number};
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) own.shifts += (entry as Shift).value;
      }).observe({type: "layout-shift", buffered: true});
    });
    await opened.goto(`${site.url}index.html`);
    await opened.locator("#fig-two-samplers [role=status]", {hasText: "Step 50 of 50"}).waitFor();
    const shifts = await opened.evaluate(() => (globalThis as unknown as {shifts: number}).shifts);
    assert.ok(shifts < 0.1, `the layout shifts by ${shifts}`); // what Lighthouse and web.dev call good
    await opened.close();
  });

  it("is alive without tfjs: both samplers have run before anything is pressed", async () => {
    assert.ok((await share("DDIM")) === 100);
    const ddpm = await share("DDPM");
    assert.ok(ddpm >= 6 && ddpm <= 20, `chance is 12.5%, the page says ${ddpm}%`);
    const tfjs = asked.filter((url) => /vendor\/tf|tfjs|\/lib\/tf\./.test(url));
    assert.deepEqual(tfjs, []);
  });

  it("scrubs with the time slider: at 0 both samplers show the same noise", async () => {
    await set("time", 0);
    await painted();
    assert.match((await status().textContent())!, /^Step 0 of 50/);
    const shares = [...(await status().textContent())!.matchAll(/(\d+)%/g)].map((match) => Number(match[1]));
    assert.equal(shares[0], shares[1]);
    assert.ok(shares[0] < 30, `pure noise lies mostly outside of the modes, the page says ${shares[0]}%`);
  });

  it("steps, plays and pauses", async () => {
    await set("time", 0);
    await press("Step");
    assert.match((await status().textContent())!, /^Step 1 of 50/);
    await press("Play");
    await page.waitForTimeout(700);
    await press("Pause");
    const [, step] = (await status().textContent())!.match(/^Step (\d+) of 50/)!;
    assert.ok(Number(step) > 1 && Number(step) < 50, `after 0.7 s of playing it is at step ${step}`);
  });

  it("shows the same picture for DDIM and another one for DDPM when run again from the same noise", async () => {
    await set("time", 50);
    await painted();
    const ends = () =>
      page.evaluate(() => [...document.querySelectorAll("#fig-two-samplers canvas")].map((c) => c.ariaLabel));
    const before = await ends();
    await press("Same noise again");
    await painted();
    await painted();
    assert.equal((await ends())[1], before[1]);
    assert.equal(await share("DDIM"), 100);
  });

  it("gives other noise on request, to both", async () => {
    await set("time", 0);
    await painted();
    const before = await pictures();
    await press("New noise");
    await painted();
    await set("time", 0);
    await painted();
    const now = await pictures();
    assert.notEqual(now[0], before[0]);
    assert.notEqual(now[1], before[1]);
  });

  it("loses DDIM's memory of the start as eta rises, and equals DDPM at eta = 1", async () => {
    await set("eta", 1);
    await figure().getByText("eta = 1: the same chain as DDPM").waitFor();
    assert.equal(await share("DDIM"), await share("DDPM"));
    await set("eta", 0);
    await figure().getByText("no noise: the start decides").waitFor();
    assert.equal(await share("DDIM"), 100);
  });

  it("says what is wrong with more steps than the schedule has, keeps the picture, and offers the way on", async () => {
    await set("time", 50);
    const field = figure().getByRole("spinbutton", {name: "steps, as a number"});
    await field.fill("1200");
    const alert = figure().getByRole("alert");
    assert.match((await alert.textContent())!, /1200.*1000/);
    assert.match((await status().textContent())!, /of 50/);
    await alert.getByRole("button", {name: "Use 1000 steps"}).click();
    await status().getByText("of 1000").waitFor();
    assert.equal(await alert.isVisible(), false);
    await field.fill("50");
    await status().getByText("of 50.").waitFor();
  });

  it("works from the keyboard: the arrow keys move eta, Enter plays", async () => {
    const eta = figure().getByRole("slider", {name: "eta", exact: true});
    await eta.focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await eta.inputValue(), "0.01");
    await figure().getByRole("button", {name: "Play", exact: true}).focus();
    await page.keyboard.press("Enter");
    await figure().getByRole("button", {name: "Pause", exact: true}).waitFor();
    await page.keyboard.press("Enter");
    await figure().getByRole("button", {name: "Play", exact: true}).waitFor();
  });

  it("plays on when a run that was asked for before Play is done", async () => {
    await figure().evaluate((root) => {
      const [eta, time] = ["eta", "time"].map((name) =>
        root.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`)!
      );
      time.value = "0";
      time.dispatchEvent(new Event("input", {bubbles: true}));
      eta.value = "0.37";
      eta.dispatchEvent(new Event("input", {bubbles: true}));
      [...root.querySelectorAll("button")].find(({textContent}) => textContent === "Play")!.click();
    });
    await figure().getByText("eta = 0.37").waitFor(); // over the new run
    assert.ok(await figure().getByRole("button", {name: "Pause", exact: true}).isVisible(), "it stands still");
    await figure().getByRole("button", {name: "Pause", exact: true}).click();
  });
});
