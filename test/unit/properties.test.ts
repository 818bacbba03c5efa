import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import fc from "fast-check";
import {ddimCoefficients, ddimEncodeStep, ddimStep, etaLimit} from "../../lib/ddim.js";
import {ddpmCoefficients} from "../../lib/ddpm.js";
import {decodeWeights, encodeWeights} from "../../lib/digits/weights-file.js";
import {diffuse, diffuseOneStep, velocity} from "../../lib/forward.js";
import {packWeights, unpackWeights} from "../../lib/packed-weights.js";
import {initialPointWeights, plainNetwork} from "../../lib/plain-network.js";
import type {PointNetwork} from "../../lib/point-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {posteriorBetween} from "../../lib/posterior.js";
import type {Prediction} from "../../lib/prediction.js";
import {predictionViews} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import {respaceSchedule} from "../../lib/respace.js";
import {encodeDdim, last, sampleDdim} from "../../lib/sampler.js";
import type {Schedule, ScheduleName} from "../../lib/schedule.js";
import {alphaBarAt, makeSchedule, scheduleFromBetas} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import {createWasmPointNetwork} from "../../lib/wasm-point-network.js";

// Each over 10,000 cases. The seed is fixed, so that a failure is the same everywhere.
const many = {numRuns: 10_000, seed: 1};

const number = fc.double({min: -5, max: 5, noNaN: true});
const pair = fc.record({x0: fc.array(number, {minLength: 2, maxLength: 6}), seed: fc.nat(1e6)});
const level = fc.double({min: 1e-3, max: 0.999, noNaN: true});
const levels = fc.tuple(level, level).filter(([a, b]) => Math.abs(a - b) > 1e-4);
const prediction = fc.constantFrom<Prediction>("epsilon", "x0", "v");
const betas = fc.array(fc.double({min: 1e-6, max: 0.5, noNaN: true}), {minLength: 1, maxLength: 40});

function near(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(a.length, b.length, what);
  for (let i = 0; i < a.length; ++i) {
    const error = Math.abs(a[i] - b[i]) / (1 + Math.abs(b[i]));
    if (!(error <= tolerance)) assert.fail(`${what}: ${a[i]} is not ${b[i]}`);
  }
}

/** Clean points, and noise of the same shape. */
function drawn({x0, seed}: {x0: number[]; seed: number}): {x0: Float64Array; epsilon: Float64Array} {
  return {x0: Float64Array.from(x0), epsilon: seededRandom(seed).normals(x0.length)};
}

/** What a denoiser that knows the noise would say. */
function outputOf(prediction: Prediction, x0: Float64Array, epsilon: Float64Array, alphaBar: number): Float64Array {
  return prediction === "epsilon" ? epsilon : prediction === "x0" ? x0 : velocity(x0, epsilon, alphaBar);
}

describe("over 10,000 cases, the forward process", () => {
  it("has an alphaBar that falls, from below 1 to above 0, and is the product of its alphas", () => {
    const named = fc.record({
      name: fc.constantFrom<ScheduleName>("linear", "cosine", "scaled_linear", "sigmoid"),
      timesteps: fc.integer({min: 1, max: 60})
    });
    const any = fc.oneof(
      betas.map((list): Schedule => scheduleFromBetas(list)),
      named.map(({name, timesteps}) => makeSchedule(name, {timesteps}))
    );
    fc.assert(
      fc.property(any, ({timesteps, alphaBar, alpha, beta}) => {
        let product = 1;
        for (let t = 0; t < timesteps; ++t) {
          if (!(alphaBar[t] > 0 && alphaBar[t] < product)) assert.fail(`alphaBar[${t}] is ${alphaBar[t]}`);
          product *= alpha[t];
          near([alphaBar[t], alpha[t] + beta[t]], [product, 1], 1e-12, `t = ${t}`);
        }
      }),
      many
    );
  });

  it("in steps has the mean and the variance of the jump", () => {
    fc.assert(
      fc.property(betas, number, (list, x0) => {
        const schedule = scheduleFromBetas(list);
        let [mean, variance] = [x0, 0];
        for (const [t, beta] of list.entries()) {
          const one = new Float64Array([0]);
          mean = diffuseOneStep(new Float64Array([mean]), one, beta)[0];
          const signal = diffuseOneStep(new Float64Array([1]), one, beta)[0];
          const noise = diffuseOneStep(one, new Float64Array([1]), beta)[0];
          variance = signal ** 2 * variance + noise ** 2;
          const alphaBar = schedule.alphaBar[t];
          const jump = diffuse(new Float64Array([x0]), one, alphaBar)[0];
          near([mean, variance], [jump, 1 - alphaBar], 1e-11, `t = ${t}`);
        }
      }),
      many
    );
  });

  it("is undone by each prediction: x0, epsilon and v come back from x", () => {
    fc.assert(
      fc.property(pair, level, prediction, (point, alphaBar, kind) => {
        const {x0, epsilon} = drawn(point);
        const x = diffuse(x0, epsilon, alphaBar);
        const views = predictionViews(kind, outputOf(kind, x0, epsilon, alphaBar), x, alphaBar);
        near(views.x0, x0, 1e-10, "x0");
        near(views.epsilon, epsilon, 1e-10, "epsilon");
        near(views.v, velocity(x0, epsilon, alphaBar), 1e-10, "v");
      }),
      many
    );
  });
});

