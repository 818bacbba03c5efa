import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {noLabel} from "../../lib/digits/digit.js";
import {guide} from "../../lib/digits/digit-predictor.js";
import {seededRandom} from "../../lib/random.js";
import {slerp} from "../../lib/slerp.js";
import {blendOf, ddimStepOf, denoiserOf} from "../../src/components/digit-code.js";
import {fakeDigits} from "./digit-fake.js";
import {assertAllNear} from "./near.js";

const x = seededRandom(1).normals(2 * 784);

describe("denoiserOf(code, predictor, labels, w)", () => {
  it("asks the network once at w = 0 and w = 1, and otherwise twice in one batch, also with the page's own cell", async () => {
    for (const code of [{}, {guide}, {guide: (a: number, b: number, w: number) => (1 - w) * b + w * a}]) {
      for (const [w, asked] of [
        [0, 2],
        [1, 2],
        [1.5, 4]
      ]) {
        const network = fakeDigits();
        const denoiser = denoiserOf(code, network, [3, 7], w);
        await denoiser.predict(x, 500);
        assert.deepEqual(network.calls, [asked], `w = ${w}`);
        assert.equal(denoiser.evaluations, asked / 2);
      }
    }
  });

  it("is the mixture of both answers", async () => {
    const network = fakeDigits();
    const input = Float32Array.from(x);
    const [labelled, plain] = [
      await network.predict(input, 9, [3, 7]),
      await network.predict(input, 9, [noLabel, noLabel])
    ];
    const mixed = await denoiserOf({guide}, network, [3, 7], 2).predict(x, 9);
    assertAllNear(
      mixed,
      labelled.map((value, i) => plain[i] + 2 * (value - plain[i])),
      1e-5
    );
  });

  it("runs the reader's formula, also where the library's would ask only once", async () => {
    const network = fakeDigits();
    const denoiser = denoiserOf({guide: (labelled, plain) => plain - labelled}, network, [3, 7], 1);
    const v = await denoiser.predict(x, 500);
    assert.deepEqual(network.calls, [4]);
    const [labelled, plain] = [
      await network.predict(Float32Array.from(x), 500, [3, 7]),
      await network.predict(Float32Array.from(x), 500, [noLabel, noLabel])
    ];
    assertAllNear(
      v,
      plain.map((value, i) => value - labelled[i]),
      1e-5
    );
  });

  it("says whose fault it is when the reader's formula makes no numbers", async () => {
    const wrong = (result: unknown) => ({guide: () => result as number});
    for (const [result, what] of [
      [undefined, /“guide” stopped: it returned nothing, but it should return the velocity/],
      [NaN, /“guide” stopped: it returned the number NaN/],
      [[1], /“guide” stopped: it returned 1 numbers/]
    ] as const) {
      assert.throws(() => denoiserOf(wrong(result), fakeDigits(), [3, 7], 1.5), what);
    }
    const late = {guide: (labelled: number) => (Math.abs(labelled) > 4 ? NaN : labelled ** 2)};
    const far = x.map((value) => 100 * value);
    await assert.rejects(() => denoiserOf(late, fakeDigits(), [3, 7], 1.5).predict(far, 500), /“guide” stopped/);
  });
});

describe("ddimStepOf(code)", () => {
  it("names the cell in what its step throws, and is not there without a cell", () => {
    assert.equal(ddimStepOf({}), undefined);
    const step = ddimStepOf({ddimStep: () => "3" as unknown as number})!;
    const input = {x: 1, epsilon: 1, alphaBar: 0.5, alphaBarPrev: 0.6, sigma: 0, z: 0};
    assert.throws(() => step(input), /The cell “ddim-step” stopped: it returned a value of type string/);
  });
});

describe("blendOf(code)", () => {
  const [a, b] = [seededRandom(1).normals(784), seededRandom(2).normals(784)];

  it("is slerp without a cell, and the reader's way with one", () => {
    assert.equal(blendOf({}), slerp);
    const straight = blendOf({slerp: (a, b, share) => a.map((value, i) => (1 - share) * value + share * b[i])});
    assertAllNear(
      straight(a, b, 0.25),
      a.map((value, i) => 0.75 * value + 0.25 * b[i]),
      1e-12
    );
  });

  it("takes a plain array too, and says what is no noise", () => {
    assert.equal(blendOf({slerp: () => [...a] as unknown as Float64Array})(a, b, 0).length, 784);
    const returns = (result: unknown) => () => blendOf({slerp: () => result as Float64Array})(a, b, 0.5);
    assert.throws(
      returns(undefined),
      /“slerp” stopped: it returned nothing, but it should return a noise, 784 numbers/
    );
    assert.throws(returns([1, 2]), /“slerp” stopped: it returned 2 numbers/);
    assert.throws(returns(a.map(() => NaN)), /“slerp” stopped: it returned numbers that are not finite/);
  });
});
