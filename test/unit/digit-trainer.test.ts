import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {digitPixels} from "../../lib/digits/digit.js";
import type {TrainingEvent, TrainingWish} from "../../src/components/digit-messages.js";
import {digitTrainer} from "../../src/components/digit-trainer.js";
import {countingWorkshop} from "./digit-worker.js";

const wish: TrainingWish = {steps: 8, batch: 8, learningRate: 1, seed: 0, backend: "wasm", samplingSteps: 2};
const data = {pixels: new Uint8Array(digitPixels), labels: new Uint8Array(1)};

describe("digitTrainer", () => {
  /** Trains with a workshop that only counts, and returns what was told. */
  async function run(
    change: (workshop: ReturnType<typeof countingWorkshop>) => void,
    options: Partial<TrainingWish> = {}
  ) {
    const workshop = countingWorkshop();
    change(workshop);
    const trainer = digitTrainer(workshop);
    trainer.use(data);
    const events: TrainingEvent[] = [];
    const end = await trainer.run({...wish, ...options}, undefined, (event) => events.push(event));
    return {end, events, trainer, workshop};
  }

  it("has nothing to train on until it is given digits", async () => {
    await assert.rejects(
      digitTrainer(countingWorkshop()).run(wish, undefined, () => {}),
      {message: /no digits to train on yet/}
    );
  });

  it("says how many kernels are compiled of a backend that it tries", async () => {
    const {events} = await run(
      (workshop) => {
        const {network} = workshop;
        workshop.network = (name, options) => {
          options.onCompiled?.(3, 42);
          return network(name, options);
        };
      },
      {backend: "webgl"}
    );
    const lines = events.flatMap((event) => (event.kind === "starting" ? [event.line] : []));
    assert.deepEqual(lines, ["trying webgl", "trying webgl, compiling 3 of 42 kernels"]);
  });

  it("draws samples at the end, of 20 digits, with the network as it is then", async () => {
    const {events} = await run(() => {});
    const last = events.at(-1)!;
    assert.ok(last.kind === "samples", `the last event is ${last.kind}`);
    assert.deepEqual([last.step, last.pixels.length], [8, 20 * digitPixels]);
  });

  it("draws with our own kernels what is learnt on a graphics card, and on the card where they do not run", async () => {
    for (const missing of [{}, {wasm: "this browser has no WebAssembly"}]) {
      const asked: string[] = [];
      const {events, workshop} = await run(
        (workshop) => {
          const {network} = workshop;
          Object.assign(workshop.missing, missing);
          workshop.network = async (...wish) => {
            const made = await network(...wish);
            const {predict} = made;
            made.predict = (...batch) => (asked.push(made.backend), predict.apply(made, batch));
            return made;
          };
        },
        {backend: "webgl"}
      );
      assert.deepEqual([...new Set(asked)], ["wasm" in missing ? "webgl" : "wasm"]);
      assert.equal(events.at(-1)!.kind, "samples");
      assert.ok(
        workshop.made.every(({disposed}) => disposed),
        "all networks are freed"
      );
    }
  });

  it("draws none when none are asked for", async () => {
    const {events} = await run(() => {}, {samplingSteps: 0});
    assert.deepEqual(
      events.filter(({kind}) => kind === "samples"),
      []
    );
  });

  it("draws on the way as well, for a fifth of the time at most", async () => {
    const {events} = await run((workshop) => (workshop.millisecondsAStep = 100), {steps: 20});
    const drawn = events.flatMap((event) => (event.kind === "samples" ? [event.step] : []));
    assert.ok(drawn.length >= 2 && drawn.length <= 3, `samples of steps ${drawn}`);
  });

  it("reports about four times a second", async () => {
    for (const [rate, every] of [
      [0.5, 1],
      [8, 2],
      [400, 10]
    ]) {
      const {events} = await run((workshop) => (workshop.rates.wasm = rate), {steps: 30});
      const steps = events.flatMap((event) => (event.kind === "report" ? [event.report.step] : []));
      assert.equal(steps[0], every);
    }
  });

  it("goes on sampling after a graphics card was lost in the middle of it", async () => {
    const {events, end} = await run((workshop) => {
      const {network} = workshop;
      workshop.network = async (...asked) => {
        const made = await network(...asked);
        made.predict = () => Promise.reject(Object.assign(new Error("lost"), {name: "BackendLost"}));
        return made;
      };
    });
    assert.equal(end.outcome, "finished");
    assert.deepEqual(
      events.filter(({kind}) => kind === "samples"),
      []
    );
  });

  it("goes on with our own kernels, from where it was, when a graphics card does not train any more", async () => {
    const {events, end, workshop} = await run(
      (workshop) => {
        const {train} = workshop;
        workshop.train = async function* (options) {
          for await (const report of train(options)) {
            if (report.backend === "webgl" && report.step === 5) throw new Error("no kernel.");
            yield report;
          }
        };
      },
      {backend: "webgl", samplingSteps: 0}
    );
    assert.deepEqual(end, {step: 8, outcome: "finished"});
    const reports = events.flatMap((event) => (event.kind === "report" ? [event.report] : []));
    const restarted = "webgl failed (no kernel); going on from step 5 on our own kernels";
    assert.deepEqual(
      reports.map((report) => report.restarted ?? report.step),
      [1, 2, 3, 4, restarted, 6, 7, 8]
    );
    assert.ok(
      workshop.made.slice(0, -1).every(({disposed}) => disposed),
      "the networks before it are freed"
    );
  });

  it("keeps no state that is not finite", async () => {
    const {trainer} = await run((workshop) => {
      const {network} = workshop;
      workshop.network = async (...asked) => {
        const made = await network(...asked);
        const {save} = made;
        made.save = async () => {
          const state = await save();
          if (state.step > 5) state.first[0] = NaN;
          return state;
        };
        return made;
      };
    });
    assert.equal(await trainer.save(), undefined);
  });

  it("tells what it tries, what it took and how fast each is", async () => {
    const {events} = await run(() => {}, {backend: "auto"});
    const lines = events.flatMap((event) => ("line" in event ? [event.line] : []));
    assert.deepEqual(lines.slice(0, 3), ["trying wasm", "trying webgpu", "trying webgl"]);
    assert.match(lines[3], /^wasm is the fastest here, with 7.0 training steps a second; .*\.$/);
    const started = events.find((event) => event.kind === "started")!;
    assert.deepEqual(Object.keys(started.rates), ["wasm", "webgpu", "webgl"]);
  });
});
