import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {
  agreement,
  betweenCodes,
  decodeLatent,
  encodeLatent,
  gaussianCodeVariance,
  lerp,
  roundTrip,
  turn
} from "../../lib/latent.js";
import type {LatentRecord} from "../../lib/latent-record.js";
import {recordMiddle, recordTrip} from "../../lib/latent-record.js";
import {sampleMoments} from "../../lib/metrics/moments.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {toTheEnd} from "../../lib/to-the-end.js";

const schedule = makeSchedule("linear");
const ring = pointSet("ring8");
const denoiser = mixtureDenoiser(ring.mixture!, schedule);
const codes = seededRandom(1).normals(200);

describe("codes", () => {
  it("are read alike by DDIM with few steps and with many, and not by DDPM", () => {
    const read = (decoder: "ddim" | "ddpm", steps: number) =>
      toTheEnd(decodeLatent(decoder, denoiser, codes, {schedule, steps, seed: steps}));
    const ddim = agreement(ring.mixture!, read("ddim", 20), read("ddim", 100));
    const ddpm = agreement(ring.mixture!, read("ddpm", 20), read("ddpm", 100));
    assert.ok(ddim.same === 1 && ddim.rms < 0.2, `DDIM: ${ddim.same}, ${ddim.rms}`);
    assert.ok(ddpm.same < 0.4 && ddpm.rms > 0.8, `DDPM: ${ddpm.same}, ${ddpm.rms}`);
  });

  it("come back from data and lead there again, nearer with more steps; DDPM loses them", () => {
    const x0 = ring.sample(100, seededRandom(2));
    const trip = (decoder: "ddim" | "ddpm", steps: number) =>
      toTheEnd(roundTrip(decoder, denoiser, x0, {schedule, steps, at: "source", seed: 3}));
    const [few, many, lost] = [trip("ddim", 10), trip("ddim", 50), trip("ddpm", 50)];
    assert.ok(many.error < few.error / 2, `${few.error}, ${many.error}`);
    assert.ok(few.variance < many.variance && many.variance < 1.1, `${few.variance}, ${many.variance}`);
    assert.ok(lost.error > 0.5, `DDPM returns with ${lost.error}`);
  });

  it("of Gaussian data have the variance that the formula gives", () => {
    const gaussian = mixtureDenoiser({weights: [1], means: [[0, 0]], stds: [0.7]}, schedule);
    const x0 = seededRandom(4)
      .normals(400)
      .map((z) => 0.7 * z);
    for (const steps of [10, 50]) {
      const code = toTheEnd(encodeLatent(gaussian, x0, {schedule, steps, at: "source"}));
      const ratio = sampleMoments(code).covariance[0] / sampleMoments(x0).covariance[0];
      const expected = gaussianCodeVariance(0.49, {schedule, steps}) / 0.49;
      assert.ok(Math.abs(ratio / expected - 1) < 1e-9, `S = ${steps}: ${ratio}, not ${expected}`);
      assert.ok(gaussianCodeVariance(1, {schedule, steps}) < 1, "the code is not too small");
    }
  });
});

describe("between codes", () => {
  const [a, b] = [seededRandom(5).normals(4000), seededRandom(6).normals(4000)];
  const varianceOf = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0) / x.length;

  it("both ways begin and end at the codes", () => {
    for (const way of [lerp, turn]) {
      betweenCodes(way, a, b, 0).forEach((value, i) => assert.ok(Math.abs(value - a[i]) < 1e-12, `number ${i}`));
      betweenCodes(way, a, b, 1).forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-12, `number ${i}`));
    }
  });

  it("the straight way has half of the variance in its middle, the way around the origin (4 + pi) / 8", () => {
    assert.ok(Math.abs(varianceOf(betweenCodes(lerp, a, b, 0.5)) - 0.5) < 0.03, "not a half");
    const around = varianceOf(betweenCodes(turn, a, b, 0.5));
    assert.ok(Math.abs(around - (4 + Math.PI) / 8) < 0.04, `around the origin it is ${around}`);
  });
});

describe("the recorded numbers of /latent", () => {
  const record = JSON.parse(readFileSync("src/data/latent.json", "utf8")) as LatentRecord;
  const {seeds, count} = record.settings;
  const seed = seeds[0];
  const near = (value: number, recorded: number) =>
    assert.ok(Math.abs(value - recorded) <= 1e-4 * Math.abs(recorded), `it is ${value} now, and was ${recorded}`);

  it("are what the library measures", () => {
    near(recordMiddle("lerp", {seed, count}).variance, record.middles.lerp[0].variance);
    const trip = recordTrip("ddim", {at: "source", steps: 10, seed, count});
    near(trip.error, record.trips["ddim source 10"][0].error);
    near(trip.variance, record.trips["ddim source 10"][0].variance);
  });

  it("say what the page says: codes keep their mode under DDIM only", () => {
    assert.ok(
      record.consistency["ddim 5"].every(({same}) => same > 0.95),
      "DDIM does not keep it"
    );
    assert.ok(
      record.consistency["ddpm 50"].every(({same}) => same < 0.25),
      "DDPM keeps it"
    );
  });
});
