import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {openTeach, settle} from "./cells.js";

const {teach} = await openTeach();

describe("an edited cell in the page's graph", () => {
  it("is followed by ordinary cells, inline expressions and other edited cells", () =>
    teach(async ({run, text, output}) => {
      await run("expression", "radius * 100");
      assert.equal(await output("expression"), "200");
      await run("circle", "const radius: number = 5;\nconst area = radius + 1;");
      assert.match(await text(), /A circle of radius 5 has the area 6.00/);
      assert.equal(await output("expression"), "500");
    }));

  it("follows ordinary cells and inputs", () =>
    teach(async ({page, run, output, cell}) => {
      await run("expression", "noise * 10");
      assert.equal(await output("expression"), "3");
      await cell("input").getByRole("slider").fill("0.5");
      await settle(page);
      assert.equal(await output("expression"), "5");
    }));

  it("may show, ask, await, and yield, as any cell", () =>
    teach(async ({page, run, output, text, cell}) => {
      await run(
        "expression",
        'display(1);\nawait new Promise((r) => setTimeout(r, 50));\ndisplay(document.createElement("hr"));'
      );
      assert.equal(await output("expression"), "1");
      assert.equal(await cell("expression").locator("hr").count(), 1);
      await run(
        "input",
        'import {slider} from "./components/controls.js";\nconst noise = view(slider({name: "loud", value: 0.9}));'
      );
      assert.match(await text(), /The noise is 0.9/);
      await cell("input").getByRole("slider", {name: "loud"}).fill("0.2");
      await settle(page);
      assert.match(await text(), /The noise is 0.2/);
      await run("clock", "const ticks = (function* () { for (let i = 70; i < 75; ++i) yield i; })();");
      await page.waitForTimeout(400);
      assert.match(await text(), /You have read for 74 seconds/);
    }));

  it("drops types, and refuses what is more than types", () =>
    teach(async ({run, alert, output}) => {
      await run(
        "types",
        "type A<T> = {x: T};\nconst point = {x: 7, y: 0} as A<number> satisfies object;\ndisplay(point!.x);"
      );
      assert.equal(await output("types"), "7");
      await run("types", "const point = 1;\nenum Color {red}");
      assert.match((await alert("types"))!, /^Line 2: An enum is more than a type/);
      await run("types", "class A {\n  constructor(private x: number) {}\n}");
      assert.match((await alert("types"))!, /^Line 2: .*parameter/);
    }));

  it("imports what the site has by the page's specifiers, and nothing else", () =>
    teach(async ({run, output, alert, cell}) => {
      await run(
        "expression",
        'import {makeSchedule} from "./lib/schedule.js";\ndisplay(makeSchedule("linear").timesteps);'
      );
      assert.equal(await output("expression"), "1000");
      await run("expression", 'import * as d3 from "d3";\ndisplay(d3.max([1, 4, 2]));');
      assert.equal(await output("expression"), "4");
      await run("expression", "Plot.dot([[1, 2]]).plot()");
      assert.equal(await cell("expression").locator(".live-cell-output svg").count(), 1);
      await run("expression", 'display((await import("./lib/tf.js")).sum === tf.sum);');
      assert.equal(await output("expression"), "true");
      await run("expression", 'import _ from "lodash";');
      assert.match(
        (await alert("expression"))!,
        /^Line 1: “lodash” is not here to import\. There are d3, @observablehq\/plot; from \.\/lib\/: .*ddim\.js/
      );
      await run("expression", 'await import("https://example.org/x.js")');
      assert.match((await alert("expression"))!, /^Line 1: .*is not here to import/);
    }));

  it("calls the check of an exercise, and shows its solution when asked", () =>
    teach(async ({page, run, cell}) => {
      await run("mean-exercise");
      await cell("mean-exercise").getByText("Not yet: the mean of 1, 2 and 6 is 3, not 1.").waitFor();
      await cell("mean-exercise").getByText("Solution").click();
      await cell("mean-exercise").getByRole("button", {name: "Put it into the editor"}).click();
      await cell("mean-exercise").getByRole("textbox").focus();
      await page.keyboard.press("Shift+Enter");
      await cell("mean-exercise").getByText("✔ That is right.").waitFor();
    }));
});
