import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {packWeights, unpackWeights} from "../../lib/packed-weights.js";

const rest = {width: 3, prediction: "v", timesteps: 1000} as const;

describe("packWeights", () => {
  it("keeps every weight to within its array's largest over 65534", () => {
    const arrays = fc.array(fc.array(fc.float({noNaN: true, min: -50, max: 50}), {minLength: 1}), {minLength: 1});
    fc.assert(
      fc.property(arrays, (ema) => {
        const {layers, ...kept} = packWeights({...rest, weights: [], ema});
        assert.deepEqual(kept, rest);
        const back = unpackWeights(JSON.parse(JSON.stringify({layers, ...rest}))).ema;
        assert.equal(back.length, ema.length);
        ema.forEach((weights, k) => {
          assert.equal(back[k].length, weights.length);
          const most = Math.max(...weights.map(Math.abs));
          weights.forEach((w, i) => assert.ok(Math.abs(back[k][i] - w) <= most / 65534 + 1e-6 * most));
        });
      })
    );
  });

  it("gives each array a scale of its own, so that small ones lose nothing beside large ones", () => {
    const {ema} = unpackWeights(
      packWeights({
        ...rest,
        weights: [],
        ema: [
          [1000, -1],
          [0.001, -0.0004]
        ]
      })
    );
    assert.ok(Math.abs(ema[1][1] + 0.0004) < 1e-7);
  });

  it("takes an array of zeros, such as a first bias", () => {
    assert.deepEqual(Array.from(unpackWeights(packWeights({...rest, weights: [], ema: [[0, 0]]})).ema[0]), [0, 0]);
  });
});
