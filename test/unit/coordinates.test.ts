import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {coordinates, errorLength, inCoordinate} from "../../lib/coordinates.js";
import {diffuse, velocity} from "../../lib/forward.js";
import {mixtureEpsilon, mixtureScore, mixtureX0} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {assertAllNear as near} from "./near.js";

const x0 = Float64Array.of(0.8, -0.3);
const epsilon = Float64Array.of(-1.2, 0.5);

describe("inCoordinate", () => {
  it("gives back the data and the velocity that a noisy point was made from", () => {
    for (const alphaBar of [0.001, 0.4, 0.999]) {
      const x = diffuse(x0, epsilon, alphaBar);
      near(inCoordinate("x0", epsilon, x, alphaBar), x0, 1e-10);
      near(inCoordinate("v", epsilon, x, alphaBar), velocity(x0, epsilon, alphaBar), 1e-10);
    }
  });

  it("turns the exact noise of a mixture into its score and its mean of x_0", () => {
    const {mixture} = pointSet("tri");
    const x = Float64Array.of(0.4, 0.7, -1.1, 0.2);
    const noise = mixtureEpsilon(mixture!, x, 0.3);
    near(inCoordinate("score", noise, x, 0.3), mixtureScore(mixture!, x, 0.3), 1e-10);
    near(inCoordinate("x0", noise, x, 0.3), mixtureX0(mixture!, x, 0.3), 1e-10);
  });

  it("refuses the levels at which a coordinate does not exist", () => {
    for (const alphaBar of [0, 1]) assert.throws(() => inCoordinate("score", epsilon, x0, alphaBar), RangeError);
  });
});

describe("errorLength", () => {
  it("is by how much a coordinate moves when the noise moves by one", () => {
    const moved = epsilon.map((e, i) => e + (i === 0 ? 1 : 0));
    for (const alphaBar of [0.05, 0.7]) {
      const x = diffuse(x0, epsilon, alphaBar);
      for (const name of coordinates) {
        const [a, b] = [epsilon, moved].map((e) => inCoordinate(name, e, x, alphaBar)[0]);
        near([errorLength(name, alphaBar)], [Math.abs(a - b)], 1e-10);
      }
    }
  });
});
