import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {BrowserContext} from "playwright-core";
import type {CellPage} from "./cells.js";
import {openCells} from "./cells.js";
import type {Program} from "./live-cell-corpus.js";
import {allPrograms, heldPrograms, oracle, quickPrograms, waitingPrograms} from "./live-cell-corpus.js";
import {drive, wrongWith} from "./live-cell-drive.js";
import {openSiteAndBrowser} from "./site.js";

const [{site, browser}, quick] = await Promise.all([openSiteAndBrowser(), quickPrograms()]);

const ofKind = (kind: Program["kind"]) => quick.filter((program) => program.kind === kind && !program.alone);

/** The page in a context of its own, where code may hold it for 0.25 s instead of 3 s: see looping.ts. */
async function hasty(): Promise<BrowserContext> {
  const context = await browser.newContext();
  await context.route("**/teach.html", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("<html", '<html data-longest-hold="250"');
    await route.fulfill({response, body});
  });
  return context;
}

/** Puts programs through a cell of one page, and asserts that each comes to what it must, and that the page is well after. */
async function through(programs: Program[], context?: BrowserContext): Promise<void> {
  context ??= await browser.newContext();
  const cells = await openCells(context, `${site.url}teach.html`);
  try {
    const wrong: string[] = [];
    for (let i = 0; i < programs.length; i += 40) wrong.push(...(await drive(cells.page, programs.slice(i, i + 40))));
    assert.deepEqual(wrong, []);
  } finally {
    await cells.close();
    await context.close();
  }
}

describe("the corpus", () => {
  it("has at least 500 programs, none twice, and enough of each kind", async () => {
    const all = await allPrograms();
    assert.equal(new Set(all.map(({source}) => source)).size, all.length, "a program is there twice");
    const count = (kind: Program["kind"]) => all.filter((program) => program.kind === kind).length;
    const least = {valid: 180, broken: 120, throwing: 60, refused: 40, looping: 30, hostile: 30} as const;
    for (const [kind, at] of Object.entries(least))
      assert.ok(count(kind as Program["kind"]) >= at, `only ${count(kind as Program["kind"])} are ${kind}`);
    assert.ok(all.length >= 500, `only ${all.length}`);
  });
});

describe("a cell", () => {
  it("shows what Node shows for the same program without its types", async () => {
    const programs = await Promise.all(
      ofKind("valid").map(async (program) =>
        program.expect === "oracle" ? {...program, expect: {value: await oracle(program.source)}} : program
      )
    );
    await through(programs);
  });

  it("says what is wrong in broken syntax, at its line", () => through(ofKind("broken")));

  it("shows what is thrown, at its line, now or later", () => through(ofKind("throwing")));

  it("refuses with a sentence what is more than types, and what would break the page", () =>
    through(ofKind("refused")));

  it("survives what is hostile", () => through(ofKind("hostile")));

  it("stops what goes on, when asked", () => through(waitingPrograms));

  it("stops when its time is up whatever holds the page", async () => {
    const programs = heldPrograms.filter(({alone}) => !alone);
    const half = Math.ceil(programs.length / 2);
    await Promise.all([through(programs.slice(0, half), await hasty()), through(programs.slice(half), await hasty())]);
  });
});

describe("a page that a program has changed for good", () => {
  it("still runs its cells", async () => {
    for (const program of quick.filter(({alone}) => alone)) await through([program]);
    for (const program of heldPrograms.filter(({alone}) => alone)) await through([program], await hasty());
  });
});

describe("a slow regular expression", () => {
  it("holds the page until it ends, since nothing can stop it; then its value is there", async () => {
    const context = await browser.newContext();
    const cells = await openCells(context, `${site.url}teach.html`);
    try {
      const seconds = async (n: number) => {
        const start = Date.now();
        await cells.run("expression", `/^(a+)+$/.test("${"a".repeat(n)}b")`);
        assert.equal(await cells.output("expression"), "false");
        return (Date.now() - start) / 1000;
      };
      let n = 22;
      while ((await seconds(n)) < 0.8 && n < 34) n++; // however fast the machine
      assert.equal(await cells.alert("expression"), null);
    } finally {
      await cells.close();
      await context.close();
    }
  });
});

describe("by the keyboard", () => {
  it("the same comes of a sample of 25", async () => {
    const cells: CellPage = await openCells(browser, `${site.url}teach.html`);
    try {
      const sample = quick.filter(({kind, alone}) => kind !== "hostile" && !alone);
      for (let i = 0; i < 25; ++i) {
        const program = sample[Math.floor((i * sample.length) / 25)];
        const expect = program.expect === "oracle" ? {value: await oracle(program.source)} : program.expect;
        await cells.run("expression", program.source);
        await cells.page.waitForTimeout(program.wait ?? 0);
        const alert = await cells.alert("expression");
        const shown = await cells.cell("expression").locator(".live-cell-output").textContent();
        const outcome = alert !== null && !program.wait ? "failed" : "done";
        assert.equal(wrongWith({...program, expect}, {outcome, alert, shown: shown ?? ""}), null);
      }
      await cells.press("expression", "Reset");
      assert.match(await cells.output("expression"), /1.*4.*9/s);
    } finally {
      await cells.close();
    }
  });
});
