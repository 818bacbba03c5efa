import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {chainRuns, clipRuns, noiseRuns} from "../../lib/ddpm-record.js";
import type {DdpmRecord} from "../../src/components/ddpm-rows.js";
import {recordedText} from "../../src/components/ddpm-rows.js";
import {assertNear} from "./near.js";

const recorded = JSON.parse(readFileSync("src/data/ddpm.json", "utf8")) as DdpmRecord;
const tables = {...noiseRuns(recorded.settings), ...clipRuns(recorded.settings), ...chainRuns(recorded.settings)};
const mean = (cell: string, measure: "inside" | "ratio" | "distance") => recorded.cells[cell][measure].mean!;

describe("the record of /ddpm", () => {
  it("has the cells that the script makes, and no other", () => {
    assert.deepEqual(Object.keys(recorded.cells).sort(), Object.keys(tables).sort());
  });

  for (const cell of [
    "ring8 data",
    "ring8 beta 10",
    "ring8 none 20",
    "radius 0.7 error 0.1 clipped",
    "chain 50 0.02 ddim"
  ]) {
    it(`has for “${cell}” what the library measures now`, () => {
      for (const [measure, {mean, sd}] of Object.entries(tables[cell]())) {
        const kept = recorded.cells[cell][measure as "ratio"];
        assertNear(mean, kept.mean!, 1e-4, `the mean of ${measure}`);
        assertNear(sd, kept.sd!, 1e-4, `the spread of ${measure}`);
      }
    });
  }

  it("shows what the page says of it", () => {
    assert.ok(mean("ring8 none 1000", "ratio") < 0.6, "without noise the modes are thin");
    assert.ok(mean("ring8 none 1000", "inside") > mean("ring8 data", "inside"), "and more points lie in them");
    assert.ok(mean("tri none 1000", "distance") > 5 * mean("tri tilde 1000", "distance"), "one mode has swallowed all");
    assert.equal(mean("ring8 beta 100", "inside").toFixed(2), "0.98", "what /objective says of the exact denoiser");
    for (const steps of [20, 50, 100]) {
      const [leading, trailing] = [`ring8 leading beta ${steps}`, `ring8 beta ${steps}`].map((name) =>
        mean(name, "ratio")
      );
      assert.ok(leading > 1.2 * trailing, `S = ${steps}: the large variance is too noisy on a leading list`);
    }
    const [free, clipped] = ["free", "clipped"].map((way) => mean(`radius 0.7 error 0.1 ${way}`, "distance"));
    assert.ok(clipped < free / 2, "clipping rescues data in the box");
    const [far, moved] = ["free", "clipped"].map((way) => mean(`radius 1.8 error 0 ${way}`, "distance"));
    assert.ok(moved > 2 * far, "and spoils data outside");
    assert.ok(mean("chain 50 0.02 ddpm", "inside") > 0.98 && mean("chain 50 0.02 ddim", "inside") < 0.5, "the trap");
  });

  it("is written with its spread, and with a dash where nothing could be measured", () => {
    assert.match(recordedText(recorded, "ring8 data", "inside"), /^9\d\.\d%\s±\s0\.\d/);
    assert.equal(recordedText(recorded, "ring8 none 10", "ratio"), "–");
  });
});
