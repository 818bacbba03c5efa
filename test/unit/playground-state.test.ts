import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {pointSets} from "../../lib/points/index.js";
import type {PlaygroundState} from "../../src/components/playground-state.js";
import {playgroundDefaults, presets, readPlayground, writePlayground} from "../../src/components/playground-state.js";

const sets = pointSets.map(({name}) => name);
const read = (hash: string) => readPlayground(hash, sets);

describe("the playground's link", () => {
  it("is empty for the usual settings, and an empty one gives these", () => {
    assert.equal(writePlayground(playgroundDefaults), "");
    assert.deepEqual(read(""), {state: playgroundDefaults, problems: []});
  });

  it("names what differs in words that a person can read", () => {
    assert.equal(
      writePlayground({...playgroundDefaults, data: "tri", steps: 10, eta: 0.5, list: "quadratic"}),
      "data=tri&steps=10&eta=0.5&list=quadratic"
    );
  });

  it("gives back every state that it was written for", () => {
    const state = fc.record<PlaygroundState>({
      data: fc.constantFrom(...sets),
      denoiser: fc.constantFrom("exact", "pretrained", "trained"),
      schedule: fc.constantFrom("linear", "cosine", "scaled_linear", "sigmoid"),
      sampler: fc.constantFrom("ddim", "ddpm", "ddpm-large", "dpm-solver", "heun"),
      steps: fc.integer({min: 1, max: 1000}),
      eta: fc.double({min: 0, max: 20, noNaN: true}).map(Math.abs),
      list: fc.constantFrom("trailing", "leading", "linspace", "uniform", "quadratic"),
      clip: fc.integer({min: 0, max: 100}),
      points: fc.integer({min: 1, max: 5000}),
      trajectories: fc.constantFrom("none", "some", "all"),
      seed: fc.integer({min: 0, max: 1e9}),
      noise: fc.integer({min: 0, max: 1e9})
    });
    fc.assert(
      fc.property(state, (own) => assert.deepEqual(read(`#${writePlayground(own)}`), {state: {...own}, problems: []}))
    );
  });

  it("says each fault in a sentence, and keeps what is right", () => {
    const {state, problems} = read("#steps=0&eta=x&data=cat&sampler=euler&colour=red&points=2.5&list=quadratic&seed=");
    assert.deepEqual(state, {...playgroundDefaults, list: "quadratic"});
    assert.match(problems[0], /sets steps to “0”; it is a whole number from 1 to 1000\./);
    assert.match(problems[1], /sets eta to “x”; it is a number from 0 to 20\./);
    assert.match(problems[2], /sets data to “cat”; there are tri, ring8/);
    assert.match(problems[3], /sets sampler to “euler”; there are ddim, ddpm/);
    assert.match(problems[4], /sets colour, which the playground does not have/);
    assert.match(problems[5], /sets points to “2\.5”/);
    assert.match(problems[6], /sets seed to “”/);
    assert.equal(problems.length, 7);
    for (const name of ["toString", "constructor", "__proto__"])
      assert.match(read(`#${name}=1`).problems[0], new RegExp(`sets ${name}, which the playground does not have`));
  });

  it("has presets whose states it can hold, each with a title of its own", () => {
    assert.equal(new Set(presets.map(({title}) => title)).size, presets.length);
    for (const {title, state} of presets) {
      const whole = {...playgroundDefaults, ...state};
      assert.deepEqual(read(writePlayground(whole)), {state: whole, problems: []}, title);
    }
  });
});
