import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {ddimCoefficients, ddimEncodeStep, ddimSigma, ddimStep, etaLimit} from "../../lib/ddim.js";
import {ddpmStep} from "../../lib/ddpm.js";
import {diffuse, velocity} from "../../lib/forward.js";
import type {Prediction} from "../../lib/prediction.js";
import {predictionViews} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import type {ScheduleName} from "../../lib/schedule.js";
import {alphaBarAt, makeSchedule} from "../../lib/schedule.js";
import {timestepList, withPrevious} from "../../lib/timesteps.js";
import {assertAbove, assertAllNear, assertNear, assertRelative} from "./near.js";

const predictions: Prediction[] = ["epsilon", "x0", "v"];
const levels = {alphaBar: 0.2, alphaBarPrev: 0.6};
// Two levels in order, at least 1e-4 apart, in 0.001..0.999. Made of integers, which shrink quickly.
const twoLevels = fc.tuple(fc.integer({min: 10, max: 9900}), fc.integer({min: 1, max: 1000})).map(([low, part]) => {
  const high = low + Math.ceil((part / 1000) * (9990 - low));
  return {alphaBar: low / 10000, alphaBarPrev: high / 10000};
});
const fraction = fc.integer({min: 0, max: 1000}).map((part) => part / 1000);

describe("ddimSigma(alphaBar, alphaBarPrev, eta)", () => {
  it("is the square root of the posterior's variance at eta 1, and grows in proportion to eta", () => {
    const posterior = ((1 - 0.6) / (1 - 0.2)) * (1 - 0.2 / 0.6);
    assertNear(ddimSigma(0.2, 0.6, 1), Math.sqrt(posterior), 1e-15);
    assertNear(ddimSigma(0.2, 0.6, 0.3), 0.3 * Math.sqrt(posterior), 1e-15);
    assert.equal(ddimSigma(0.2, 0.6, 0), 0);
  });

  it("is 0 on the step to clean data and between equal levels", () => {
    assert.equal(ddimSigma(0.9, 1, 1), 0);
    assert.equal(ddimSigma(0.9, 0.9, 1), 0);
    assert.equal(ddimSigma(1, 1, 1), 0);
  });

  it("refuses levels out of range or out of order, and a negative eta", () => {
    assert.throws(() => ddimSigma(0.6, 0.2, 0), /alphaBarPrev 0.2 is less than alphaBar 0.6/);
    assert.throws(() => ddimSigma(-0.1, 0.2, 0), /alphaBar is -0.1/);
    assert.throws(() => ddimSigma(0.1, 1.2, 0), /alphaBarPrev is 1.2/);
    for (const eta of [-0.1, NaN, Infinity]) assert.throws(() => ddimSigma(0.2, 0.6, eta), /eta is/);
  });
});

describe("etaLimit(alphaBar, alphaBarPrev)", () => {
  it("is where sigma^2 takes all of the noise that x_prev may have, and above 1", () => {
    fc.assert(
      fc.property(twoLevels, ({alphaBar, alphaBarPrev}) => {
        const limit = etaLimit(alphaBar, alphaBarPrev);
        assertAbove(limit, 1);
        assertRelative(ddimSigma(alphaBar, alphaBarPrev, limit), Math.sqrt(1 - alphaBarPrev), 1e-12);
        const {output} = ddimCoefficients({alphaBar, alphaBarPrev, eta: limit});
        assert.ok(Number.isFinite(output), `the root at the limit ${limit} is of a negative number`);
      })
    );
  });

  it("is Infinity where no eta makes noise", () => {
    assert.equal(etaLimit(0.9, 1), Infinity);
    assert.equal(etaLimit(0.9, 0.9), Infinity);
    ddimStep(Float64Array.of(1), Float64Array.of(1), {alphaBar: 0.9, alphaBarPrev: 1, eta: 100});
  });
});

