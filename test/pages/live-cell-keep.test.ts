import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {describe, it} from "node:test";
import {deflateRawSync} from "node:zlib";
import type {BrowserContext} from "playwright-core";
import type {CellPage} from "./cells.js";
import {openCells, openTeach, settle} from "./cells.js";

const {browser, site, url, teach} = await openTeach();

/** Several visits of one reader, whose browser keeps what it keeps. */
async function visits(
  use: (visit: (address?: string) => Promise<CellPage>, context: BrowserContext) => Promise<void>
): Promise<void> {
  const context = await browser.newContext();
  try {
    await use((address = url) => openCells(context, address), context);
  } finally {
    await context.close();
  }
}

const stored = ({page}: CellPage) => page.evaluate(() => JSON.stringify({...localStorage}));

const linkOf = async ({cell, press}: CellPage, name: string): Promise<string> => {
  await press(name, "Share");
  const link = cell(name).getByRole("link", {name: "The link"});
  await link.waitFor();
  return (await link.getAttribute("href"))!;
};

describe("an edit", () => {
  it("is there and has run after a reload, and Reset forgets it", () =>
    visits(async (visit) => {
      const first = await visit();
      await first.run("circle", "const radius = 11;\nconst area = 1;");
      await first.close();
      const second = await visit();
      await second.page.getByText("A circle of radius 11").waitFor();
      assert.match(await second.cell("circle").getByRole("textbox").innerText(), /radius = 11/);
      await second.press("circle", "Reset");
      assert.match(await second.text(), /A circle of radius 2/);
      await second.close();
      const third = await visit();
      assert.match(await third.text(), /A circle of radius 2/);
      assert.equal(await third.cell("circle").getByRole("textbox").count(), 0);
    }));

  it("that was only typed comes back as text, and is not run", () =>
    visits(async (visit) => {
      const first = await visit();
      await first.write("circle", "const radius = 12, area = 1;");
      await first.close();
      const second = await visit();
      await second.cell("circle").getByText("Your edit is here. It has not been run.").waitFor();
      assert.match(await second.text(), /A circle of radius 2/);
      await second.press("circle", "Run it");
      assert.match(await second.text(), /A circle of radius 12/);
    }));

  it("that did not end last time is not run again by itself", () =>
    visits(async (visit) => {
      const first = await visit();
      await first.write(
        "circle",
        "document.title = 'runs';\nconst radius = 13, area = 1;\nawait new Promise(() => {});"
      );
      await first.page.keyboard.press("Shift+Enter");
      await first.page.waitForFunction(() => document.title === "runs");
      await first.close();
      const second = await visit();
      await second.cell("circle").getByText("it did not come to its end last time").waitFor();
      await second.page.waitForTimeout(300);
      assert.notEqual(await second.page.title(), "runs");
    }));

  it("of code that the author has changed is shown beside the new code, and the reader chooses", async () => {
    for (const choice of ["Take my edit", "Take the page’s code"])
      await visits(async (visit) => {
        const first = await visit();
        await first.run("circle", "const radius = 14, area = 1;");
        await first.page.evaluate(() => {
          for (const [key, value] of Object.entries(localStorage))
            localStorage.setItem(key, JSON.stringify({...JSON.parse(value), default: "const radius = 1;"}));
        });
        await first.close();
        const second = await visit();
        const {cell} = second;
        await cell("circle").getByText("The page’s own code has changed").waitFor();
        assert.match(await second.text(), /A circle of radius 2/, "the page's code runs");
        const changes = await cell("circle").locator(".live-cell-changes").innerText();
        assert.match(changes, /- const radius = 2;/);
        assert.match(changes, /\+ const radius = 14, area = 1;/);
        assert.match(await stored(second), /radius = 14/, "nothing is lost before the choice");
        await second.press("circle", choice);
        assert.match(
          await cell("circle").getByRole("textbox").innerText(),
          choice === "Take my edit" ? /= 14/ : /= 2;/
        );
        if (choice === "Take the page’s code") assert.doesNotMatch(await stored(second), /radius = 14/);
      });
  });

  it("is left aside with ?safe, and still kept", () =>
    visits(async (visit) => {
      const first = await visit();
      await first.run("circle", "const radius = 15, area = 1;");
      await first.close();
      const safe = await visit(`${url}?safe`);
      assert.match(await safe.text(), /A circle of radius 2/);
      await safe.run("circle");
      await safe.cell("circle").getByText("This visit leaves your edit aside").waitFor();
      assert.match(await stored(safe), /radius = 15/);
      await safe.press("circle", "Show my edit");
      assert.match(await safe.cell("circle").getByRole("textbox").innerText(), /= 15/);
    }));

  for (const [what, fault] of [
    ["full", "QuotaExceededError"],
    ["switched off", "SecurityError"]
  ]) {
    it(`is said once not to be kept when the storage is ${what}, and the page works on`, () =>
      teach(async ({page, run, text, cell}) => {
        await page.evaluate((name) => {
          Storage.prototype.setItem = () => {
            throw new DOMException("no", name);
          };
        }, fault);
        await run("circle", "const radius = 3, area = 1;");
        await run("types", "const point = 1;");
        assert.match(await text(), /A circle of radius 3/);
        assert.equal(await page.getByText(/This browser does not keep your edits/).count(), 1);
        assert.match((await cell("circle").locator(".live-cell-notice").first().textContent())!, new RegExp(what));
      }));
  }
});

