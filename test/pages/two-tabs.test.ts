import assert from "node:assert/strict";
import {it} from "node:test";
import {openCells, openTeach} from "./cells.js";
import type {CellPage} from "./cells.js";

const {browser, url} = await openTeach();

const texts = ({page}: CellPage) =>
  page.evaluate(() => {
    const kept = Object.entries(localStorage).find(([key]) => key.endsWith("/circle"));
    const {source, other} = JSON.parse((kept?.[1] as string | undefined) ?? "{}") as {source?: string; other?: string};
    return [source, other].map((text) => /radius = (\d+)/.exec(text ?? "")?.[1]);
  });

it("two tabs that edit the same cell lose nothing of each other, and say so", async () => {
  const context = await browser.newContext();
  try {
    const [a, b] = [await openCells(context, url), await openCells(context, url)];
    const box = ({cell}: CellPage) => cell("circle").getByRole("textbox");
    const said = ({cell}: CellPage) => cell("circle").getByText("This cell was edited in another tab too.");
    await a.run("circle", "const radius = 41, area = 1;");
    await b.open("circle");
    assert.match(await box(b).innerText(), /radius = 41/, "what was kept before comes back, as ever");
    assert.equal(await said(a).count(), 0);
    await b.run("circle", "const radius = 42, area = 1;");
    await said(a).waitFor();
    assert.match(await box(a).innerText(), /radius = 41/, "nobody's text is changed under the keyboard");
    await a.run("circle", "const radius = 43, area = 1;");
    await said(b).waitFor();
    assert.deepEqual(await texts(a), ["43", "42"], "the older one stays beside the newer one");
    await a.run("circle", "const radius = 44, area = 1;");
    assert.deepEqual(await texts(a), ["44", "42"]);
    await Promise.all([a.page.close(), b.page.close()]);

    const c = await openCells(context, url);
    await said(c).waitFor();
    assert.match(await box(c).innerText(), /radius = 44/);
    await c.press("circle", "Show the other edit");
    assert.match(await box(c).innerText(), /radius = 42/);
    assert.deepEqual(await texts(c), ["42", "44"]);
    await c.press("circle", "Reset");
    assert.deepEqual((await texts(c))[0], "44", "Reset forgets this tab's edit, not the other one");
    await c.press("circle", "Forget the other edit");
    assert.deepEqual(await texts(c), [undefined, undefined]);
    assert.deepEqual([...a.faults, ...b.faults, ...c.faults], []);
  } finally {
    await context.close();
  }
});