describe("over 10,000 cases, a step", () => {
  it("of DDIM is undone by encoding with the same prediction, and the other way about", () => {
    fc.assert(
      fc.property(pair, levels, prediction, (point, [a, b], kind) => {
        const {x0, epsilon} = drawn(point);
        const [alphaBar, alphaBarPrev] = [Math.min(a, b), Math.max(a, b)];
        const at = (level: number) => outputOf(kind, x0, epsilon, level);
        const x = diffuse(x0, epsilon, alphaBar);
        const down = ddimStep(x, at(alphaBar), {alphaBar, alphaBarPrev, prediction: kind});
        near(down.x, diffuse(x0, epsilon, alphaBarPrev), 1e-10, "down");
        const options = {alphaBar: alphaBarPrev, alphaBarNext: alphaBar, prediction: kind};
        near(ddimEncodeStep(down.x, at(alphaBarPrev), options).x, x, 1e-10, "up again");
      }),
      many
    );
  });

  it("with eta 1 is the posterior’s, and DDPM’s, number by number", () => {
    fc.assert(
      fc.property(levels, prediction, ([a, b], kind) => {
        const options = {alphaBar: Math.min(a, b), alphaBarPrev: Math.max(a, b), prediction: kind};
        const ddim = ddimCoefficients({...options, eta: 1});
        const ddpm = ddpmCoefficients({...options, variance: "fixed_small"});
        near([ddim.x, ddim.output, ddim.noise], [ddpm.x, ddpm.output, ddpm.noise], 1e-8, kind);
        const {variance} = posteriorBetween(options.alphaBar, options.alphaBarPrev);
        near([ddim.noise ** 2], [variance], 1e-9, "variance");
      }),
      many
    );
  });

  it("takes every eta up to its limit, keeps the variance of the level, and refuses one beyond in a sentence", () => {
    fc.assert(
      fc.property(levels, fc.double({min: 0, max: 1, noNaN: true}), ([a, b], share) => {
        const options = {alphaBar: Math.min(a, b), alphaBarPrev: Math.max(a, b)};
        const limit = etaLimit(options.alphaBar, options.alphaBarPrev);
        const {x, output, noise} = ddimCoefficients({...options, eta: share * limit});
        // Of x = sqrt(alphaBar) x0 + sqrt(1 - alphaBar) epsilon, whose noise is output as it is.
        const kept = x * Math.sqrt(1 - options.alphaBar) + output;
        near([kept ** 2 + noise ** 2], [1 - options.alphaBarPrev], 1e-9, "variance");
        const beyond = /^RangeError: eta is .* but this step allows at most/;
        assert.throws(() => ddimCoefficients({...options, eta: 1.001 * limit}), beyond);
      }),
      many
    );
  });

  it("list of DDIM decodes what it has encoded, where the noise is the same at all levels", () => {
    const lists = fc.record({
      timesteps: fc.integer({min: 1, max: 30}),
      share: fc.double({min: 0, max: 1, noNaN: true})
    });
    fc.assert(
      fc.property(pair, lists, (point, {timesteps, share}) => {
        const {x0, epsilon} = drawn(point);
        const schedule = makeSchedule("cosine", {timesteps});
        const steps = 1 + Math.floor(share * (timesteps - 1)); // S = 1 and S = T are among them
        const run = {schedule, timesteps: timestepList("trailing", {timesteps, steps})};
        const denoiser = {prediction: "epsilon" as const, predict: () => epsilon};
        const code = last(encodeDdim(denoiser, x0, run)).x;
        near(code, diffuse(x0, epsilon, alphaBarAt(schedule, run.timesteps[0])), 1e-9, "the code");
        near(last(sampleDdim(denoiser, code, run)).x, x0, 1e-7, "decoded");
      }),
      many
    );
  });
});

