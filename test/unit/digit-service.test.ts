import assert from "node:assert/strict";
import {afterEach, describe, it} from "node:test";
import {digitPixels} from "../../lib/digits/digit.js";
import type {DigitArray} from "../../lib/digits/digit-set.js";
import type {TrainingEvent, TrainingWish} from "../../src/components/digit-messages.js";
import type {DigitService} from "../../src/components/digit-service.js";
import {digitService} from "../../src/components/digit-service.js";
import type {Workshop} from "./digit-worker.js";
import {countingWorkshop, stateOf, workerOf} from "./digit-worker.js";

Object.assign(globalThis, {document: {baseURI: "http://course.example/some/page.html"}});

const wish: TrainingWish = {steps: 30, batch: 8, learningRate: 1, seed: 0, backend: "wasm", samplingSteps: 0};
const data: DigitArray = {count: 2, pixels: new Uint8Array(2 * digitPixels), labels: new Uint8Array(2)};
const one = new Float32Array(digitPixels);

describe("digitService", () => {
  let services: DigitService[] = [];

  function start(workshop: Workshop = countingWorkshop(), weights = "./weights.bin") {
    const workers: Worker[] = [];
    const spawn = () => {
      workers.push(workerOf(workshop));
      return workers.at(-1)!;
    };
    const service = digitService({weights, classifier: "./classifier.bin", spawn});
    services.push(service);
    return {service, workshop, workers};
  }

  /** Trains, and returns what happened and how it ended. */
  function train(service: DigitService, options: Partial<TrainingWish> = {}, more: object = {}) {
    const events: TrainingEvent[] = [];
    const training = service.train({data, wish: {...wish, ...options}, on: (event) => events.push(event), ...more});
    const steps = () => events.flatMap((event) => (event.kind === "report" ? [event.report.step] : []));
    const until = async (reached: () => boolean) => {
      while (!reached()) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    return {...training, events, steps, until, lines: () => events.map((e) => ("line" in e ? e.line : e.kind))};
  }

  afterEach(() => {
    for (const service of services) service.dispose();
    services = [];
  });

  it("starts one worker with the first question, and answers with the pretrained weights", async () => {
    const {service, workshop, workers} = start();
    assert.equal(workers.length, 0);
    const answers = await Promise.all([1, 2, 3].map(() => service.predictor.predict(one, 5, [3])));
    for (const answer of answers) assert.deepEqual([answer.length, answer[0]], [digitPixels, 40]);
    assert.equal(workers.length, 1);
    assert.deepEqual(workshop.asked, ["http://course.example/some/weights.bin"]);
    assert.deepEqual(service.weights, {kind: "pretrained", steps: 4000, loss: 0.3});
    assert.equal(service.predictor.backend, "wasm");
    assert.equal(one.length, digitPixels, "the caller's array was not handed over");
  });

  it("classifies, and gives arrays of its own", async () => {
    const {service, workshop} = start();
    const x = new Float32Array(2 * digitPixels).fill(7, 0, 10);
    const {labels, probabilities, features} = await service.classify(x);
    assert.deepEqual([...labels], [7, 0]);
    assert.deepEqual([probabilities.length, probabilities.buffer.byteLength, features.length], [20, 80, 128]);
    await service.classify(x);
    assert.equal(workshop.asked.filter((address) => address.endsWith("classifier.bin")).length, 1);
  });

  it("says what could not be loaded, and tries again when it is asked again", async () => {
    const {service, workshop} = start(countingWorkshop(), "gone.bin");
    await assert.rejects(service.ready(), {message: /could not be loaded: the server answered 404/});
    workshop.read = async () => new Uint8Array([40]);
    await service.ready();
  });

  it("trains to the end, tells each report, and gives the state", async () => {
    const {service} = start();
    assert.equal(await service.trained(), undefined);
    const {done, steps, events} = train(service);
    assert.deepEqual(await done, {step: 30, outcome: "finished"});
    assert.equal(steps().at(-1), 30);
    assert.ok(
      steps().every((step, i) => i === 0 || step > steps()[i - 1]),
      "the steps rise"
    );
    assert.equal(events.find((event) => event.kind === "started")?.backend, "wasm");
    const state = (await service.trained())!;
    assert.deepEqual([state.step, state.average[0]], [30, 30]);
    assert.equal((await service.trained())!.average[0], 30, "it is kept after it was given away");
    assert.equal(data.pixels.length, 2 * digitPixels, "the digits were copied");
  });

  it("answers while it trains, within a step, and in order of arrival", async () => {
    const workshop = countingWorkshop();
    workshop.millisecondsAStep = 5;
    const {service} = start(workshop);
    await service.ready();
    const {done, steps, until} = train(service, {steps: 200});
    await until(() => steps().length > 0);
    const before = steps().at(-1)!;
    const order: number[] = [];
    await Promise.all([0, 1, 2].map((k) => service.predictor.predict(one, k, [k]).then(() => order.push(k))));
    assert.deepEqual(order, [0, 1, 2]);
    assert.ok(steps().at(-1)! - before <= 20, `${steps().at(-1)! - before} steps went by`);
    assert.equal((await service.predictor.predict(one, 1, [1]))[0], 40, "the pretrained network goes on answering");
    service.dispose();
    await assert.rejects(done, {name: "AbortError"});
  });

  it("pauses, goes on and stops", async () => {
    const {service} = start();
    const training = train(service, {steps: 1e6});
    await training.until(() => training.steps().length > 2);
    training.pause();
    await training.until(() => training.lines().at(-1) === "state");
    const count = training.steps().length;
    const paused = (await service.trained())!; // a question must not wake it
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(training.steps().length, count, "it went on while paused");
    assert.equal(paused.step, training.steps().at(-1));
    training.goOn();
    await training.until(() => training.steps().length > count + 2);
    training.stop();
    const end = await training.done;
    assert.equal(end.outcome, "stopped");
    assert.equal((await service.trained())!.step, end.step);
    const states = training.events.flatMap((event) => (event.kind === "state" ? [event.state] : []));
    assert.deepEqual(states, ["training", "paused", "training"]);
  });

  it("stops when it is told to before the worker has its weights", async () => {
    const {service} = start();
    const training = train(service, {steps: 1e6});
    training.stop();
    assert.deepEqual(await training.done, {step: 0, outcome: "stopped"});
    assert.deepEqual(training.steps(), []);
  });

  it("stops when it is paused, and when its signal aborts", async () => {
    const {service} = start();
    const first = train(service, {steps: 1e6});
    await first.until(() => first.steps().length > 0);
    first.pause();
    first.stop();
    assert.equal((await first.done).outcome, "stopped");
    const ending = new AbortController();
    const second = train(service, {steps: 1e6}, {signal: ending.signal});
    await second.until(() => second.steps().length > 0);
    ending.abort();
    assert.equal((await second.done).outcome, "stopped");
  });

  it("goes on from a state, to the number of steps in all", async () => {
    const {service} = start();
    const {done, steps} = train(service, {steps: 12}, {state: stateOf(10, 100)});
    assert.deepEqual(await done, {step: 12, outcome: "finished"});
    assert.deepEqual(steps(), [12]);
    assert.equal((await service.trained())!.average[0], 102);
  });

  it("hands the trained network to all that ask, and takes the pretrained one back", async () => {
    const {service} = start();
    await assert.rejects(service.useTrained(), {message: /No network of digits has been trained here yet/});
    await train(service).done;
    const changes: string[] = [];
    service.onChange(() => changes.push(service.weights.kind));
    await service.useTrained();
    assert.equal((await service.predictor.predict(one, 0, [0]))[0], 30);
    const {kind, steps, backend, loss} = service.weights;
    assert.deepEqual([kind, steps, backend], ["trained", 30, "wasm"]);
    assert.ok(loss > 1 / 30 && loss < 1, `the loss is a mean of the last ones: ${loss}`);
    await service.usePretrained();
    assert.equal((await service.predictor.predict(one, 0, [0]))[0], 40);
    assert.deepEqual(changes, ["trained", "pretrained"]);
  });

  it("loads a file of weights; a wrong one changes nothing", async () => {
    const {service} = start();
    await service.ready();
    await assert.rejects(service.useFile(new Uint8Array([1, 2])), {message: /This is no file of weights/});
    assert.equal(service.weights.kind, "pretrained");
    assert.deepEqual([...(await service.useFile(new Uint8Array([40])))], [40, 40, 40]);
    assert.equal(service.weights.kind, "file");
    assert.deepEqual([...(await service.file(new Float32Array([1, 2]), service.weights))], [1, 2]);
  });

  it("tells a divergence by its name and fields, and still has the last good weights", async () => {
    const workshop = countingWorkshop();
    workshop.divergeAt = 6;
    const {service} = start(workshop);
    const {done} = train(service);
    await assert.rejects(done, {name: "TrainingDiverged", restoredStep: 2, message: /loss became NaN at step 6/});
    assert.ok(await service.trained(), "there are weights");
    workshop.divergeAt = Infinity;
    assert.equal((await train(service).done).outcome, "finished");
  });

  it("refuses a second training while one is under way", async () => {
    const {service} = start();
    const first = train(service, {steps: 1e6});
    await first.until(() => first.steps().length > 0);
    await assert.rejects(train(service).done, {message: /A training is under way: stop it first/});
    first.stop();
    await first.done;
  });

  it("frees every network but the one that answers", async () => {
    const {service, workshop} = start();
    await train(service, {backend: "auto"}).done;
    assert.equal(workshop.made.length, 5, "one answers, three were tried, one was trained");
    assert.deepEqual(
      workshop.made.map(({disposed}) => disposed),
      [false, true, true, true, true]
    );
  });

  it("answers on another backend, and leaves it for a training that may need the graphics card", async () => {
    const {service, workshop} = start();
    await service.useBackend("webgl");
    assert.equal(service.backend, "webgl");
    workshop.missing.webgpu = "WebGPU finds no graphics adapter";
    await assert.rejects(service.useBackend("webgpu"), {message: /finds no graphics adapter/});
    assert.equal(service.backend, "webgl");
    const training = train(service, {steps: 1e6, backend: "webgl"});
    await training.until(() => training.steps().length > 0);
    assert.equal(service.backend, "wasm");
    await assert.rejects(service.useBackend("webgl"), {message: /training is under way/});
    training.stop();
    await training.done;
  });

  it("goes on answering on our own kernels when the graphics card is lost", async () => {
    const {service, workshop} = start();
    await service.useBackend("webgl");
    workshop.made.at(-1)!.predict = () => Promise.reject(Object.assign(new Error("lost"), {name: "BackendLost"}));
    assert.equal((await service.predictor.predict(one, 0, [0]))[0], 40);
    assert.equal(service.backend, "wasm");
  });

  it("rejects all that waits when the worker breaks, and starts anew", async () => {
    const {service, workers} = start();
    await service.ready();
    const {done, until, steps} = train(service, {steps: 1e6});
    await until(() => steps().length > 0);
    const waiting = assert.rejects(done, /^Error: The worker that computes the digits stopped/);
    const question = service.predictor.predict(one, 0, [0]);
    workers[0].onerror!({message: "out of memory", preventDefault() {}} as ErrorEvent);
    const sentence = {message: /^The worker that computes the digits stopped \(out of memory\).*Try again/};
    await assert.rejects(question, sentence);
    await waiting;
    assert.equal((await service.predictor.predict(one, 0, [0]))[0], 40);
    assert.deepEqual(await train(service, {steps: 5}).done, {step: 5, outcome: "finished"});
    assert.equal(workers.length, 2);
  });

  it("says that a part of the page did not come, when that is why the worker stops, and starts anew", async () => {
    const {service, workers} = start();
    const ready = service.ready();
    const message = "Uncaught TypeError: Failed to fetch dynamically imported module: http://course.example/worker.js";
    workers[0].onerror!({message, preventDefault() {}} as ErrorEvent);
    await assert.rejects(ready, /^Error: A part of this page could not be loaded: is there a connection\?/);
    await service.ready();
    assert.equal(workers.length, 2);
  });

  it("ends with its signal", async () => {
    const ending = new AbortController();
    const spawn = () => workerOf(countingWorkshop());
    const service = digitService({weights: "a", classifier: "b", spawn, signal: ending.signal});
    const question = service.predictor.predict(one, 0, [0]);
    ending.abort();
    await assert.rejects(question, {name: "AbortError"});
    await assert.rejects(service.ready(), {name: "AbortError"});
  });
});