describe("ddimStep(x, output, options)", () => {
  it("lands on q(x_prev | x_0) from a true prediction: the mean on x_0, and all of the noise variance", () => {
    fc.assert(
      fc.property(
        twoLevels,
        fraction,
        fc.constantFrom(...predictions),
        ({alphaBar, alphaBarPrev}, part, prediction) => {
          const eta = part * etaLimit(alphaBar, alphaBarPrev);
          const step = (x0: number, epsilon: number, z: number) => {
            const [a, b] = [Float64Array.of(x0), Float64Array.of(epsilon)];
            const output = {x0: a, epsilon: b, v: velocity(a, b, alphaBar)}[prediction];
            const options = {alphaBar, alphaBarPrev, eta, prediction, noise: Float64Array.of(z)};
            return ddimStep(diffuse(a, b, alphaBar), output, options).x[0];
          };
          assertNear(step(1, 0, 0), Math.sqrt(alphaBarPrev), 1e-11);
          assertNear(step(0, 1, 0) ** 2 + step(0, 0, 1) ** 2, 1 - alphaBarPrev, 1e-11);
        }
      )
    );
  });

  it("agrees with its coefficients on random data, for every prediction and eta", () => {
    const random = seededRandom(7);
    fc.assert(
      fc.property(
        twoLevels,
        fraction,
        fc.constantFrom(...predictions),
        ({alphaBar, alphaBarPrev}, part, prediction) => {
          const eta = part * etaLimit(alphaBar, alphaBarPrev);
          const [x, output, noise] = [random.normals(6), random.normals(6), random.normals(6)];
          const step = ddimStep(x, output, {alphaBar, alphaBarPrev, eta, prediction, noise});
          const c = ddimCoefficients({alphaBar, alphaBarPrev, eta, prediction});
          assert.equal(c.noise, step.sigma);
          const size = Math.abs(c.x) + Math.abs(c.output) + c.noise;
          const want = x.map((value, i) => c.x * value + c.output * output[i] + c.noise * noise[i]);
          assertAllNear(step.x, want, 1e-12 * Math.max(1, size));
        }
      )
    );
  });

  it("defaults to eta 0 and epsilon, and then needs no noise", () => {
    const [x, output] = [Float64Array.of(1, 2), Float64Array.of(-0.5, 0.3)];
    const step = ddimStep(x, output, levels);
    const x0 = (1 + 0.5 * Math.sqrt(0.8)) / Math.sqrt(0.2);
    assertAllNear(step.x0.slice(0, 1), Float64Array.of(x0), 1e-14);
    assertAllNear(step.x.slice(0, 1), Float64Array.of(Math.sqrt(0.6) * x0 - Math.sqrt(0.4) * 0.5), 1e-14);
    assert.equal(step.sigma, 0);
    assert.deepEqual([...x, ...output], [1, 2, -0.5, 0.3]);
  });

  it("refuses an eta beyond the limit, and says the limit", () => {
    const limit = etaLimit(0.2, 0.6);
    const one = Float64Array.of(1);
    for (const f of [
      (eta: number) => ddimStep(one, one, {...levels, eta, noise: one}),
      (eta: number) => ddimCoefficients({...levels, eta})
    ]) {
      assert.throws(
        () => f(limit * 1.001),
        (error) => error instanceof RangeError && error.message.includes(String(limit))
      );
      f(limit); // rounding at the limit is not beyond it
    }
    assertAbove(ddimStep(one, one, {...levels, eta: limit, noise: one}).x[0], 0);
    const atLimit = ddimCoefficients({...levels, eta: limit, prediction: "x0"});
    assert.ok(Math.abs(atLimit.x) < 1e-7, `x_t itself no longer counts, but its factor is ${atLimit.x}`);
  });

  it("asks for the noise that it needs", () => {
    const one = Float64Array.of(1);
    assert.throws(() => ddimStep(one, one, {...levels, eta: 0.5}), {name: "TypeError", message: /adds noise/});
    assert.throws(() => ddimStep(one, one, {...levels, eta: 0.5, noise: new Float64Array(2)}), /noise has 2 numbers/);
    assert.throws(() => ddimStep(one, new Float64Array(2), levels), /output has 2 numbers/);
  });

  it("clips x0 and re-derives epsilon, or keeps it on demand", () => {
    const [x, output] = [Float64Array.of(2), Float64Array.of(-1)];
    const {x0, epsilon} = predictionViews("epsilon", output, x, 0.2);
    assertAbove(x0[0], 1);
    const clipped = ddimStep(x, output, {...levels, clip: 1});
    const rederived = (2 - Math.sqrt(0.2)) / Math.sqrt(0.8);
    assert.equal(clipped.x0[0], 1);
    assertAllNear(clipped.epsilon, Float64Array.of(rederived), 1e-15);
    assertAllNear(clipped.x, Float64Array.of(Math.sqrt(0.6) + Math.sqrt(0.4) * rederived), 1e-15);
    const kept = ddimStep(x, output, {...levels, clip: 1, keepEpsilonOnClip: true});
    assert.equal(kept.x0[0], 1);
    assert.deepEqual(kept.epsilon, epsilon);
    assertAllNear(kept.x, Float64Array.of(Math.sqrt(0.6) - Math.sqrt(0.4)), 1e-15);
  });

  it("changes nothing by a clip that x0 does not reach", () => {
    const random = seededRandom(3);
    const [x, output] = [random.normals(8), random.normals(8)];
    for (const prediction of predictions) {
      const free = ddimStep(x, output, {...levels, prediction});
      assertAllNear(ddimStep(x, output, {...levels, prediction, clip: 1e6}).x, free.x, 1e-13);
    }
  });
});

