import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import type {Held} from "../../tools/soak-measures.js";
import {countContexts, measureHeld, tolerances} from "../../tools/soak-measures.js";
import {verdict} from "../../tools/trend.js";
import {openSiteAndBrowser} from "./site.js";

/** What a page would do that forgets to free something, by the measure that must see it. */
const leaks: Record<keyof Held, string> = {
  heap: "kept.push(Array.from({length: 60_000}, (_, i) => ({i})))",
  nodes: "for (let i = 0; i < 60; ++i) kept.push(document.createElement('p'))",
  listeners: "for (let i = 0; i < 9; ++i) addEventListener('resize', () => kept.push(i))",
  documents: "kept.push(document.body.appendChild(document.createElement('iframe')))",
  tensors: "globalThis._tfengine = {memory: () => ({numTensors: kept.push(0)})}",
  workers: "kept.push(new Worker(URL.createObjectURL(new Blob(['onmessage = () => {}']))))",
  contexts: "kept.push(document.createElement('canvas').getContext('webgl'))"
};

const {site, browser} = await openSiteAndBrowser();
const page = await browser.newPage();

describe("what a soak measures", () => {
  before(async () => {
    await page.addInitScript(countContexts);
    await page.goto(`${site.url}references.html`);
    await page.evaluate("globalThis.kept = []");
    for (let i = 0; i < 2; ++i) await measureHeld(page); // a first look has the browser make things of its own
  });

  for (const measure of Object.keys(leaks) as (keyof Held)[])
    it(`sees that ${measure} are kept, and calls it no longer flat`, async () => {
      const values = [(await measureHeld(page))[measure]];
      for (let round = 0; round < 4; ++round) {
        await page.evaluate(`void (() => {${leaks[measure]}})()`);
        values.push((await measureHeld(page))[measure]);
      }
      const tolerance = tolerances(values.length)[measure];
      assert.equal(verdict(measure, values, {tolerance}).flat, false, values.join(", "));
    });
});
