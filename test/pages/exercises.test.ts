import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {describe, it} from "node:test";
import type {BrowserContext, Page} from "playwright-core";
import {readHandIn, writeHandIn} from "../../lib/exercises/hand-in.js";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import {openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();
const context = await browser.newContext(); // one reader, who comes back
let file: string; // that this reader has handed in

const name = "constant-beta";
const right = "function constantBeta(T: number, last: number): number {\n  return 1 - last ** (1 / T);\n}";

/** What stands around the cell of the exercise. */
const around = (cells: CellPage) => ({
  notice: cells.cell(name).locator(".live-cell-notice"),
  state: cells.cell(name).locator(".exercise-state"),
  hints: cells.page.locator(`live-cell[name="${name}"] ~ details.hint`),
  explanation: cells.page.locator(`live-cell[name="${name}"] ~ details.explanation`).first()
});

describe("an exercise", () => {
  it("is checked after each run, hints come in order, and the explanation opens when it is right", async () => {
    const cells = await openCells(context, `${site.url}forward.html`);
    const {notice, state, hints, explanation} = around(cells);
    assert.equal(await state.isVisible(), false, "nothing is said of an exercise that was not tried");
    await hints.first().getByText("Hint 1 of 2").waitFor();
    assert.equal(await hints.nth(1).isVisible(), false, "the second hint waits for the first");
    await hints.first().locator("summary").click();
    await hints.nth(1).getByText("Hint 2 of 2").waitFor();

    await cells.run(name);
    await notice
      .getByText("Not yet: constantBeta(1000, 0.0001) gives 0.0009999, not 0.009168: the steps multiply")
      .waitFor();
    assert.equal(await state.textContent(), "Not solved yet: 1 try so far.");
    assert.equal(await explanation.getAttribute("open"), null);

    await cells.run(name, "function constantBeta() { for (;;); }");
    await notice.getByText(/Not yet: your code stopped with an error: The code held the page for 3 seconds/).waitFor();
    await cells.run(name, "const constantBeta = async () => tf;");
    assert.match((await cells.alert(name)) ?? "", /tf is not there in an exercise/);

    await cells.run(name, right);
    await notice.getByText("✔ That is right.").waitFor();
    assert.match((await state.textContent()) ?? "", /^✔ Solved on .+, after 4 tries\.$/);
    assert.equal(await explanation.getAttribute("open"), "");
    assertSound(cells);
    await cells.page.close();
  });

  it("is still solved when its reader comes back, and to run it again is no new try", async () => {
    const cells = await openCells(context, `${site.url}forward.html`);
    const {state, notice} = around(cells);
    await state.getByText(/^✔ Solved on .+, after 4 tries\.$/).waitFor();
    await notice.getByText("✔ That is right.").waitFor(); // the edit was kept, and has run
    assert.match((await state.textContent()) ?? "", /after 4 tries/);
    await cells.run(name, "const x = 1;");
    await notice.getByText("Not yet: your code defines no function constantBeta").waitFor();
    assert.match((await state.textContent()) ?? "", /^✔ Solved on .+, after 5 tries\.$/, "what was right stays");
    assertSound(cells);
    await cells.page.close();
  });

  it("has names of its own: another cell of the page may have the same", async () => {
    const cells = await openCells(context, `${site.url}forward.html`);
    await cells.run("two-steps", 'import {pointSet} from "./lib/points/index.js";\nconst x0 = 1, alphaBar = pointSet;');
    assert.equal(await cells.alert("two-steps"), null);
    await cells.page
      .getByText("alphaBar[t] is 0.9")
      .or(cells.page.getByText(/alphaBar\[t\] is 0\.\d+/))
      .first()
      .waitFor();
    await cells.press("two-steps", "Reset");
    assertSound(cells);
    await cells.page.close();
  });
});

async function openList(from: BrowserContext, use: (page: Page) => Promise<void>): Promise<void> {
  const cells = await openCells(from, `${site.url}exercises.html`);
  await cells.page.locator(".exercise-count").waitFor();
  await use(cells.page);
  assertSound(cells);
  await cells.page.close();
}

const stateOf = (page: Page, exercise: string) => page.locator(`[data-exercise="${exercise}"] .exercise-state`);

describe("/exercises", () => {
  it("lists every exercise with its state, and links to where it stands", () =>
    openList(context, async (page) => {
      assert.match(
        (await page.locator(".exercise-count").textContent()) ?? "",
        /^You have solved 1 of \d+ exercises, and tried 1 more\.$/
      );
      assert.match((await stateOf(page, name).textContent()) ?? "", /^✔ Solved/);
      assert.equal(await stateOf(page, "eta-limit").textContent(), "Not tried yet.");
      const links = await page
        .locator(".exercise-chapters a")
        .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
      assert.ok(links.length >= 20, `there are ${links.length}`);
      const pages = new Map<string, string>();
      for (const link of links) {
        const [address, anchor] = link.split("#");
        if (!pages.has(address)) pages.set(address, await (await fetch(address)).text());
        assert.ok(pages.get(address)!.includes(`id="${anchor}"`), `${link} leads nowhere`);
      }
      await page.getByLabel("show").selectOption("solved");
      assert.equal(await page.locator(".exercise-chapters li").count(), 1);
      await page.getByLabel("show").selectOption("open");
      assert.equal(await stateOf(page, name).count(), 0);
    }));

  it("saves a file to hand in, with the name, and with what was tried but not solved", () =>
    openList(context, async (page) => {
      await page.getByRole("button", {name: "Hand in"}).click();
      await page.getByRole("alert").filter({hasText: "Write your name first"}).waitFor();
      await page.getByLabel("Your name").fill("Ada Lovelace");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", {name: "Hand in"}).click()
      ]);
      assert.equal(download.suggestedFilename(), "answers-Ada-Lovelace.json");
      file = await readFile(await download.path(), "utf8");
      const {name: learner, site: stamp, answers} = readHandIn(file);
      assert.equal(learner, "Ada Lovelace");
      assert.match(stamp, /^[\da-f]{12}$/);
      const [solved, tried] = [name, "two-steps"].map((exercise) =>
        answers.find((answer) => answer.exercise === exercise)!
      );
      assert.deepEqual([solved.right, solved.code, solved.message, solved.tries], [true, right, null, 5]);
      assert.deepEqual([tried.right, tried.tries], [false, 1]);
      assert.match(tried.message ?? "", /defines no function afterSteps/);
      await page.getByText("Saved as answers-Ada-Lovelace.json: 1 solved, 1 tried.").waitFor();
    }));

  it("takes such a file on another computer, and refuses a damaged or a foreign one in a sentence", async () => {
    const other = await browser.newContext();
    await openList(other, async (page) => {
      const load = (text: string) =>
        page
          .getByLabel("Load such a file again")
          .setInputFiles({name: "a.json", mimeType: "application/json", buffer: Buffer.from(text)});
      await load(file.slice(0, 200));
      await page
        .getByRole("alert")
        .filter({hasText: "The file is damaged, or no hand-in file of this course"})
        .waitFor();
      await load('{"a": 1}');
      await page.getByRole("alert").filter({hasText: "This is no hand-in file of this course."}).waitFor();
      await load(file);
      await page.getByText("The file of Ada Lovelace has 2 answers; 2 of them are new here.").waitFor();
      assert.match((await stateOf(page, name).textContent()) ?? "", /^✔ Solved/);
      const {format, version, seed, ...rest} = readHandIn(file);
      await load(
        writeHandIn({...rest, answers: rest.answers.map((answer) => ({...answer, right: false, time: "2100"}))})
      );
      await page.getByText("has 2 answers; 1 of them are new here.").waitFor();
      assert.match((await stateOf(page, name).textContent()) ?? "", /^✔ Solved/, "what was right stays");
      assert.ok(format && version && seed, "they are in the file");
    });
    await other.close();
  });

  it("forgets all when asked twice", () =>
    openList(context, async (page) => {
      await page.getByRole("button", {name: "Forget my progress"}).click();
      await page.getByRole("button", {name: "No, keep it"}).click();
      assert.match((await stateOf(page, name).textContent()) ?? "", /^✔ Solved/);
      await page.getByRole("button", {name: "Forget my progress"}).click();
      await page.getByRole("button", {name: "Yes, forget it"}).click();
      await page.getByText(/^You have solved 0 of \d+ exercises\.$/).waitFor();
      assert.equal(await stateOf(page, name).textContent(), "Not tried yet.");
    }));
});
