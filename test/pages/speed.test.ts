import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {benchGoals} from "../../tools/bench-markdown.js";
import {openBench} from "../../tools/bench-browser.js";
import {desktop, openPage, openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();

const patience = {timeout: 240_000}; // on a busy machine

describe("the bench on /speed", () => {
  const visit = (use: (page: Page) => Promise<void>) =>
    openPage(browser, `${site.url}speed.html`, desktop, use).then((faults) => assert.deepEqual(faults, []));

  it("measures our kernels when asked to, and hands over what it has found", () =>
    visit(async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const root = page.locator("#fig-bench");
      await root.getByRole("combobox", {name: "what"}).selectOption("points.wasm");
      const heavy = () => asked.filter((url) => /bench-worker|vendor/.test(url)).length;
      assert.equal(heavy(), 0, "what measures is not loaded before it starts");
      await root.getByRole("button", {name: "Run the bench here"}).click();
      await root.locator("[role=status]").filter({hasText: /^Done: \d+ numbers/}).waitFor(patience); // prettier-ignore
      assert.ok(heavy() > 0, "the requests were watched");
      const text = await root.getByRole("row", {name: /^points, our kernels/}).textContent();
      assert.doesNotMatch(text!.replace("–", ""), /–/, "every column but the launches has a number");
      const download = page.waitForEvent("download");
      await root.getByRole("button", {name: "Save as JSON"}).click();
      const rows = JSON.parse(readFileSync(await (await download).path(), "utf8")) as {id: string; value: number}[];
      const quality = rows.find(({id}) => id === "points.wasm.swd_over_floor.1000")!.value;
      assert.ok(quality > 0.8 && quality < 1.5, `the samples are ${quality} floors away`);
    }));

  it("stops in the middle", () =>
    visit(async (page) => {
      const root = page.locator("#fig-bench");
      await root.getByRole("button", {name: "Run the bench here"}).click();
      const status = root.locator("[role=status]");
      await status.filter({hasText: /^Measuring points/}).waitFor(patience);
      await root.getByRole("button", {name: "Stop"}).click();
      await status.filter({hasText: /^Stopped/}).waitFor({timeout: 20_000});
      await root.getByRole("button", {name: "Run the bench here"}).waitFor();
    }));
});

// Those of tfjs's own operations: see training.test.ts, which trains on them anyway.
describe("the launches of a training step of points, which do not depend on the machine", () => {
  it("are no more than the bench allows, on each fused path that counts them", async () => {
    assert.ok(readdirSync("dist").includes("speed.html"), "the site has the page");
    const {ask} = await openBench(browser, site.url);
    const all = (await ask("paths", undefined)).points.filter(({counts}) => counts);
    const paths = all.filter(({id}) => !id.startsWith("tfjs_"));
    assert.ok(paths.length >= 1 && all.length >= paths.length + 2, "tfjs on WebGL and on WebGPU counts too");
    for (const {id, counts} of paths) {
      const limit = benchGoals[`points.${id}.${counts}`]?.reach ?? NaN;
      const {train} = await ask("begin", {subject: "points", path: id});
      assert.ok(train > 0 && train <= limit, `${id} takes ${train} ${counts} a step; the limit is ${limit}`);
      await ask("end", {subject: "points", path: id});
    }
  });
});
