import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {figureOf} from "./chapter.js";
import {openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();
const page = await browser.newPage({viewport: {width: 1280, height: 900}});

describe("the home page", () => {
  const {root, alert, slider, field, button, said, says, drag, press, reading, pictures, labels} = figureOf(
    page.locator("#fig-two-samplers")
  );
  const asked: string[] = [];

  before(async () => {
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${site.url}index.html`);
    await says("Step 50 of 50");
  });

  const share = async (sampler: string) => parseFloat(await reading(`${sampler}: reach`));
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
    await drag("time", 0);
    await painted();
    assert.match(await said(), /^Step 0 of 50/);
    const shares = [...(await said()).matchAll(/(\d+)%/g)].map((match) => Number(match[1]));
    assert.equal(shares[0], shares[1]);
    assert.ok(shares[0] < 30, `pure noise lies mostly outside of the modes, the page says ${shares[0]}%`);
  });

  it("steps, plays and pauses", async () => {
    await drag("time", 0);
    await press("Step");
    assert.match(await said(), /^Step 1 of 50/);
    await press("Play");
    await page.waitForTimeout(700);
    await press("Pause");
    const [, step] = (await said()).match(/^Step (\d+) of 50/)!;
    assert.ok(Number(step) > 1 && Number(step) < 50, `after 0.7 s of playing it is at step ${step}`);
  });

  it("shows the same picture for DDIM and another one for DDPM when run again from the same noise", async () => {
    await drag("time", 50);
    await painted();
    const before = await labels();
    await press("Same noise again");
    await painted();
    await painted();
    assert.equal((await labels())[1], before[1]);
    assert.equal(await share("DDIM"), 100);
  });

  it("gives other noise on request, to both", async () => {
    await drag("time", 0);
    await painted();
    const before = await pictures();
    await press("New noise");
    await painted();
    await drag("time", 0);
    await painted();
    const now = await pictures();
    assert.notEqual(now[0], before[0]);
    assert.notEqual(now[1], before[1]);
  });

  it("loses DDIM's memory of the start as eta rises, and equals DDPM at eta = 1", async () => {
    await drag("eta", 1);
    await root.getByText("eta = 1: the same chain as DDPM").waitFor();
    assert.equal(await share("DDIM"), await share("DDPM"));
    await drag("eta", 0);
    await root.getByText("no noise: the start decides").waitFor();
    assert.equal(await share("DDIM"), 100);
  });

  it("says what is wrong with more steps than the schedule has, keeps the picture, and offers the way on", async () => {
    await drag("time", 50);
    await field("steps").fill("1200");
    assert.match((await alert.textContent())!, /1200.*1000/);
    assert.match(await said(), /of 50/);
    await alert.getByRole("button", {name: "Use 1000 steps"}).click();
    await says("of 1000");
    assert.equal(await alert.isVisible(), false);
    await field("steps").fill("50");
    await says("of 50.");
  });

  it("works from the keyboard: the arrow keys move eta, Enter plays", async () => {
    await slider("eta").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await slider("eta").inputValue(), "0.01");
    await button("Play").focus();
    await page.keyboard.press("Enter");
    await button("Pause").waitFor();
    await page.keyboard.press("Enter");
    await button("Play").waitFor();
  });

  it("plays on when a run that was asked for before Play is done", async () => {
    await root.evaluate((figure) => {
      const [eta, time] = ["eta", "time"].map((name) =>
        figure.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`)!
      );
      time.value = "0";
      time.dispatchEvent(new Event("input", {bubbles: true}));
      eta.value = "0.37";
      eta.dispatchEvent(new Event("input", {bubbles: true}));
      [...figure.querySelectorAll("button")].find(({textContent}) => textContent === "Play")!.click();
    });
    await root.getByText("eta = 0.37").waitFor(); // over the new run
    assert.ok(await button("Pause").isVisible(), "it stands still");
    await press("Pause");
  });
});