describe("a shared link", () => {
  it("holds the edits and the moved controls; opened, it shows what differs and runs and keeps nothing until told to", () =>
    visits(async (visit) => {
      const first = await visit(`${site.url}ddim.html`);
      await first.run(
        "step-list",
        "window.hostile = true;\nconst stepList = (steps: number) => [999, 500, 1].slice(0, steps);"
      );
      await first.cell("step-list").scrollIntoViewIfNeeded();
      await first.page.locator("#fig-noise-budget").getByRole("slider", {name: "eta"}).fill("0.4");
      const link = await linkOf(first, "step-list");
      assert.match(link, /ddim\.html#live=1\.[\w-]+$/);
      await first.close();
      await visits(async (other) => {
        const cells = await other(link);
        const {page} = cells;
        const panel = page.getByRole("region", {name: "Shared code"});
        await panel.waitFor();
        const words = await panel.innerText();
        assert.match(words, /\+ window\.hostile = true;/);
        assert.match(words, /noise-budget: eta = 0.4/);
        await page.waitForTimeout(500);
        const hostile = () => page.evaluate(() => (window as unknown as {hostile?: boolean}).hostile);
        assert.equal(await hostile(), undefined, "nothing has run");
        assert.equal(await stored(cells), "{}", "nothing is kept");
        await panel.getByRole("button", {name: "Run shared code"}).click();
        await page.waitForFunction(() => (window as unknown as {hostile?: boolean}).hostile);
        await page.waitForFunction(
          () => document.querySelector<HTMLInputElement>("#fig-noise-budget input[aria-label=eta]")?.value === "0.4"
        );
        assert.equal(await panel.count(), 0);
        assert.equal(new URL(page.url()).hash, "");
        assert.equal(await stored(cells), "{}", "it is kept only when the reader says so");
        await cells.press("step-list", "Keep it");
        assert.match(await stored(cells), /hostile/);
      });
    }));

  it("leaves the reader's own edit alone", () =>
    visits(async (visit) => {
      const mine = await visit();
      await mine.run("circle", "const radius = 21, area = 1;");
      await mine.close();
      const cells = await visit(`${url}${hashOf({circle: "const radius = 22, area = 1;"})}`);
      const {page} = cells;
      assert.match(await cells.text(), /A circle of radius 2 /, "nothing runs on opening");
      await page.getByRole("button", {name: "Run shared code"}).click();
      await page.getByText("A circle of radius 22").waitFor();
      await cells.cell("circle").getByText("Your own edit of this cell is still kept.").waitFor();
      await cells.press("circle", "Back to my edit");
      await page.getByText("A circle of radius 21").waitFor();
      assert.match(await stored(cells), /radius = 21/);
    }));

  it("is gone with Dismiss, and the reader's own edits are there", () =>
    visits(async (visit) => {
      const mine = await visit();
      await mine.run("circle", "const radius = 23, area = 1;");
      await mine.close();
      const cells = await visit(`${url}${hashOf({types: "document.title = 'shared';"})}`);
      await cells.page.getByRole("button", {name: "Dismiss"}).click();
      await cells.page.getByText("A circle of radius 23").waitFor();
      assert.notEqual(await cells.page.title(), "shared");
      assert.equal(new URL(cells.page.url()).hash, "");
    }));

  it("gets a clear sentence when it is damaged, of a future version, too long, or of cells that are gone", async () => {
    const good = hashOf({circle: "const radius = 1;"});
    for (const [hash, sentence] of [
      [good.slice(0, -6), /This link is damaged/],
      [good.replace("=1.", "=2."), /newer version of this site/],
      [`${good}${"A".repeat(20_000)}`, /longer than 16000 characters/],
      [hashOf({gone: "1"}), /no longer has gone.*Nothing in it differs/s]
    ] as const) {
      await visits(async (visit) => {
        const {page, text} = await visit(`${url}${hash}`);
        const panel = page.getByRole("region", {name: "Shared code"});
        await panel.waitFor();
        assert.match(await panel.innerText(), sentence);
        await panel.getByRole("button", {name: "Dismiss"}).click();
        assert.match(await text(), /A circle of radius 2/);
      });
    }
  });

  it("is said to be needless when nothing differs, and too long when it is", () =>
    teach(async ({press, open, cell, write}) => {
      await open("circle");
      await press("circle", "Share");
      await cell("circle").getByText("Nothing on this page differs").waitFor();
      const noise = Array.from({length: 9000}, (_, i) => Math.sin(i).toString(36)).join("");
      await write("circle", `// ${noise.slice(0, 60_000)}`);
      await press("circle", "Share");
      await cell("circle").getByText("Your changes are too long for a link").waitFor();
    }));

  it("opens in a page that is open already", () =>
    teach(async ({page}) => {
      await page.evaluate((hash) => (location.hash = hash), hashOf({circle: "const radius = 9;"}));
      await page.getByRole("region", {name: "Shared code"}).waitFor();
    }));
});

describe("Download", () => {
  for (const [button, name] of [
    ["TypeScript file", "teach.ts"],
    ["Jupyter notebook", "teach.ipynb"]
  ]) {
    it(`saves the page's cells with the reader's edits as ${name}`, () =>
      teach(async ({page, run, cell, press}) => {
        await run("circle", "const radius = 31, area = 1;");
        await cell("circle").getByText("Download").click();
        const [download] = await Promise.all([page.waitForEvent("download"), press("circle", button)]);
        assert.equal(download.suggestedFilename(), name);
        const text = await readFile(await download.path(), "utf8");
        assert.match(text, /const radius = 31, area = 1;/);
        assert.match(text, /fruits/);
        if (name.endsWith(".ipynb")) assert.equal((JSON.parse(text) as {nbformat: number}).nbformat, 4);
        await settle(page);
      }));
  }
});

function hashOf(cells: Record<string, string>): string {
  return `#live=1.${deflateRawSync(JSON.stringify({cells, settings: {}})).toString("base64url")}`;
}
