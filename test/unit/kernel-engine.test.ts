import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {cosineDecay} from "../../lib/cosine-decay.js";
import {pointSet} from "../../lib/points/index.js";
import {drawnPoints} from "../../lib/points/drawn.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import type {TrainingReport} from "../../lib/training.js";
import {kernelEngine, kernelRate} from "../../src/components/kernel-engine.js";
import {pointWork} from "../../src/components/point-work.js";
import type {TrainingEngine} from "../../src/components/training-engine.js";
import type {TrainingPlan} from "../../src/components/training-plan.js";
import type {WorkerLike} from "../../src/components/worker-calls.js";
import {answering} from "../../src/components/worker-calls.js";

const plan: TrainingPlan = {
  set: pointSet("ring8"),
  schedule: makeSchedule("cosine"),
  prediction: "v",
  learningRate: 3e-3,
  steps: 60,
  backend: "kernels"
};

/** A worker without a worker: its messages are copied as those of a real one are. */
interface FakeWorker extends WorkerLike {
  asked: string[];
  /** Lets the worker stop as it does when memory is short. */
  crash(): void;
}

function fakeWorker(): FakeWorker {
  let alive = true;
  const take = answering(pointWork(), (reply) => {
    const data: unknown = structuredClone(reply);
    setImmediate(() => alive && worker.onmessage?.call(undefined as never, {data} as MessageEvent));
  });
  const worker: FakeWorker = {
    asked: [],
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    postMessage(message: {task: string}) {
      worker.asked.push(message.task);
      const copy: unknown = structuredClone(message);
      setImmediate(() => alive && take(copy));
    },
    terminate: () => void (alive = false),
    crash() {
      alive = false;
      worker.onerror?.call(undefined as never, {message: "out of memory"} as ErrorEvent);
    }
  };
  return worker;
}

async function withEngine(
  use: (engine: TrainingEngine, workers: FakeWorker[], abort: AbortController) => Promise<void>,
  options: Partial<TrainingPlan> = {}
): Promise<void> {
  const workers: FakeWorker[] = [];
  const abort = new AbortController();
  const spawn = () => workers[workers.push(fakeWorker()) - 1];
  const settings = {plan: {...plan, ...options}, isTraining: () => true, signal: abort.signal};
  const engine = await kernelEngine(settings, spawn);
  try {
    await use(engine, workers, abort);
  } finally {
    engine.dispose();
  }
}

const round = {learningRate: 3e-3, steps: 60, seed: 0, code: {}};

async function collect(reports: AsyncGenerator<TrainingReport, void>): Promise<TrainingReport[]> {
  const all: TrainingReport[] = [];
  for await (const report of reports) all.push(report);
  return all;
}

describe("the engine of our kernels", () => {
  it("trains in its worker to the end, with reports, samples, a field and weights", () =>
    withEngine(async (engine) => {
      const reports = await collect(engine.round(round));
      assert.deepEqual([reports.at(-1)!.step, reports.at(-1)!.steps, reports.at(-1)!.backend], [60, 60, "our kernels"]);
      assert.ok(reports.every(({loss}) => loss > 0 && loss < 2));
      assert.equal((await engine.sample(5))!.length, 1000);
      assert.equal((await engine.field(seededRandom(1).normals(20), 300))!.length, 20);
      const {weights, ema} = (await engine.weights())!;
      assert.notDeepEqual(weights, ema);
    }));

  it("goes on from a copy in another worker when its own stops, and says so", () =>
    withEngine(async (engine, workers) => {
      const long = {...round, steps: 4000};
      const reports = engine.round(long);
      await reports.next();
      const asked = reports.next();
      workers[0].crash();
      const {value} = await asked;
      assert.match(value!.restarted!, /the worker that trains stopped; another goes on from step 0/);
      const next = await reports.next();
      assert.equal(workers.length, 2);
      assert.ok(next.value!.step > 0 && next.value!.loss > 0);
      await reports.return();
    }));

  it("goes on with a round that began elsewhere, at the learning rate of that step", () =>
    withEngine(async (engine) => {
      const reports = await collect(engine.round({...round, from: 40}));
      assert.deepEqual([reports[0].step, reports.at(-1)!.step], [50, 60]);
      assert.ok(Math.abs(reports[0].learningRate - cosineDecay(3e-3, 49, 60)) < 1e-12, "half a cosine of 60 steps");
    }));

  it("measures its rate in a worker of its own", async () => {
    const workers: FakeWorker[] = [];
    const rate = await kernelRate(() => workers[workers.push(fakeWorker()) - 1]);
    assert.ok(rate > 1 && rate < 1e5, `it is ${rate}`);
    assert.deepEqual(workers[0].asked, ["rate"]);
  });

  it("goes on also when the worker stops while it samples", () =>
    withEngine(async (engine, workers) => {
      const reports = engine.round({...round, steps: 4000});
      await reports.next();
      const samples = engine.sample(50);
      workers[0].crash();
      assert.equal(await samples, undefined);
      assert.equal((await engine.sample(5))!.length, 1000, "another worker answers");
      assert.match((await reports.next()).value!.restarted!, /another goes on/);
      assert.ok((await reports.next()).value!.step > 0);
      await reports.return();
    }));

  it("gives up a worker that stops again and again", () =>
    withEngine(async (engine, workers) => {
      const reports = engine.round({...round, steps: 4000});
      for (let i = 0; i < 3; ++i) {
        const asked = reports.next();
        await new Promise((resolve) => setTimeout(resolve, 20));
        workers.at(-1)!.crash();
        for (let value = (await asked).value!; !value.restarted; value = (await reports.next()).value!);
      }
      const asked = reports.next();
      await new Promise((resolve) => setTimeout(resolve, 20));
      workers.at(-1)!.crash();
      await assert.rejects(asked, {name: "WorkerStopped", message: /out of memory.*is gone/});
    }));

  it("tells of a loss that is no number by the error's name and its step", () =>
    withEngine(async (engine) => {
      await assert.rejects(collect(engine.round({...round, learningRate: 1e30})), {
        name: "TrainingDiverged",
        restoredStep: 0
      });
      assert.ok((await engine.weights())!.weights.every((values) => Array.from(values).every(Number.isFinite)));
    }));

  it("trains on a drawing, and ends with its page", () =>
    withEngine(
      async (engine, _, abort) => {
        assert.equal((await collect(engine.round({...round, steps: 5}))).at(-1)!.step, 5);
        const asked = engine.sample(1000);
        abort.abort();
        assert.equal(await asked, undefined);
      },
      {set: drawnPoints(seededRandom(3).normals(60))}
    ));
});
