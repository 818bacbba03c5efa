import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {unpackWeights} from "../../lib/packed-weights.js";
import {plainNetwork} from "../../lib/plain-network.js";
import {last, sampleDdim} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import type {RecordedTraining} from "../../src/components/training-samples.js";
import {snapshotNoise} from "../../src/components/training-samples.js";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../src/data/${name}`, import.meta.url), "utf8"));
const recorded = read("training.json") as RecordedTraining;

describe("the recorded training", () => {
  it("ends with the samples that its network makes with the library as it is now", () => {
    const schedule = makeSchedule(recorded.schedule);
    const denoiser = plainNetwork(unpackWeights(read("training-weights.json")));
    const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: recorded.samplingSteps});
    const {x} = last(sampleDdim(denoiser, snapshotNoise(), {schedule, timesteps}));
    const {step, points} = recorded.snapshots.at(-1)!;
    assert.equal(step, recorded.steps);
    const off = Array.from(points, (value, i) => Math.abs(value - x[i])).sort((a, b) => a - b);
    assert.ok(off[Math.floor(0.95 * off.length)] < 0.01, "95% of the coordinates lie within 0.01");
  });

  it("reports its loss in order, and the loss falls", () => {
    const {losses, steps} = recorded;
    losses.forEach(([step, loss], i) => assert.ok(loss > 0 && step > (losses[i - 1]?.[0] ?? 0)));
    assert.equal(losses.at(-1)![0], steps);
    const mean = (part: typeof losses) => part.reduce((sum, [, loss]) => sum + loss, 0) / part.length;
    assert.ok(mean(losses.slice(-20)) < 0.95 * mean(losses.slice(0, 5)));
  });
});
