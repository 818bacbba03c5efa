import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {sampleDdim} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import type {Lab} from "./lab.js";
import {openBundle, openLab} from "./lab.js";
import {openBrowser} from "./site.js";
import {makeNetwork, trainMoons} from "./training-page.js";
import type * as lab from "./training-page.js";

// The policy that the site is fit for: no request to another host, wasm and shaders allowed.
const policy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self' data:; connect-src 'self'";

/**
 * 20 steps of 64 points that predict noise. Over seeds 0 to 11 the loss begins at 0.81 to 0.95, and the mean of the last 8
 * steps is 0.309 to 0.370, with a standard deviation of 0.018: 0.42 is five of them above the mean.
 */
const run = {steps: 20, batch: 64};
const lossBand = 0.42;

// The launches of a step do not depend on the machine. What tfjs takes is not ours to lower, but a page that makes it
// more would be slower on every graphics card. Our own shaders: see speed.test.ts.
const mostLaunches = {wasm: 0, webgl: 310, webgpu: 195};

type Functions = typeof lab;

const head = `<meta http-equiv=Content-Security-Policy content="${policy}">`;
const [{url}, browser] = await Promise.all([openBundle("training-page.ts", head), openBrowser()]);
const labs = new Map<string, Promise<Lab<Functions>>>();

/** Calls a function of training-page.ts in the page of its backend, whose shaders are compiled only once. */
async function onBackend<K extends "train" | "sample" | "predictBothWays">(
  name: K,
  ...input: Parameters<Functions[K]>
): Promise<Awaited<ReturnType<Functions[K]>>> {
  const [backend] = input;
  if (!labs.has(backend)) labs.set(backend, openLab(browser, url));
  return (await labs.get(backend)!).ask(name, ...input);
}

/** Calls one of them in a page of its own, for what takes the graphics card away. */
async function inPage<K extends keyof Functions>(
  name: K,
  args: Parameters<Functions[K]>,
  allowed?: RegExp
): Promise<Awaited<ReturnType<Functions[K]>>> {
  const {page, ask} = await openLab<Functions>(browser, url, allowed);
  try {
    return await ask(name, ...args);
  } finally {
    await page.close();
  }
}

function assertNear(actual: number[], expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < tolerance, `${what} ${i}: ${value} is not ${expected[i]}`);
  });
}

/** The same run in Node, on the plainest backend. */
async function referenceRun(): Promise<{losses: number[]; initial: number[][]}> {
  await tf.useBackend("cpu");
  const network = makeNetwork();
  const initial = (await network.save()).weights.map((w) => Array.from(w));
  const losses = (await trainMoons(network, run)).map(({loss}) => loss);
  network.dispose();
  return {losses, initial};
}

describe("training in a browser", () => {
  let reference: Awaited<ReturnType<typeof referenceRun>>;

  before(async () => {
    reference = await referenceRun();
  });

  for (const name of ["wasm", "webgl", "webgpu"] as const) {
    it(`learns on ${name} as it does in Node, and leaves no tensors`, async (t) => {
      const result = await onBackend("train", name, run);
      t.diagnostic(`${name}: ${result.rate.toFixed(1)} steps/s, ${result.launches.toFixed(1)} launches a step`);
      assert.equal(result.name, name, result.reason);
      result.initial.forEach((w, i) => assertNear(w, reference.initial[i], 1e-6, `weight array ${i}, number`));
      assertNear(result.losses.slice(0, 1), reference.losses.slice(0, 1), 1e-3, "the loss of report");
      assertNear(result.losses, reference.losses, 0.02, "the loss of report");
      const [a, b] = result.losses.slice(-2);
      assert.ok(
        result.losses[0] > 0.7 && (a + b) / 2 < lossBand,
        `the loss went from ${result.losses[0]} to ${(a + b) / 2}`
      );
      assert.deepEqual([result.held, ...result.leaked], [16, 0, 0]);
      const [launches, most] = [result.launches, mostLaunches[name]];
      assert.ok(launches <= most && launches >= most / 2, `a step takes ${launches} launches; the limit is ${most}`);
    });
  }

  it("stops at once and leaves no tensors when it is aborted", async () => {
    const {losses, held, leaked} = await onBackend("train", "webgl", {steps: 1000, batch: 16, stopAt: 8});
    assert.equal(losses.length, 2);
    assert.deepEqual([held, ...leaked], [16, 0, 0]);
  });
});

