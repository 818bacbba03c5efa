import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {seededRandom} from "../../lib/random.js";
import type {SampleStep} from "../../lib/sampler.js";
import {denoiserOf} from "../../src/components/digit-code.js";
import {invert} from "../../src/components/digit-inversion.js";
import {apart, digitTimes, runDigits, secondsText} from "../../src/components/digit-run.js";
import {latest} from "../../src/components/latest.js";
import {fakeDigits} from "./digit-fake.js";
import {assertAllNear, assertNear} from "./near.js";

const xT = seededRandom(1).normals(2 * 784);
const labels = [3, 7];
const signal = new AbortController().signal;
const usual = () => ({denoiser: denoiserOf({}, fakeDigits(), labels, 1), xT, steps: 10, signal});

describe("runDigits(options)", () => {
  it("takes noise to the digits that the labels ask for, by either sampler", async () => {
    for (const sampler of ["ddim", "ddpm"] as const) {
      const {x} = (await runDigits({...usual(), sampler, steps: 100}))!;
      const mean = (k: number) => x.subarray(784 * k, 784 * (k + 1)).reduce((sum, value) => sum + value / 784, 0);
      assertNear(mean(0), 0.3, 0.06, `the mean of ${sampler}'s 3`);
      assertNear(mean(1), 0.7, 0.06, `the mean of ${sampler}'s 7`);
    }
  });

  it("gives the same digits for the same noise by DDIM, and others by DDPM or with an eta", async () => {
    const twice = async (options: {sampler: "ddim" | "ddpm"; eta?: number}) => {
      const runs = [
        await runDigits({...usual(), ...options, seed: 1}),
        await runDigits({...usual(), ...options, seed: 2})
      ];
      return apart(runs[0]!.x, runs[1]!.x);
    };
    assert.equal(await twice({sampler: "ddim"}), 0);
    assert.ok((await twice({sampler: "ddim", eta: 0.5})) > 0.1, "eta brings other noise");
    assert.ok((await twice({sampler: "ddpm"})) > 0.1, "DDPM draws on the way");
  });

  it("counts evaluations for each digit, and shows each state once", async () => {
    const states: SampleStep[] = [];
    const denoiser = denoiserOf({}, fakeDigits(), labels, 2);
    const run = await runDigits({...usual(), denoiser, sampler: "ddim", onState: (state) => states.push(state)});
    assert.equal(run!.evaluations, 20);
    assert.deepEqual(
      states.map(({index}) => index),
      Array.from({length: 11}, (_, k) => k)
    );
    assert.ok(run!.seconds > 0, "it took some time");
  });

  it("uses the reader's step for DDIM, and blames its cell for what is not finite", async () => {
    const plain = (await runDigits({...usual(), sampler: "ddim"}))!;
    const same = await runDigits({
      ...usual(),
      sampler: "ddim",
      code: {
        ddimStep: ({x, epsilon, alphaBar, alphaBarPrev}) =>
          (Math.sqrt(alphaBarPrev) * (x - Math.sqrt(1 - alphaBar) * epsilon)) / Math.sqrt(alphaBar) +
          Math.sqrt(1 - alphaBarPrev) * epsilon
      }
    });
    assertAllNear(same!.x, plain.x, 1e-6);
    const bad = runDigits({...usual(), sampler: "ddim", code: {ddimStep: () => Infinity}});
    await assert.rejects(bad, /The cell “ddim-step” stopped: step 1 made numbers that are not finite/);
  });

  it("ends without a result when it is stopped", async () => {
    const job = new AbortController();
    const run = await runDigits({
      ...usual(),
      sampler: "ddpm",
      signal: job.signal,
      onState: ({index}) => void (index === 3 && job.abort())
    });
    assert.equal(run, undefined);
  });
});

describe("invert(options)", () => {
  const x0 = seededRandom(5)
    .normals(784)
    .map((value) => 0.3 + 0.5 * value);
  const with3 = (w: number) => denoiserOf({}, fakeDigits(), [3], w);
  const error = async (steps: number) =>
    (await invert({x0, steps, encoder: with3(1), decoder: with3(1), signal}))!.error;

  it("comes back nearer with more steps", async () => {
    const errors = [await error(10), await error(40), await error(160)];
    assert.ok(errors[0] > 4 * errors[1] && errors[1] > 4 * errors[2], String(errors));
  });

  it("gives noise of mean 0 and standard deviation 1 for a digit of the data", async () => {
    const {latent} = (await invert({x0, steps: 200, encoder: with3(1), decoder: with3(1), signal}))!;
    const mean = latent.reduce((sum, value) => sum + value / 784, 0);
    const variance = latent.reduce((sum, value) => sum + (value - mean) ** 2 / 784, 0);
    assertNear(mean, 0, 0.1, "the mean");
    assertNear(Math.sqrt(variance), 1, 0.1, "the standard deviation");
  });

  it("makes another digit when another is asked for on the way back", async () => {
    const decoder = denoiserOf({}, fakeDigits(), [9], 1);
    const {decoded} = (await invert({x0, steps: 100, encoder: with3(1), decoder, signal}))!;
    const shift = decoded.reduce((sum, value, i) => sum + (value - x0[i]) / 784, 0);
    assertNear(shift, 0.6, 0.05, "what the label changes");
  });
});

describe("latest(work)", () => {
  it("does the first and the last of what comes while it works, one at a time", async () => {
    const done: number[] = [];
    let finish = () => {};
    const ask = latest(async (value: number) => {
      done.push(value);
      await new Promise<void>((resolve) => (finish = resolve));
    });
    for (const value of [1, 2, 3]) ask(value);
    assert.deepEqual(done, [1]);
    finish();
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual(done, [1, 3]);
    finish();
    await new Promise((resolve) => setTimeout(resolve));
    ask(4);
    assert.deepEqual(done, [1, 3, 4]);
  });
});

describe("digitTimes(steps) and secondsText(seconds)", () => {
  it("start at pure noise, and read well", () => {
    assert.deepEqual(digitTimes(4), [999, 749, 499, 249]);
    assert.equal(secondsText(0.3204), "320 ms");
    assert.equal(secondsText(14.21), "14.2 s");
  });
});
