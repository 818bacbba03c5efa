import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {ChoiceEffects} from "../../src/components/engine-choice.js";
import {chooseEngine} from "../../src/components/engine-choice.js";

/** A browser with a graphics card, whose rates are those given. */
function browser(kernels: number | Error, shaders: number | Error): ChoiceEffects & {measured: string[]} {
  const measured: string[] = [];
  const measure = (name: string, rate: number | Error) => async () => {
    measured.push(name);
    if (rate instanceof Error) throw rate;
    return rate;
  };
  return {
    measured,
    hasCard: async () => true,
    kernelRate: measure("kernels", kernels),
    shaderRate: measure("shaders", shaders)
  };
}

describe("the choice between our kernels and our shaders", () => {
  it("is the kernels where there is no card, and then nothing is measured or said", async () => {
    const effects = {...browser(200, 9000), hasCard: async () => false};
    assert.deepEqual(await chooseEngine(effects), {name: "kernels", line: "", trials: []});
    assert.deepEqual(effects.measured, []);
  });

  it("takes what is faster here, and says how fast both are", async () => {
    const effects = browser(241, 5230);
    const {name, line, trials} = await chooseEngine(effects);
    assert.equal(name, "webgpu");
    assert.equal(
      line,
      "Our WebGPU shaders are the fastest here, with 5230 training steps a second; our kernels make 241."
    );
    assert.deepEqual(
      trials.map(({name, stepsPerSecond}) => [name, stepsPerSecond]),
      [
        ["kernels", 241],
        ["webgpu", 5230]
      ]
    );
    assert.deepEqual(effects.measured, ["kernels", "shaders"], "one after the other, so that they do not share a core");
    const {name: slow, line: why} = await chooseEngine(browser(241, 12));
    assert.equal(slow, "kernels");
    assert.match(why, /^Our kernels are the fastest here, with 241 .*; our WebGPU shaders make 12\.$/);
  });

  it("takes what starts, and says why the other does not", async () => {
    const card = await chooseEngine(browser(new Error("no SIMD."), 5000));
    assert.equal(card.name, "webgpu");
    assert.match(card.line, /; our kernels do not start: no SIMD\.$/);
    const core = await chooseEngine(browser(200, new Error("this graphics card does not take the shader “learn”")));
    assert.equal(core.name, "kernels");
    assert.match(core.line, /our WebGPU shaders do not start: this graphics card does not take/);
  });

  it("leaves it to the kernels, which say what is wrong, when neither starts", async () => {
    const {name, line, trials} = await chooseEngine(browser(new Error("no SIMD"), new Error("no card")));
    assert.deepEqual([name, line], ["kernels", ""]);
    assert.ok(
      trials.every(({available}) => !available),
      "neither is there"
    );
  });
});