describe("sampling in a browser", () => {
  const schedule = makeSchedule("linear");
  const denoiser = mixtureDenoiser(pointSet("ring8").mixture!, schedule);
  const options = {schedule, timesteps: timestepList("trailing", {timesteps: 1000, steps: 10}), eta: 1, seed: 5};
  const expected = [...sampleDdim(denoiser, seededRandom(2).normals(100), options)].map(({x}) => x);

  it("starts from the same x_T on every backend and follows the float64 sampler, noise included", async () => {
    const starts: number[][] = [];
    for (const name of ["wasm", "webgl", "webgpu"] as const) {
      const states = await onBackend("sample", name);
      assert.equal(states.length, expected.length);
      states.forEach((state, i) =>
        assertNear(state, expected[i], i === 0 ? 1e-12 : 2e-4, `${name}, state ${i}, number`)
      );
      starts.push(states[0]);
    }
    assert.deepEqual(starts[1], starts[0]);
    assert.deepEqual(starts[2], starts[0]);
  });

  it("agrees with the network in plain numbers", async () => {
    for (const name of ["wasm", "webgl", "webgpu"] as const) {
      const {plain, inTime, atOnce, tensors} = await onBackend("predictBothWays", name);
      assertNear(inTime, plain, 1e-3, `number on ${name}`);
      if (name === "webgpu") assert.match(String(atOnce), /cannot be read from WebGPU at once: use plainNetwork/);
      else assertNear(atOnce as number[], inTime, 1e-6, `number on ${name}`);
      assert.equal(tensors, 0);
    }
  });
});

describe("a lost graphics card", () => {
  const lossWarnings = /CONTEXT_LOST_WEBGL|device was lost|A valid external Instance reference no longer exists/i;

  for (const name of ["webgl", "webgpu"] as const) {
    it(`lets training go on, on a restarted ${name}`, async () => {
      const {reports, messages, samples, tensors, backend} = await inPage(
        "lose",
        [name, 1, {steps: 6, batch: 16}],
        lossWarnings
      );
      const restarts = reports.filter(({restarted}) => restarted !== undefined);
      assert.equal(restarts.length, 1);
      assert.match(
        restarts[0].restarted!,
        new RegExp(`the graphics card stopped ${name}; going on from step [02]: running on ${name}`)
      );
      assert.match(messages.join(), new RegExp(`^The graphics card stopped ${name}.*Run this again`));
      assert.equal(reports.at(-1)!.step, 6);
      for (const {loss, restarted} of reports) assert.equal(Number.isFinite(loss), restarted === undefined);
      assert.equal(backend, name);
      assert.equal(samples.length, 20);
      assert.ok(samples.every(Number.isFinite));
      assert.equal(tensors, 0);
    });

    it(`is told to a sampler on ${name}, which gives the same points once the weights are loaded again`, async () => {
      const result = await inPage("loseWhileSampling", [name], lossWarnings);
      assert.deepEqual([result.error, result.wasLost, result.restarted], ["BackendLost", true, name]);
      assertNear(result.again, result.expected, 1e-5, "number");
      assert.equal(result.tensors, 0);
    });
  }

  it("is left for the next backend when it is lost again and again", async () => {
    const {reports, tensors} = await inPage("lose", ["webgl", 3, {steps: 8, batch: 16}], lossWarnings);
    const last = reports.filter(({restarted}) => restarted !== undefined).at(-1)!;
    assert.match(last.restarted!, /webgl does not start: the graphics card stopped it three times; running on webgpu/);
    assert.equal(last.backend, "webgpu");
    assert.deepEqual([reports.at(-1)!.step, reports.at(-1)!.backend, tensors], [8, "webgpu", 0]);
  });
});

describe("the choice of a backend", () => {
  it("measures each one there is, and starts the fastest", async (t) => {
    const {name, reason, trials} = await inPage("pick", []);
    t.diagnostic(reason);
    const measured = trials.filter(({stepsPerSecond}) => stepsPerSecond !== undefined);
    assert.deepEqual(
      measured.map((trial) => trial.name),
      ["webgpu", "webgl", "wasm"]
    );
    const best = measured.reduce((a, b) => (a.stepsPerSecond! > b.stepsPerSecond! ? a : b));
    assert.equal(name, best.name);
    assert.ok(reason.startsWith(`${name} is the fastest here`));
  });
});
