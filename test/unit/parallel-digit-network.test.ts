import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {DigitBatch} from "../../lib/digits/digit-network.js";
import type {GradientHelper} from "../../lib/digits/parallel-digit-network.js";
import {parallelDigitNetwork} from "../../lib/digits/parallel-digit-network.js";
import {createWasmDigitNetwork} from "../../lib/digits/wasm-digit-network.js";
import {seededRandom} from "../../lib/random.js";
import {gradientHelpers, gradientWork, helperCount} from "../../src/components/digit-gradient-work.js";
import type {WorkerLike} from "../../src/components/worker-calls.js";
import {answering} from "../../src/components/worker-calls.js";

function batchOf(n: number, seed: number): DigitBatch {
  const random = seededRandom(seed);
  return {
    x: Float32Array.from(random.normals(784 * n)),
    target: Float32Array.from(random.normals(784 * n)),
    t: Array.from({length: n}, () => random.integer(1000)),
    labels: Array.from({length: n}, () => random.integer(11))
  };
}

/** A worker in this process, which can be made to die. */
function worker(): WorkerLike & {dead: boolean; asked: number} {
  const own: WorkerLike & {dead: boolean; asked: number} = {
    dead: false,
    asked: 0,
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    postMessage(message: unknown) {
      own.asked += 1;
      if (own.dead) queueMicrotask(() => own.onerror?.call(own as never, {message: "it died"} as ErrorEvent));
      else void take(structuredClone(message));
    },
    terminate: () => void (own.dead = true)
  };
  const take = answering(gradientWork(), (data) =>
    own.onmessage?.call(own as never, {data: structuredClone(data)} as MessageEvent)
  );
  return own;
}

async function helped(count: number): Promise<{workers: ReturnType<typeof worker>[]; helpers: GradientHelper[]}> {
  const workers: ReturnType<typeof worker>[] = [];
  const spawn = () => workers[workers.push(worker()) - 1];
  return {helpers: await gradientHelpers(count + 2, spawn), workers};
}

function near(actual: Float32Array, expected: Float32Array, tolerance: number, what: string): void {
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  assert.ok(worst <= tolerance, `${what} are ${worst} apart, at most ${tolerance} is rounding`);
}

describe("a digit network on several cores", () => {
  it("takes the gradient and the loss of the whole batch, but for rounding", async () => {
    const {helpers, workers} = await helped(2);
    const [one, several] = [await createWasmDigitNetwork(), await createWasmDigitNetwork()];
    const shared = parallelDigitNetwork(several, helpers);
    for (const [i, n] of [7, 64].entries()) {
      one.step(batchOf(n, i), 1e-3, 0.5);
      await shared.step(batchOf(n, i), 1e-3, 0.5);
      const gradient = one.gradient();
      const size = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      near(several.gradient(), gradient, (i ? 5e-3 : 1e-5) * size, `the gradients of batch ${i}`);
    }
    assert.ok(Math.abs((await shared.readLoss()) - (await one.readLoss())) < 1e-4, "the losses differ");
    const [a, b] = [await shared.save(), await one.save()];
    assert.equal(a.step, 2);
    near(a.weights, b.weights, 2e-3, "the weights"); // Adam's first steps go by the sign of a gradient near 0
    assert.deepEqual(
      workers.map(({asked}) => asked),
      [3, 3],
      "each helper is begun, and takes a share of both steps"
    );
    shared.dispose();
    assert.ok(
      workers.every(({dead}) => dead),
      "the helpers are ended with the network"
    );
  });

  it("gives a batch of one digit to itself", async () => {
    const {helpers, workers} = await helped(1);
    const shared = parallelDigitNetwork(await createWasmDigitNetwork(), helpers);
    await shared.step(batchOf(1, 3), 1e-3, 0.5);
    assert.equal(workers[0].asked, 1);
    assert.ok(Number.isFinite(await shared.readLoss()), "there is a loss");
  });

  it("takes the share of a helper that died, and does without it from then on", async () => {
    const {helpers, workers} = await helped(2);
    const [one, several] = [await createWasmDigitNetwork(), await createWasmDigitNetwork()];
    const shared = parallelDigitNetwork(several, helpers);
    workers[0].dead = true;
    const batch = batchOf(9, 4);
    one.step(batch, 1e-3, 0.5);
    await shared.step(batch, 1e-3, 0.5);
    near(several.gradient(), one.gradient(), 1e-5, "the gradients");
    assert.ok(Math.abs((await shared.readLoss()) - (await one.readLoss())) < 1e-5, "the losses differ");
    const before = workers[0].asked;
    await shared.step(batch, 1e-3, 0.5);
    assert.equal(workers[0].asked, before, "the dead one is not asked again");
    assert.equal(workers[1].asked, 3, "the other one goes on");
  });

  it("does without helpers that do not start", async () => {
    const spawn = () => {
      throw new Error("workers in workers are not allowed");
    };
    assert.deepEqual(await gradientHelpers(8, spawn), []);
  });

  it("has helpers for two cores, leaves one core of more to the page, and shares a batch among four at most", () => {
    assert.deepEqual([1, 2, 3, 4, 5, 16].map(helperCount), [0, 1, 1, 2, 3, 3]);
  });
});
