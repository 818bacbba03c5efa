import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {digitBatches} from "../../lib/digits/digit-batches.js";
import type {DigitNetwork} from "../../lib/digits/digit-network.js";
import type {DigitShape} from "../../lib/digits/digit-shape.js";
import {digitSchedule, noLabel} from "../../lib/digits/digit.js";
import {digitLearningRate, trainDigits, TrainingDiverged} from "../../lib/digits/digit-training.js";
import {createWasmDigitNetwork} from "../../lib/digits/wasm-digit-network.js";

const shape: DigitShape = {outer: 8, inner: 16, embedding: 16, mixing: 12};
// Ten digits: a bright square whose place says which it is.
const labels = Uint8Array.from({length: 40}, (_, i) => i % 10);
const pixels = new Uint8Array(40 * 784);
labels.forEach((label, i) => {
  for (let y = 0; y < 8; ++y)
    for (let x = 0; x < 4; ++x) pixels[i * 784 + (y + 2 * (label % 5) + 6) * 28 + x + 2 * label + 3] = 255;
});

describe("batches of digits", () => {
  it("are the noised digits with the velocity that is in them", () => {
    const {x, target, t, labels: shown} = digitBatches({pixels, labels, batch: 200, seed: 3})(5);
    const dropped = Array.from(shown).filter((label) => label === noLabel).length;
    assert.ok(dropped > 5 && dropped < 40, `${dropped} of 200 labels are dropped`);
    for (let i = 0; i < 200; ++i) {
      const alphaBar = digitSchedule.alphaBar[t[i]];
      // x0 = sqrt(alphaBar) x - sqrt(1 - alphaBar) v is black or white, and is the digit of the label.
      const x0 = Float64Array.from(
        {length: 784},
        (_, j) => Math.sqrt(alphaBar) * x[784 * i + j] - Math.sqrt(1 - alphaBar) * target[784 * i + j]
      );
      assert.ok(
        x0.every((value) => Math.abs(Math.abs(value) - 1) < 1e-4),
        "x and v do not belong together"
      );
      if (shown[i] === noLabel) continue;
      const place = labels.indexOf(shown[i]) * 784;
      assert.ok(
        x0.every((value, j) => Math.abs((value + 1) / 2 - pixels[place + j] / 255) < 1e-4),
        "the label is of another digit"
      );
    }
  });

  it("depend on the seed and the step only", () => {
    const draw = (seed: number) => digitBatches({pixels, labels, batch: 4, seed});
    const later = draw(1);
    later(0);
    assert.deepEqual(later(7), draw(1)(7));
    assert.notDeepEqual(draw(1)(7), draw(1)(8));
    assert.notDeepEqual(draw(1)(7), draw(2)(7));
  });

  it("refuse pixels that do not fit", () => {
    assert.throws(() => digitBatches({pixels: pixels.subarray(1), labels, batch: 4, seed: 0}), /pixels for 40 labels/);
    assert.throws(() => digitBatches({pixels, labels, batch: 0, seed: 0}), /at least one/);
  });
});

describe("training on digits", () => {
  const base = {pixels, labels, batch: 16, steps: 60, reportEvery: 10};

  it("lowers the loss, says how far it is, and ends with its steps", async () => {
    const network = await createWasmDigitNetwork({shape});
    const reports = await all(trainDigits({...base, network}));
    assert.deepEqual(
      reports.map(({step}) => step),
      [10, 20, 30, 40, 50, 60]
    );
    assert.ok(reports[5].loss < 0.75 * reports[0].loss, `the loss went from ${reports[0].loss} to ${reports[5].loss}`);
    assert.equal((await network.save()).step, 60);
    assert.equal(reports[0].backend, "wasm");
  });

  it("goes on from a saved state exactly", async () => {
    const whole = await createWasmDigitNetwork({shape});
    await all(trainDigits({...base, network: whole, steps: 20}));
    const first = await createWasmDigitNetwork({shape});
    for await (const {step} of trainDigits({...base, network: first, steps: 20})) if (step === 10) break;
    const second = await createWasmDigitNetwork({shape, seed: 5});
    second.load(await first.save());
    await all(trainDigits({...base, network: second, steps: 20}));
    assert.deepEqual(await second.save(), await whole.save());
  });

  it("stops when asked", async () => {
    const network = await createWasmDigitNetwork({shape});
    const controller = new AbortController();
    let count = 0;
    for await (const _ of trainDigits({...base, network, signal: controller.signal})) {
      if (++count === 2) controller.abort();
    }
    assert.equal(count, 2);
  });

  it("says so when the loss is no number, with the last good weights back", async () => {
    const network = await createWasmDigitNetwork({shape});
    const run = all(trainDigits({...base, network, learningRate: 1e38}));
    await assert.rejects(
      run,
      (error: unknown) => error instanceof TrainingDiverged && /0.008 works/.test(error.message)
    );
    assert.ok((await network.save()).weights.every(Number.isFinite), "weights that are not finite stayed");
  });

  it("goes on from its copy when the graphics card is lost", async () => {
    const network = await createWasmDigitNetwork({shape});
    let steps = 0;
    let lost = false;
    const fragile: DigitNetwork = {
      ...network,
      step(batch, rate, decay) {
        lost ||= ++steps === 15;
        if (lost) throw new Error("the context is lost");
        network.step(batch, rate, decay);
      },
      isLost: () => lost,
      async recover() {
        lost = false;
        return "the graphics card stopped webgl: running on webgl";
      }
    };
    const reports = await all(trainDigits({...base, network: fragile, steps: 20}));
    const restart = reports.find(({restarted}) => restarted);
    assert.match(restart!.restarted!, /stopped webgl: running on webgl; going on from step \d+/);
    assert.equal(reports.at(-1)!.step, 20);
    assert.ok(Number.isFinite(reports.at(-1)!.loss), "the last loss is no number");
  });

  it("rises for 20 steps, then falls to 0 in equal steps", () => {
    assert.equal(digitLearningRate(0, 1000, 1), 0.05);
    assert.equal(digitLearningRate(19, 1000, 1), 1 - 0.019);
    assert.ok(Math.abs(digitLearningRate(500, 1000, 1) - 0.5) < 1e-12, "the middle is not half");
    assert.ok(digitLearningRate(999, 1000, 1) < 2e-3, "the end is not 0");
  });

  it("refuses settings that make no sense", async () => {
    const network = await createWasmDigitNetwork({shape});
    await assert.rejects(all(trainDigits({...base, network, steps: 0})), /steps is 0/);
    await assert.rejects(all(trainDigits({...base, network, learningRate: 0})), /learningRate is 0/);
  });
});

async function all<A>(items: AsyncIterable<A>): Promise<A[]> {
  const list: A[] = [];
  for await (const item of items) list.push(item);
  return list;
}
