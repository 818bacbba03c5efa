import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {VarianceType} from "../../lib/ddpm.js";
import {ddpmCoefficients, ddpmStep, ddpmVariance} from "../../lib/ddpm.js";
import {diffuse, velocity} from "../../lib/forward.js";
import {posteriorMeanCoefficients, posteriorVariance} from "../../lib/posterior.js";
import type {Prediction} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import {respaceSchedule} from "../../lib/respace.js";
import {alphaBarAt, makeSchedule} from "../../lib/schedule.js";
import {assertAbove, assertAllNear, assertNear, assertRelative} from "./near.js";

const schedule = makeSchedule("linear");
const predictions: Prediction[] = ["epsilon", "x0", "v"];
const variances: VarianceType[] = ["fixed_small", "fixed_large"];
const between = (t: number) => ({alphaBar: alphaBarAt(schedule, t), alphaBarPrev: alphaBarAt(schedule, t - 1)});

describe("ddpmVariance(alphaBar, alphaBarPrev, variance)", () => {
  it("is beta-tilde for fixed_small and beta for fixed_large, between neighbours", () => {
    for (const t of [1, 10, 500, 999]) {
      const {alphaBar, alphaBarPrev} = between(t);
      const small = ddpmVariance(alphaBar, alphaBarPrev);
      assertRelative(small, posteriorVariance(schedule, t), 1e-10);
      assertRelative(ddpmVariance(alphaBar, alphaBarPrev, "fixed_large"), schedule.beta[t], 1e-10);
      assertAbove(schedule.beta[t], small);
    }
  });

  it("is those of the shortened chain between others", () => {
    const short = respaceSchedule(schedule, [100, 400, 900]);
    const [alphaBar, alphaBarPrev] = [alphaBarAt(schedule, 400), alphaBarAt(schedule, 100)];
    assertNear(ddpmVariance(alphaBar, alphaBarPrev), posteriorVariance(short, 1), 1e-14);
    assertNear(ddpmVariance(alphaBar, alphaBarPrev, "fixed_large"), short.beta[1], 1e-14);
  });

  it("has a floor of 1e-20", () => {
    assert.equal(ddpmVariance(0.9, 1), 1e-20);
    assertNear(ddpmVariance(0.9, 1, "fixed_large"), 0.1, 1e-15);
  });

  it("refuses equal levels, levels out of order, and other names", () => {
    assert.throws(() => ddpmVariance(0.5, 0.5), /both 0.5/);
    assert.throws(() => ddpmVariance(0.6, 0.5), /goes towards the data/);
    assert.throws(() => ddpmVariance(0.5, 0.6, "learned" as VarianceType), /no variance "learned"/);
  });
});

describe("ddpmStep(x, output, options)", () => {
  it("draws from the posterior: its mean and its variance", () => {
    const t = 300;
    const [x, x0] = [Float64Array.of(0.7, -1), Float64Array.of(0.2, 0.5)];
    const mean = posteriorMeanCoefficients(schedule, t);
    const step = (z: number) => ddpmStep(x, x0, {...between(t), prediction: "x0", noise: new Float64Array(2).fill(z)});
    assertAllNear(
      step(0).x,
      x0.map((value, i) => mean.x0 * value + mean.xt * x[i]),
      1e-12
    );
    assertNear(step(1).x[0] - step(0).x[0], Math.sqrt(posteriorVariance(schedule, t)), 1e-13);
    assert.equal(step(1).sigma, Math.sqrt(ddpmVariance(between(t).alphaBar, between(t).alphaBarPrev)));
  });

  it("gives the same sample for the same prediction said in three ways", () => {
    const random = seededRandom(2);
    const [x0, epsilon, noise] = [random.normals(6), random.normals(6), random.normals(6)];
    for (const variance of variances) {
      const {alphaBar} = between(700);
      const x = diffuse(x0, epsilon, alphaBar);
      const outputs = {x0, epsilon, v: velocity(x0, epsilon, alphaBar)};
      const samples = predictions.map((prediction) =>
        ddpmStep(x, outputs[prediction], {...between(700), prediction, variance, noise})
      );
      for (const sample of samples) assertAllNear(sample.x, samples[0].x, 1e-12);
      for (const sample of samples) assertAllNear(sample.epsilon, epsilon, 1e-12);
    }
  });

  it("agrees with its coefficients on random data", () => {
    const random = seededRandom(4);
    for (const t of [0, 1, 30, 500, 999]) {
      for (const prediction of predictions) {
        for (const variance of variances) {
          const [x, output, noise] = [random.normals(4), random.normals(4), random.normals(4)];
          const step = ddpmStep(x, output, {...between(t), prediction, variance, noise});
          const c = ddpmCoefficients({...between(t), prediction, variance});
          assert.equal(c.noise, step.sigma);
          assertAllNear(
            step.x,
            x.map((value, i) => c.x * value + c.output * output[i] + c.noise * noise[i]),
            1e-12
          );
        }
      }
    }
  });

  it("has the coefficients of Ho et al., Algorithm 2", () => {
    for (const t of [1, 400, 999]) {
      const c = ddpmCoefficients(between(t));
      const {beta, alphaBar} = schedule;
      const x = 1 / Math.sqrt(1 - beta[t]);
      assertNear(c.x, x, 1e-12);
      assertNear(c.output, (-x * beta[t]) / Math.sqrt(1 - alphaBar[t]), 1e-12);
    }
  });

  it("adds no noise on the last step, unless told to, and none on another step told to be last", () => {
    const [x, noise] = [Float64Array.of(1), Float64Array.of(1)];
    const last = {alphaBar: 0.9, alphaBarPrev: 1, variance: "fixed_large"} as const;
    assert.equal(ddpmStep(x, x, last).sigma, 0);
    assertNear(ddpmStep(x, x, {...last, last: false, noise}).sigma, Math.sqrt(0.1), 1e-15);
    assert.equal(ddpmStep(x, x, {...between(500), last: true}).sigma, 0);
    assertAbove(ddpmStep(x, x, {...between(500), noise}).sigma, 0);
  });

  it("clips x0 before it takes the mean", () => {
    const [x, output] = [Float64Array.of(3), Float64Array.of(-1)];
    const options = {...between(800), last: true};
    const clipped = ddpmStep(x, output, {...options, clip: 1});
    assertAbove(ddpmStep(x, output, options).x0[0], 1);
    assert.equal(clipped.x0[0], 1);
    assertAllNear(clipped.x, ddpmStep(x, Float64Array.of(1), {...options, prediction: "x0"}).x, 1e-15);
    assertAllNear(diffuse(clipped.x0, clipped.epsilon, options.alphaBar), x, 1e-14);
  });

  it("asks for noise of the right shape", () => {
    const one = Float64Array.of(1);
    assert.throws(() => ddpmStep(one, one, between(500)), {name: "TypeError", message: /adds noise/});
    assert.throws(() => ddpmStep(one, one, {...between(500), noise: new Float64Array(3)}), /noise has 3 numbers/);
    assert.throws(() => ddpmStep(one, new Float64Array(3), {...between(500), noise: one}), /output has 3 numbers/);
  });
});
