import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {layerShapes} from "../../lib/plain-network.js";
import {pointSet, pointSets} from "../../lib/points/index.js";
import {decodePointWeights, encodePointWeights, pointQuality, pretrainedShape} from "../../lib/pretrained-points.js";
import {seededRandom} from "../../lib/random.js";

const read = (name: string) => readFileSync(new URL(`../../src/data/points-${name}.bin`, import.meta.url));
const worst = 2; // floors; a network that has learned nothing has some 10

describe("the pretrained point networks", () => {
  for (const {name} of pointSets) {
    it(`${name}: has at most 60 kB, says how it was made, and is near its data`, () => {
      const bytes = read(name);
      assert.ok(bytes.length <= 60_000, `it has ${bytes.length} bytes`);
      const {manifest, schedule} = decodePointWeights(bytes);
      assert.equal(manifest.dataset, name);
      assert.equal(schedule.name, pretrainedShape.schedule);
      assert.ok(manifest.steps >= 1000, `it was trained for ${manifest.steps} steps`);
      assert.equal(manifest.seed, 0);
      assert.ok(manifest.loss! > 0 && manifest.loss! < 1.2, `its loss is ${manifest.loss}`);
      const {ratio, distance, floor} = manifest.quality!;
      assert.ok(ratio > 0.5 && ratio < worst, `its samples lie ${ratio} floors from the data`);
      assert.ok(Math.abs(distance / floor - ratio) < 0.01, "the ratio is that of distance and floor");
    });
  }

  it("are as good as their manifests say, with the library as it is now", () => {
    const set = pointSet("ring8");
    const pretrained = decodePointWeights(read("ring8"));
    const {ratio, spread} = pretrained.manifest.quality!;
    const now = pointQuality(pretrained, set, {samples: 500, steps: 50, repeats: 2, seed: 7});
    assert.ok(Math.abs(now.ratio - ratio) < 0.7 + 2 * spread, `it is ${now.ratio} now, and was ${ratio}`);
  });
});

describe("a file of a point network", () => {
  const random = seededRandom(1);
  const size = (shape: number[]) => shape.reduce((product, one) => product * one, 1);
  const ema = layerShapes(pretrainedShape.width).map((shape) => Float32Array.from(random.normals(size(shape))));
  const weights = {...pretrainedShape, weights: ema, ema};

  it("gives back each weight to three digits, in its place", () => {
    const {weights: back} = decodePointWeights(encodePointWeights(weights, {steps: 1}));
    assert.deepEqual(
      back.ema.map(({length}) => length),
      ema.map(({length}) => length)
    );
    const off = ema.map((array, k) =>
      array.reduce((most, w, i) => Math.max(most, Math.abs(back.ema[k][i] - w) / Math.max(Math.abs(w), 1e-3)), 0)
    );
    assert.ok(Math.max(...off) < 1e-3, `the largest relative error is ${Math.max(...off)}`);
  });

  it("refuses a network of another width, and a damaged file", () => {
    assert.throws(() => encodePointWeights({...weights, width: 64}, {steps: 1}), /64 units a layer.*has 112/);
    const bytes = encodePointWeights(weights, {steps: 1});
    bytes[500] ^= 1;
    assert.throws(() => decodePointWeights(bytes), /damaged/);
  });
});
