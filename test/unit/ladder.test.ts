import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {dpmSolver2MStep, sampleDpmSolver2M} from "../../lib/dpm-solver.js";
import {tamedMultistep} from "../../lib/few-steps-record.js";
import {sampleHeun} from "../../lib/heun.js";
import type {SolverName} from "../../lib/ladder.js";
import {
  climb,
  evaluationsOf,
  ladderError,
  ladderTruth,
  lambdaLadder,
  listLadder,
  observedOrder,
  solverNames,
  stepErrors
} from "../../lib/ladder.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdim} from "../../lib/sampler.js";
import {logSnr, makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {toTheEnd} from "../../lib/to-the-end.js";

const schedule = makeSchedule("linear");
const mixture = pointSet("tri").mixture!;
const xT = seededRandom(1).normals(120);
const timesteps = timestepList("trailing", {timesteps: 1000, steps: 12});

describe("lambdaLadder", () => {
  it("goes from end to end, even in lambda", () => {
    const levels = lambdaLadder({from: 1e-4, to: 0.999, steps: 7});
    assert.equal(levels.length, 8);
    assert.deepEqual([levels[0], levels[7]], [1e-4, 0.999]);
    const steps = levels.slice(1).map((level, i) => logSnr(level) - logSnr(levels[i]));
    for (const step of steps) assert.ok(Math.abs(step - steps[0]) < 1e-9, `${step}, ${steps[0]}`);
  });
});

describe("climb", () => {
  const levels = listLadder(schedule, timesteps);

  it("makes the same samples as the samplers on a list", () => {
    const samplers = {ddim: sampleDdim, "dpm-solver": sampleDpmSolver2M, heun: sampleHeun};
    for (const solver of solverNames) {
      const {x} = last(samplers[solver](mixtureDenoiser(mixture, schedule), xT, {schedule, timesteps}));
      const end = toTheEnd(climb(mixture, xT, {levels, solver}));
      end.forEach((value, i) => assert.ok(Math.abs(value - x[i]) < 1e-9, `${solver}, number ${i}`));
    }
  });

  it("has the orders 1, 2 and 2 between fixed ends", () => {
    const errorOf = (solver: SolverName, steps: number) => {
      const ladder = lambdaLadder({from: schedule.alphaBar[999], to: schedule.alphaBar[0], steps});
      return ladderError(
        toTheEnd(climb(mixture, xT, {levels: ladder, solver})),
        ladderTruth(mixture, xT, ladder, 1e-8)
      );
    };
    for (const [solver, order] of [
      ["ddim", 1],
      ["dpm-solver", 2],
      ["heun", 2]
    ] as const) {
      const seen = observedOrder([80, errorOf(solver, 80)], [160, errorOf(solver, 160)]);
      assert.ok(Math.abs(seen - order) < 0.15, `${solver} has the order ${seen}`);
    }
  });

  it("runs a multistep step of the caller’s, and complains when it returns no number", () => {
    const own = toTheEnd(climb(mixture, xT, {levels, solver: "dpm-solver", multistep: tamedMultistep}));
    const library = toTheEnd(climb(mixture, xT, {levels, solver: "dpm-solver"}));
    own.forEach((value, i) => assert.ok(Math.abs(value - library[i]) < 1e-9, `number ${i}`)); // no step is a long one
    const nothing = () => undefined as unknown as number;
    assert.throws(() => toTheEnd(climb(mixture, xT, {levels, solver: "dpm-solver", multistep: nothing})), /no number/);
  });
});

describe("tamedMultistep", () => {
  const [x, x0, x0Before] = [0.3, 0.9, 0.4];
  const at = (alphaBar: number, before: number) => {
    const [alphaBarPrev, half] = [0.8, (a: number, b: number) => (logSnr(b) - logSnr(a)) / 2];
    const input = {
      x,
      x0,
      x0Before,
      h: half(alphaBar, alphaBarPrev),
      hBefore: half(before, alphaBar),
      alphaBar,
      alphaBarPrev
    };
    const previous = {x0: Float64Array.of(x0Before), alphaBar: before};
    const [first, second] = [undefined, previous].map(
      (p) => dpmSolver2MStep(Float64Array.of(x), Float64Array.of(x0), {alphaBar, alphaBarPrev, previous: p})[0]
    );
    return {tamed: tamedMultistep(input), first, second};
  };

  it("is 2M’s step after a step of like length, and DDIM’s after a much shorter one", () => {
    const like = at(0.5, 0.2);
    assert.ok(Math.abs(like.tamed - like.second) < 1e-12, `${like.tamed}, ${like.second}`);
    const long = at(0.5, 0.45);
    assert.ok(Math.abs(long.tamed - long.first) < 1e-12, `${long.tamed}, ${long.first}`);
  });
});

describe("stepErrors", () => {
  it("has an error for each step, and none where the path is straight", () => {
    const levels = listLadder(schedule, timesteps);
    const errors = toTheEnd(stepErrors(mixture, xT, levels));
    assert.equal(errors.length, 12);
    assert.ok(errors[11] > 10 * errors[0], `the last errs by ${errors[11]}, the first by ${errors[0]}`);
    const point = {weights: [1], means: [[0.3, -0.2]], stds: [1e-6]}; // all paths lead straight to one point
    for (const error of toTheEnd(stepErrors(point, xT, levels.slice(0, -1)))) assert.ok(error < 1e-4, `${error}`);
  });
});

describe("evaluationsOf", () => {
  it("counts one call a step, and for Heun two but in a last step to clean data", () => {
    assert.equal(evaluationsOf("ddim", [0.1, 0.5, 1]), 2);
    assert.equal(evaluationsOf("dpm-solver", [0.1, 0.5, 1]), 2);
    assert.equal(evaluationsOf("heun", [0.1, 0.5, 1]), 3);
    assert.equal(evaluationsOf("heun", [0.1, 0.5, 0.9]), 4);
  });
});
