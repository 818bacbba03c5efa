import assert from "node:assert/strict";
import {it} from "node:test";
import {openCells, openTeach} from "./cells.js";
import type {CellPage} from "./cells.js";

const {browser, site, url} = await openTeach();

const texts = ({page}: CellPage) =>
  page.evaluate(() => {
    const kept = Object.entries(localStorage).find(([key]) => key.endsWith("/circle"));
    const edit = JSON.parse((kept?.[1] as string | undefined) ?? "{}") as {source?: string; others?: string[]};
    return [edit.source, ...(edit.others ?? [])].map((text) => /radius = (\d+)/.exec(text ?? "")?.[1]);
  });

/** A tab, in front of the others: one behind them draws one frame a second. */
const front = async <T extends CellPage>(tab: T): Promise<T> => {
  await tab.page.bringToFront();
  return tab;
};

it("two tabs that edit the same cell lose nothing of each other, and say so", async () => {
  const context = await browser.newContext();
  try {
    const [a, b] = [await openCells(context, url), await openCells(context, url)];
    const box = ({cell}: CellPage) => cell("circle").getByRole("textbox");
    const said = ({cell}: CellPage) => cell("circle").getByText("This cell was edited in another tab too.");
    await (await front(a)).run("circle", "const radius = 41, area = 1;");
    await (await front(b)).open("circle");
    assert.match(await box(b).innerText(), /radius = 41/, "what was kept before comes back, as ever");
    assert.equal(await said(a).count(), 0);
    await (await front(b)).run("circle", "const radius = 42, area = 1;");
    await said(a).waitFor();
    assert.match(await box(a).innerText(), /radius = 41/, "nobody's text is changed under the keyboard");
    await (await front(a)).run("circle", "const radius = 43, area = 1;");
    await said(b).waitFor();
    assert.deepEqual(await texts(a), ["43", "42"], "the older one stays beside the newer one");
    await (await front(a)).run("circle", "const radius = 44, area = 1;");
    assert.deepEqual(await texts(a), ["44", "42"]);
    await Promise.all([a.page.close(), b.page.close()]);

    const c = await openCells(context, url);
    await said(c).waitFor();
    assert.match(await box(c).innerText(), /radius = 44/);
    await (await front(c)).press("circle", "Show the other edit");
    assert.match(await box(c).innerText(), /radius = 42/);
    assert.deepEqual(await texts(c), ["42", "44"]);
    await (await front(c)).press("circle", "Reset");
    assert.deepEqual((await texts(c))[0], "44", "Reset forgets this tab's edit, not the other one");
    await (await front(c)).press("circle", "Forget the other edit");
    assert.deepEqual(await texts(c), [undefined]);
    assert.deepEqual([...a.faults, ...b.faults, ...c.faults], []);
  } finally {
    await context.close();
  }
});

it("three tabs that edit the same cell keep all three texts, and each can be shown", async () => {
  const context = await browser.newContext();
  try {
    const tabs = [await openCells(context, url), await openCells(context, url), await openCells(context, url)];
    for (const tab of tabs) {
      await (await front(tab)).open("circle"); // with the page's own code, before anything is kept
    }
    for (const [i, tab] of tabs.entries()) {
      await (await front(tab)).run("circle", `const radius = 6${i}, area = 1;`);
    }
    const [a, b, c] = tabs;
    await c.cell("circle").getByText("This cell was edited in 2 other tabs too. All edits are kept.").waitFor();
    await (await front(a)).run("circle", "const radius = 70, area = 1;");
    assert.deepEqual((await texts(a)).sort(), ["61", "62", "70"], "a tab replaces its own text only");
    const seen: string[] = [];
    for (let i = 0; i < 3; ++i) {
      await (await front(a)).press("circle", "Show the next edit");
      const text = await a.cell("circle").getByRole("textbox").innerText();
      seen.push(/radius = (\d+)/.exec(text)![1]);
    }
    assert.deepEqual(seen.sort(), ["61", "62", "70"]);
    assert.deepEqual((await texts(a)).sort(), ["61", "62", "70"]);
    await (await front(a)).press("circle", "Forget the other edits");
    assert.deepEqual(await texts(a), ["70"]);
    assert.deepEqual([...a.faults, ...b.faults, ...c.faults], []);
  } finally {
    await context.close();
  }
});

it("progress that one tab forgets is not brought back by another, nor by a page that runs what it has kept", async () => {
  const context = await browser.newContext();
  try {
    const chapter = await openCells(context, `${site.url}forward.html`);
    const state = ({cell}: CellPage) => cell("constant-beta").locator(".exercise-state");
    await (await front(chapter)).run("constant-beta", "const constantBeta = () => 0;");
    await (await front(chapter)).run("constant-beta", "const constantBeta = () => 1;");
    assert.equal(await state(chapter).textContent(), "Not solved yet: 2 tries so far.");
    const list = await context.newPage();
    await list.goto(`${site.url}exercises.html`);
    await list.getByRole("button", {name: "Forget my progress"}).click();
    await list.getByRole("button", {name: "Yes, forget it"}).click();
    await state(chapter).getByText("Your progress was forgotten in another tab.").waitFor();
    const again = await openCells(context, `${site.url}forward.html`);
    await again
      .cell("constant-beta")
      .getByText(/^Not yet:/)
      .waitFor(); // the kept edit has run by itself
    assert.equal(await state(again).isVisible(), false);
    await (await front(chapter)).run("constant-beta", "const constantBeta = () => 2;");
    assert.equal(await state(chapter).textContent(), "Not solved yet: 1 try so far.");
    await state(again).getByText("Not solved yet: 1 try so far.").waitFor();
    assert.deepEqual([...chapter.faults, ...again.faults], []);
  } finally {
    await context.close();
  }
});
