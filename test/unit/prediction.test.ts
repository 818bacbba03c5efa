import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {diffuse, velocity} from "../../lib/forward.js";
import type {Prediction, Views} from "../../lib/prediction.js";
import {clipViews, predictionViews, viewCoefficients} from "../../lib/prediction.js";
import {assertAbove, assertAllNear, assertNear} from "./near.js";

const predictions: Prediction[] = ["epsilon", "x0", "v"];
const inner = fc.double({min: 1e-4, max: 1 - 1e-4, noNaN: true});
const pair = fc.tuple(fc.double({min: -5, max: 5, noNaN: true}), fc.double({min: -5, max: 5, noNaN: true}));
const pairs = fc.array(pair, {minLength: 1, maxLength: 6});

function truth(drawn: [number, number][], alphaBar: number): Views & {x: Float64Array} {
  const x0 = Float64Array.from(drawn, ([value]) => value);
  const epsilon = Float64Array.from(drawn, ([, value]) => value);
  return {x0, epsilon, v: velocity(x0, epsilon, alphaBar), x: diffuse(x0, epsilon, alphaBar)};
}

describe("predictionViews(prediction, output, x, alphaBar)", () => {
  for (const prediction of predictions) {
    it(`finds x0, epsilon and v behind x from a true ${prediction}`, () => {
      fc.assert(
        fc.property(pairs, inner, (drawn, alphaBar) => {
          const {x, ...views} = truth(drawn, alphaBar);
          const found = predictionViews(prediction, views[prediction], x, alphaBar);
          for (const view of predictions) assertAllNear(found[view], views[view], 1e-11);
        })
      );
    });

    it(`gives views of a ${prediction} that say the same again, also for a wrong output`, () => {
      fc.assert(
        fc.property(pairs, inner, (drawn, alphaBar) => {
          const x = Float64Array.from(drawn, ([value]) => value);
          const output = Float64Array.from(drawn, ([, value]) => value);
          const views = predictionViews(prediction, output, x, alphaBar);
          const scale = 1e-12 * Math.max(1, ...views.x0.map(Math.abs), ...views.epsilon.map(Math.abs)) * 100;
          for (const view of predictions) {
            const again = predictionViews(view, views[view], x, alphaBar);
            assertAllNear(again[prediction], output, scale);
          }
          assertAllNear(diffuse(views.x0, views.epsilon, alphaBar), x, scale);
        })
      );
    });
  }

  it("leaves what it is given alone", () => {
    const [output, x] = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    for (const prediction of predictions) predictionViews(prediction, output, x, 0.5)[prediction].fill(9);
    assert.deepEqual([...output, ...x], [1, 2, 3, 4]);
  });

  it("says where an output says nothing", () => {
    const one = Float64Array.of(1);
    assert.throws(() => predictionViews("epsilon", one, one, 0), /epsilon prediction says nothing about x0/);
    assert.throws(() => predictionViews("x0", one, one, 1), /x0 prediction says nothing about epsilon/);
    assert.deepEqual(predictionViews("v", Float64Array.of(-2), one, 0).x0, Float64Array.of(2));
    assert.deepEqual(predictionViews("epsilon", Float64Array.of(-2), one, 1).x0, one);
  });

  it("refuses other shapes, levels and predictions", () => {
    const one = Float64Array.of(1);
    assert.throws(() => predictionViews("v", Float64Array.of(1, 2), one, 0.5), /output has 2 numbers, but x has 1/);
    assert.throws(() => predictionViews("v", one, one, -1), /alphaBar is -1/);
    assert.throws(() => predictionViews("score" as Prediction, one, one, 0.5), /no prediction "score"/);
  });
});

describe("viewCoefficients(prediction, alphaBar)", () => {
  for (const prediction of predictions) {
    it(`makes the views of a ${prediction}`, () => {
      fc.assert(
        fc.property(pair, inner, ([x, output], alphaBar) => {
          const views = predictionViews(prediction, Float64Array.of(output), Float64Array.of(x), alphaBar);
          const c = viewCoefficients(prediction, alphaBar);
          for (const view of ["x0", "epsilon"] as const) {
            const [a, b] = [c[view].x * x, c[view].output * output];
            assertNear(a + b, views[view][0], 1e-14 * (1 + Math.abs(a) + Math.abs(b)));
          }
        })
      );
    });
  }

  it("refuses what predictionViews refuses", () => {
    assert.throws(() => viewCoefficients("epsilon", 0), /says nothing/);
    assert.throws(() => viewCoefficients("x0", 1), /says nothing/);
    assert.throws(() => viewCoefficients("v", 2), /alphaBar is 2/);
    assert.throws(() => viewCoefficients("score" as Prediction, 0.5), /no prediction "score"/);
  });
});

describe("clipViews(views, x, alphaBar, clip)", () => {
  const x = Float64Array.of(1, 0.2, -3);
  const views = predictionViews("epsilon", Float64Array.of(-1, 0.1, 0.5), x, 0.25);

  it("clips x0 and re-derives epsilon, so that both still make x", () => {
    const clipped = clipViews(views, x, 0.25, 1);
    assert.deepEqual(clipped.x0, Float64Array.of(1, views.x0[1], -1));
    assertAllNear(diffuse(clipped.x0, clipped.epsilon, 0.25), x, 1e-14);
    assertAbove(Math.abs(clipped.epsilon[0] - views.epsilon[0]), 0.1);
    assertAllNear(clipped.v, velocity(clipped.x0, clipped.epsilon, 0.25), 1e-14);
  });

  it("keeps epsilon on demand: the pair then no longer makes x", () => {
    const clipped = clipViews(views, x, 0.25, 1, true);
    assert.deepEqual(clipped.x0, Float64Array.of(1, views.x0[1], -1));
    assert.deepEqual(clipped.epsilon, views.epsilon);
    assertAbove(Math.abs(diffuse(clipped.x0, clipped.epsilon, 0.25)[0] - x[0]), 0.1);
    assertAllNear(clipped.v, velocity(clipped.x0, clipped.epsilon, 0.25), 1e-14);
  });

  it("takes any range above 0", () => {
    assert.equal(clipViews(views, x, 0.25, 0.5).x0[0], 0.5);
    for (const clip of [0, -1, NaN]) assert.throws(() => clipViews(views, x, 0.25, clip), /must be above 0/);
  });
});