describe("over 10,000 cases, what is stored comes back:", () => {
  it("a respaced schedule has the levels that it keeps, and its own betas make them", () => {
    fc.assert(
      fc.property(betas, fc.nat(2 ** 30), (list, seed) => {
        const schedule = scheduleFromBetas(list);
        const random = seededRandom(seed);
        const kept = list.map((_, t) => t).filter((t) => t === list.length - 1 || random.uniform() < 0.5);
        const short = respaceSchedule(schedule, kept);
        near(
          short.alphaBar,
          kept.map((t) => schedule.alphaBar[t]),
          0,
          "alphaBar"
        );
        near(scheduleFromBetas(short.beta).alphaBar, short.alphaBar, 1e-11, "from its betas");
        const all = short.timestepMap.map((_, i) => i);
        near(respaceSchedule(short, all).alphaBar, short.alphaBar, 0, "respaced again");
      }),
      many
    );
  });

  it("packed weights to within half a step of their scale", () => {
    const arrays = fc.array(fc.array(fc.float({min: -100, max: 100, noNaN: true}), {maxLength: 8}), {maxLength: 4});
    fc.assert(
      fc.property(arrays, (ema) => {
        const weights = {width: 8, prediction: "v" as const, timesteps: 10, weights: ema, ema};
        const back = unpackWeights(JSON.parse(JSON.stringify(packWeights(weights))) as ReturnType<typeof packWeights>);
        for (const [i, values] of ema.entries()) {
          const most = Math.max(0, ...values.map(Math.abs));
          const error = Math.max(0, ...values.map((value, k) => Math.abs(value - back.ema[i][k])));
          if (!(error <= most / 65534 + 1e-6 * most)) assert.fail(`${error} of ${most}`);
        }
      }),
      many
    );
  });

  it("a file of weights as 16-bit floats, and one that was cut short or altered is refused in a sentence", () => {
    const values = fc.array(fc.float({min: -1000, max: 1000, noNaN: true}), {maxLength: 12});
    fc.assert(
      fc.property(values, fc.nat(2 ** 30), (list, where) => {
        const bytes = encodeWeights(Float32Array.from(list), {kind: "digit-network", steps: 3});
        const wanted = {kind: "digit-network" as const, count: list.length};
        const back = decodeWeights(bytes, wanted).values;
        for (const [i, value] of list.entries())
          if (!(Math.abs(back[i] - value) <= Math.abs(value) / 2048 + 1e-7)) assert.fail(`${back[i]} is not ${value}`);
        const altered = bytes.slice();
        altered[where % bytes.length] ^= 1 + (where % 255);
        assert.throws(() => decodeWeights(altered, wanted), /^Error: (This is no file|These |This file)[^]*\.$|choose/);
        assert.throws(() => decodeWeights(bytes.slice(0, where % bytes.length), wanted), /^Error: This /);
      }),
      many
    );
  });
});

describe("over 10,000 cases, the networks", () => {
  before(() => tf.useBackend("cpu"));

  it("in plain numbers, on our kernels and in tfjs give the same answer, and the same after a save and a load", async () => {
    const [width, timesteps, points] = [8, 20, 2];
    const networks = new Map<
      Prediction,
      {tensors: PointNetwork; own: Awaited<ReturnType<typeof createWasmPointNetwork>>}
    >();
    for (const kind of ["epsilon", "x0", "v"] as const) {
      const options = {width, prediction: kind, timesteps, seed: 1};
      networks.set(kind, {
        tensors: createPointNetwork(options),
        own: await createWasmPointNetwork({...options, capacity: 16})
      });
    }
    const cases = fc.record({kind: prediction, seed: fc.nat(1e6), t: fc.integer({min: 0, max: timesteps - 1})});
    await fc.assert(
      fc.asyncProperty(cases, async ({kind, seed, t}) => {
        const {tensors, own} = networks.get(kind)!;
        const random = seededRandom(seed);
        const ema = initialPointWeights(width, seed).map((values) => values.map((v) => v + 0.1 * random.normal()));
        const saved = {width, prediction: kind, timesteps, weights: ema, ema};
        own.load(saved);
        const x = random.normals(2 * points);
        const plain = plainNetwork(saved).predict(x, t);
        near(own.predict(x, t), plain, 2e-5, "our kernels");
        tensors.load(saved);
        const answer = tf.tidy(() => tensors.ema.predict(tf.tensor2d(Float32Array.from(x), [points, 2]), t).dataSync());
        near(answer, plain, 2e-5, "tfjs");
        const again = await tensors.save();
        near(
          again.ema.flatMap((a) => [...Array.from(a)]),
          ema.flatMap((a) => [...a]),
          0,
          "saved"
        );
      }),
      many
    );
    for (const {tensors} of networks.values()) tensors.dispose();
  });
});
