import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import {openCells, openTeach} from "./cells.js";
import {phone} from "./site.js";

const {browser, site, teach} = await openTeach();

describe("an editable cell costs", () => {
  it("at most 6 kB for who does not edit, and at most 260 kB, compiler and editor included, on the first focus", async () => {
    const page = await browser.newPage();
    const sizes = new Map<string, number>();
    page.on("response", (response) => {
      void response.body().then(
        (body) => sizes.set(response.url(), gzipSync(body).length),
        () => {}
      );
    });
    await page.goto(`${site.url}teach.html`);
    await page.waitForFunction(() => customElements.get("live-cell"));
    await page.waitForTimeout(500);
    const sum = (pattern: RegExp) =>
      [...sizes].filter(([url]) => pattern.test(url)).reduce((all, [, size]) => all + size, 0);
    assert.equal(sum(/vendor\/(editor|compiler)/), 0, "the editor was loaded before it was asked for");
    const eager = sum(/live-cell|components\/element/);
    assert.ok(eager > 500 && eager < 6000, `${eager} bytes for everybody`);
    sizes.clear();
    await page.locator("live-cell pre").first().click();
    await page.locator("live-cell").getByRole("textbox").waitFor();
    await page.waitForTimeout(500);
    const first = sum(/./);
    assert.ok(first > 150_000 && first < 260_000, `${first} bytes on the first focus`);
    await page.close();
  });
});

describe("the editor", () => {
  it("opens by a click or by the keyboard, with one text box and its buttons", () =>
    teach(async ({page, cell}) => {
      await cell("circle").getByRole("button", {name: "Edit circle"}).press("Enter");
      await cell("circle").getByRole("textbox").waitFor();
      assert.equal(await cell("circle").getByRole("textbox").count(), 1);
      for (const name of ["Run", "Stop", "Reset", "Share"])
        assert.equal(await cell("circle").getByRole("button", {name, exact: true}).count(), 1, name);
      assert.ok(
        await page.evaluate(() => document.activeElement?.getAttribute("role") === "textbox"),
        "the keyboard is in the editor"
      );
      await cell("types").locator("pre").click();
      await cell("types").getByRole("textbox").waitFor();
    }));

  it("has colours, matching brackets and undo", () =>
    teach(async ({page, cell, open, write}) => {
      await open("circle");
      assert.ok((await cell("circle").locator(".tok-keyword").count()) >= 2, "keywords have a colour");
      await write("circle", "const radius = (1 + 2)");
      await page.keyboard.press("End");
      await page.waitForTimeout(100);
      assert.equal(await cell("circle").locator(".cm-matchingBracket").count(), 2);
      await page.keyboard.press("ControlOrMeta+z");
      assert.match(await cell("circle").getByRole("textbox").innerText(), /const radius = 2;/);
    }));

  it("takes code that is typed as it is typed", () =>
    teach(async ({page, write, cell, alert, text}) => {
      await write("circle", "");
      await page.keyboard.type(
        "const radius = 8;\nfunction f() {\n  return [1, 2].map((x) => {\n    return `a${x}`;\n  });\n}\n"
      );
      await page.keyboard.type("const area = f().length;");
      await page.keyboard.press("Shift+Enter");
      await page.getByText("A circle of radius 8 has the area 2.00").waitFor();
      assert.equal(await alert("circle"), null);
      await cell("circle").getByRole("textbox").fill("const radius = 9;\nconst area = 1;");
      await page.keyboard.press("Shift+Enter");
      await page.getByText("A circle of radius 9 has the area 1.00").waitFor();
      assert.match(await text(), /radius 9/);
    }));

  it("leaves on Escape, says so, and then Tab goes on", () =>
    teach(async ({page, cell, open}) => {
      const box = await open("circle");
      const hint = page.locator(`#${await box.getAttribute("aria-describedby")}`);
      assert.match((await hint.textContent())!, /Esc leaves the editor/);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "textbox", "Tab indents");
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Run");
      await page.keyboard.press("Tab");
      assert.notEqual(await page.evaluate(() => document.activeElement?.getAttribute("role")), "textbox");
      assert.ok(await cell("circle").getByRole("textbox").isVisible(), "it stays open");
    }));

  it("completes the page's names, the library's with their documentation, and members", () =>
    teach(async ({page, write, cell}) => {
      const options = async () => {
        await page.locator(".cm-tooltip-autocomplete li").first().waitFor();
        return (await page.locator(".cm-tooltip-autocomplete li .cm-completionLabel").allTextContents()).join();
      };
      await write("expression", "");
      await page.keyboard.type("radi");
      assert.match(await options(), /radius/);
      await write("expression", "");
      await page.keyboard.type("makeSched");
      assert.match(await options(), /makeSchedule/);
      await page.waitForTimeout(150); // the arrows do nothing right after the list shows
      await page.keyboard.press("ArrowDown");
      await page.locator(".cm-completionInfo").waitFor();
      assert.match((await page.locator(".cm-completionInfo").textContent())!, /schedule/i);
      await page.waitForTimeout(150); // a completion is not taken right after it shows
      await page.keyboard.press("Enter");
      const text = await cell("expression").getByRole("textbox").innerText();
      assert.match(text, /^import \{makeSchedule\} from ".\/lib\/schedule.js";\s+makeSchedule$/);
      await write("expression", "");
      await page.keyboard.type("fruits.redu");
      assert.match(await options(), /reduce/);
      await page.keyboard.press("Escape");
      assert.equal(
        await page.evaluate(() => document.activeElement?.getAttribute("role")),
        "textbox",
        "Esc closes the list first"
      );
    }));

  it("works on a phone", async () => {
    const cells = await openCells(browser, `${site.url}teach.html`, phone);
    await cells.cell("circle").locator("pre").first().tap();
    await cells.run("circle", "const radius = 4, area = 0;");
    assert.match(await cells.text(), /A circle of radius 4 has the area 0.00/);
    for (const name of ["Run", "Reset", "Share"]) {
      const {width, height} = (await cells.cell("circle").getByRole("button", {name, exact: true}).boundingBox())!;
      assert.ok(height >= 40 && width >= 40, `${name} is ${width} by ${height}`);
    }
    const size = await cells
      .cell("circle")
      .getByRole("textbox")
      .evaluate((box) => getComputedStyle(box).fontSize);
    assert.equal(size, "16px", "else the phone zooms in");
    assert.ok(
      await cells.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      "no sideways scroll"
    );
    await cells.close();
  });
});