describe("ddimStep with eta 1", () => {
  for (const name of ["linear", "cosine", "scaled_linear", "sigmoid"] as ScheduleName[]) {
    it(`is the DDPM step with the posterior's variance, at every timestep of ${name}`, () => {
      const schedule = makeSchedule(name);
      const random = seededRandom(11);
      for (const {t, tPrev} of withPrevious(timestepList("leading", {timesteps: 1000, steps: 1000}))) {
        const [x, output, noise] = [random.normals(4), random.normals(4), random.normals(4)];
        const options = {alphaBar: alphaBarAt(schedule, t), alphaBarPrev: alphaBarAt(schedule, tPrev), noise};
        assertAllNear(ddimStep(x, output, {...options, eta: 1}).x, ddpmStep(x, output, options).x, 1e-12);
      }
    });
  }
});

describe("ddimEncodeStep(x, output, {alphaBar, alphaBarNext})", () => {
  it("is undone by ddimStep when epsilon is the same", () => {
    fc.assert(
      fc.property(twoLevels, fc.nat(), ({alphaBar: low, alphaBarPrev: high}, seed) => {
        const random = seededRandom(seed);
        const [x, epsilon] = [random.normals(6), random.normals(6)];
        const encoded = ddimEncodeStep(x, epsilon, {alphaBar: high, alphaBarNext: low});
        const decoded = ddimStep(encoded.x, epsilon, {alphaBar: low, alphaBarPrev: high});
        assertAllNear(decoded.x, x, 1e-11);
        assertAllNear(decoded.x0, encoded.x0, 1e-10);
        assert.notDeepEqual(encoded.x, x);
      })
    );
  });

  it("is undone over a whole list by the same epsilons in reverse", () => {
    const schedule = makeSchedule("linear");
    const steps = withPrevious(timestepList("trailing", {timesteps: 1000, steps: 50}));
    const random = seededRandom(9);
    const epsilons = steps.map(() => random.normals(4));
    const start = random.normals(4);
    const level = (t: number) => alphaBarAt(schedule, t);
    let x = start;
    for (let i = steps.length - 1; i >= 0; i--) {
      const {t, tPrev} = steps[i];
      x = ddimEncodeStep(x, epsilons[i], {alphaBar: level(tPrev), alphaBarNext: level(t)}).x;
    }
    steps.forEach(({t, tPrev}, i) => {
      x = ddimStep(x, epsilons[i], {alphaBar: level(t), alphaBarPrev: level(tPrev)}).x;
    });
    assertAllNear(x, start, 1e-10);
  });

  it("takes every prediction", () => {
    const [x0, epsilon] = [Float64Array.of(0.4, -2), Float64Array.of(1.5, 0.1)];
    const outputs = {x0, epsilon, v: velocity(x0, epsilon, 0.6)};
    for (const prediction of predictions) {
      const options = {alphaBar: 0.6, alphaBarNext: 0.2, prediction};
      const step = ddimEncodeStep(diffuse(x0, epsilon, 0.6), outputs[prediction], options);
      assertAllNear(step.x, diffuse(x0, epsilon, 0.2), 1e-14);
      assert.equal(step.sigma, 0);
    }
  });

  it("refuses to go towards the data", () => {
    const one = Float64Array.of(1);
    assert.throws(() => ddimEncodeStep(one, one, {alphaBar: 0.2, alphaBarNext: 0.6}), /goes towards the noise/);
    assert.throws(() => ddimEncodeStep(one, one, {alphaBar: 0.2, alphaBarNext: -1}), /alphaBarNext is -1/);
  });
});
