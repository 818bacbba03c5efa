import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {openTeach} from "./cells.js";

const {teach} = await openTeach();

describe("a run", () => {
  it("is over when its code is through and has started nothing: there is nothing to stop", () =>
    teach(async ({run, cell}) => {
      const stop = cell("types").getByRole("button", {name: "Stop"});
      await run("types", "const point = {x: 5, y: 12};");
      assert.ok(await stop.isDisabled(), "Stop is offered after the end");
      await run("types", "const point = {x: 5, y: 12};\nsetInterval(() => {}, 1000);");
      assert.ok(await stop.isEnabled(), "a timer can be stopped");
    }));
});

describe("an error", () => {
  it("stands at its line with the reader's own words, and leaves output and values as they were", () =>
    teach(async ({run, text, alert, output, cell}) => {
      await run("types", "const point = {x: 5, y: 12};\ndisplay(Math.hypot(point.x, point.y));");
      for (const [code, message] of [
        [
          "const point = {x: 1};\n\ndisplay(1);\nthrow new RangeError('much too far');",
          /^Line 4: RangeError: much too far/
        ],
        ["const point = 1;\nconst = 3;", /^Line 2: Unexpected token/],
        ["const point: = 1;", /^Line 1: /],
        ["const point = 1;\nundefinedName + 1;", /^Line 2: undefinedName is not defined: no cell/],
        ["const point = 1;\nradius = 3;", /^Line 2: Assignment to external variable 'radius'/]
      ] as const) {
        await run("types", code);
        assert.match((await alert("types"))!, message);
        assert.equal(await output("types"), "13", code);
        assert.equal(await cell("types").locator(".live-cell-error-line").count(), 1);
      }
      await run("circle", "const radius = 9;\nconst area = null.x;");
      assert.match(await text(), /A circle of radius 2 has the area 12.57/);
    }));

  it("in a timer or a listener stands there too", () =>
    teach(async ({page, run, alert}) => {
      await run("expression", "display(1);\nsetTimeout(() => {\n  throw new Error('late');\n}, 100);");
      await page.waitForTimeout(400);
      assert.match((await alert("expression"))!, /^Line 3: Error: late/);
      await run(
        "expression",
        'display(1);\nconst hear = () => {\n  throw new Error("heard");\n};\ndocument.addEventListener("click", hear);'
      );
      await page.locator("h1").click();
      await page.waitForTimeout(200);
      assert.match((await alert("expression"))!, /^Line 3: Error: heard/);
    }));

  it("of a second definition or of a circle is said before it breaks both", () =>
    teach(async ({run, alert, text}) => {
      await run("types", "const radius = 1;");
      assert.match((await alert("types"))!, /^Line 1: radius is defined by another cell/);
      assert.match(await text(), /A circle of radius 2/);
      await run("types", "const point = {x: radius, y: 0};");
      await run("circle", "const radius = point.x;\nconst area = 0;");
      assert.match((await alert("circle"))!, /^Line 1: point is computed from radius, .*circle/);
      assert.match(await text(), /A circle of radius 2/);
    }));

  it("does not follow from a name that is left out: it keeps its last value", () =>
    teach(async ({run, text, cell}) => {
      await run("circle", "const radius = 3;");
      assert.match(await text(), /A circle of radius 3 has the area 12.57/);
      await cell("circle")
        .getByText("Other cells use area, which this code no longer defines. It keeps its last value.")
        .waitFor();
    }));
});

describe("a run", () => {
  it("that holds the page is stopped after three seconds with a sentence", () =>
    teach(async ({run, alert, text}) => {
      const start = Date.now();
      await run("circle", "const radius = 1;\nconst area = 1;\nwhile (true) {}");
      assert.ok(Date.now() - start > 2500, "too early");
      assert.match((await alert("circle"))!, /^Line 3: The code held the page for 3 seconds/);
      assert.match(await text(), /A circle of radius 2/);
    }));

  it("that awaits frames lives until Stop, and nothing of it goes on after", () =>
    teach(async ({page, write, press, cell, output}) => {
      await write(
        "expression",
        "for (let i = 0; ; ++i) {\n  await new Promise(requestAnimationFrame);\n  document.title = `frame ${i}`;\n}"
      );
      await page.keyboard.press("Shift+Enter");
      await page.waitForFunction(() => /^frame \d\d/.test(document.title));
      assert.match((await cell("expression").locator(".live-cell-status").textContent())!, /Running/);
      await press("expression", "Stop");
      const title = await page.title();
      await page.waitForTimeout(300);
      assert.equal(await page.title(), title);
      await press("expression", "Reset");
      assert.match(await output("expression"), /1.*4.*9/s);
    }));

  for (const end of ["Stop", "Reset", "a new run"]) {
    it(`ends with ${end}: timers, listeners, observers, generators, waits and tensors`, () =>
      teach(async ({page, run, press, text}) => {
        const memory = () =>
          page.evaluate(async () => {
            const url = performance
              .getEntriesByType("resource")
              .find(({name}) => /\/lib\/tf\.[0-9a-f]+\.js/.test(name))!.name;
            return (await import(url)).memory().numTensors as number;
          });
        await run("expression", 'await tf.useBackend("cpu");');
        const before = await memory();
        await run(
          "clock",
          `await tf.useBackend("cpu");
const kept = tf.ones([100]);
const weight = tf.variable(tf.zeros([3]));
let n = 0;
const ticks = (async function* () {
  for (;;) {
    yield ++n;
    tf.ones([2]).add(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
})();
const log = (what: string) => (document.title = what + Math.random());
window.counted = 0;
setInterval(() => (tf.ones([5]), log("interval"), ++window.counted), 10);
window.setInterval(() => log("window's interval"), 10);
const frame = () => (requestAnimationFrame(frame), log("frame"));
frame();
document.addEventListener("pointermove", () => log("listener"));
const target = new EventTarget();
target.addEventListener("x", () => log("x"));
window.target = target;
(async () => {
  await new Promise((resolve) => setTimeout(resolve, 600));
  log("late");
})();`
        );
        await page.waitForFunction(() => (window as unknown as {counted: number}).counted > 5);
        assert.ok((await memory()) > before + 5, "it makes tensors");
        if (end === "a new run") await run("clock", "const ticks = 1;");
        else await press("clock", end);
        await page.evaluate(() => (document.title = "quiet"));
        const said = await text();
        await page.mouse.move(300, 300);
        await page.mouse.move(400, 310);
        await page.evaluate(() => (window as unknown as {target: EventTarget}).target.dispatchEvent(new Event("x")));
        await page.waitForTimeout(900);
        assert.equal(await page.title(), "quiet");
        if (end !== "Reset") assert.equal(await text(), said);
        assert.equal(await memory(), before);
      }));
  }
});
