import assert from "node:assert/strict";
import {afterEach, describe, it} from "node:test";
import {deflateRawSync} from "node:zlib";
import fc from "fast-check";
import {parameterCount} from "../../lib/digits/digit-shape.js";
import {crc32, decodeWeights, encodeWeights} from "../../lib/digits/weights-file.js";
import type {ExerciseAnswer} from "../../lib/exercises/hand-in.js";
import {handInFormat, readHandIn} from "../../lib/exercises/hand-in.js";
import {initialPointWeights} from "../../lib/plain-network.js";
import {pointSets} from "../../lib/points/index.js";
import {soundDigits, soundTraining} from "../../src/components/digit-store.js";
import {firstWish} from "../../src/components/digit-training-plan.js";
import {stateText} from "../../src/components/exercise-frame.js";
import {noteTry, readAnswer, readAnswers, takeAnswers} from "../../src/components/exercise-progress.js";
import {readEdit} from "../../src/components/live-cell/edits.js";
import {decodeShare} from "../../src/components/live-cell/share.js";
import {playgroundDefaults, readPlayground} from "../../src/components/playground-state.js";
import {readPrediction} from "../../src/components/predictions.js";
import {soundNetwork} from "../../src/components/sound-network.js";
import {readChoice} from "../../src/components/theme-switch.js";
import {assertUnharmed, damaged, isSentence, jsonOf, markup, sentenceOr, text, textOf, withStorage} from "./hostile.js";
import {sampleAnswer} from "./sample-answer.js";

// What comes from outside is made by somebody else, perhaps to do harm. Whatever it is, what reads it gives something
// well-formed or says no; it runs nothing, and changes nothing.

const numRuns = 2000;

afterEach(() => {
  delete (globalThis as {localStorage?: unknown}).localStorage;
  assertUnharmed();
});

const answer = sampleAnswer;

function assertAnswer(read: ExerciseAnswer): void {
  const {exercise, chapter, code, right, message, tries, time, ...more} = read;
  assert.deepEqual(more, {}, "an answer has more parts than it should");
  for (const part of [exercise, chapter, code, time, message ?? ""]) assert.equal(typeof part, "string");
  assert.equal(typeof right, "boolean");
  assert.ok(Number.isFinite(tries), `tries is ${tries}`);
  assert.match(stateText(read), /^(✔ Solved|Not solved yet: )/);
}

describe(`of ${numRuns} inputs each, hostile, damaged or of another form, none does harm:`, () => {
  it("links with code give well-formed texts, or a sentence", async () => {
    const sound = {cells: {step: "const a = 1;", [markup]: markup}, settings: {"fig-a": {eta: "0.5", [markup]: true}}};
    const packed = jsonOf(sound).map((json) => `#live=1.${deflateRawSync(json).toString("base64url")}`);
    const spoiled = fc
      .tuple(packed, fc.nat(), fc.constantFrom("", "A", "-", "%00", "=", "#"))
      .map(([hash, at, odd]) => hash.slice(0, at % hash.length) + odd + hash.slice((at % hash.length) + 1));
    const hash = fc.oneof(
      {weight: 6, arbitrary: packed},
      {weight: 3, arbitrary: spoiled},
      text.map((t) => `#live=${t}`)
    );
    let read = 0;
    await fc.assert(
      fc.asyncProperty(hash, async (link) => {
        const shared = await decodeShare(link);
        if ("problem" in shared && typeof shared.problem === "string" && !("cells" in shared))
          return isSentence(shared.problem);
        ++read;
        const {cells, settings} = shared as Exclude<typeof shared, {problem: string}>;
        for (const source of Object.values(cells)) assert.equal(typeof source, "string");
        for (const figure of Object.values(settings))
          for (const value of Object.values(figure)) assert.match(typeof value, /^(string|boolean)$/);
      }),
      {numRuns}
    );
    assert.ok(read > numRuns / 20, `only ${read} could be read: the inputs are not near enough`);
  });

  it("links of the playground give settings that it has, and a sentence for each that it has not", () => {
    const sets = pointSets.map(({name}) => name);
    const pair = fc.tuple(
      fc.oneof(fc.constantFrom(...Object.keys(playgroundDefaults)), text),
      fc.oneof(
        text,
        fc.integer().map(String),
        fc.double().map(String),
        fc.constantFrom("1e3", "0x10", " 7 ", "Infinity", "-0", ...sets)
      )
    );
    const hash = fc.oneof(
      fc.array(pair).map((pairs) => `#${new URLSearchParams(pairs).toString()}`),
      text.map((t) => `#${t}`)
    );
    fc.assert(
      fc.property(hash, (link) => {
        const {state, problems} = readPlayground(link, sets);
        problems.forEach(isSentence);
        assert.deepEqual(Object.keys(state), Object.keys(playgroundDefaults));
        for (const [key, value] of Object.entries(state))
          assert.equal(typeof value, typeof playgroundDefaults[key as keyof typeof playgroundDefaults], key);
        for (const key of ["steps", "points", "seed", "noise"] as const)
          assert.ok(Number.isSafeInteger(state[key]) && state[key] >= 0, `${key} is ${state[key]}`);
        assert.ok(sets.includes(state.data), `data is ${state.data}`);
      }),
      {numRuns}
    );
  });

  it("files that were handed in give well-formed answers, or a sentence; and none takes a right answer away", () => {
    const file = {format: handInFormat, version: 1, name: markup, created: "x", course: "x", site: "x", seed: 1};
    const sound = {...file, answers: [answer, {...answer, exercise: "another", right: true, message: null}]};
    let read = 0;
    fc.assert(
      fc.property(jsonOf(sound), (json) => {
        const handIn = sentenceOr(() => readHandIn(json));
        if (!handIn) return;
        ++read;
        for (const name of ["name", "created", "course", "site"] as const) assert.equal(typeof handIn[name], "string");
        handIn.answers.forEach(assertAnswer);
        withStorage({});
        const {answer: mine} = noteTry({...answer, code: "mine", message: null}, new Date(0));
        takeAnswers(handIn.answers);
        assert.equal(
          readAnswer("two-errors")!.code === "mine" ||
            handIn.answers.some(({right, exercise}) => right && exercise === "two-errors"),
          true
        );
        assert.equal(mine.right, true);
        for (const kept of readAnswers().values()) assertAnswer(kept);
      }),
      {numRuns}
    );
    assert.ok(read > numRuns / 20, `only ${read} could be read: the inputs are not near enough`);
  });

  it("what the storage holds gives answers, edits, guesses and a theme that are well-formed, and stays as it is", () => {
    const keys = {
      "ddim-notebook/exercise/two-errors": {version: 1, ...answer, last: answer.code},
      "ddim-notebook/cell/index/step": {version: 1, default: "1", source: "2", ran: "2", running: false, others: ["3"]},
      "ddim-notebook/prediction/seed": "x",
      theme: "dark"
    };
    const entries = fc.record(
      Object.fromEntries(Object.entries(keys).map(([key, sound]) => [key, jsonOf(sound)])) as Record<
        string,
        fc.Arbitrary<string>
      >,
      {requiredKeys: []}
    );
    const odd = fc.dictionary(
      text.map((t) => `ddim-notebook/exercise/${t}`),
      jsonOf(answer),
      {maxKeys: 2}
    );
    let read = 0;
    fc.assert(
      fc.property(entries, odd, (own, more) => {
        const storage = withStorage({...(own as Record<string, string>), ...more});
        const before = JSON.stringify(storage);
        for (const kept of readAnswers().values()) {
          ++read;
          assertAnswer(kept);
        }
        const edit = readEdit("step");
        const texts = edit && [edit.source, edit.default, ...(edit.others ?? [])];
        assert.ok(!texts?.some((text) => typeof text !== "string"));
        assert.match(typeof readPrediction("seed"), /^(string|object)$/);
        assert.match(readChoice(), /^(auto|light|dark)$/);
        assert.equal(JSON.stringify(storage), before, "reading has changed what was kept");
      }),
      {numRuns}
    );
    assert.ok(read > numRuns / 20, `only ${read} could be read: the inputs are not near enough`);
  });

  it("networks and trainings in the storage are whole ones, or none", () => {
    const weights = initialPointWeights(8, 1);
    const network = {
      version: 1,
      weights: {width: 8, prediction: "v", timesteps: 1000, weights, ema: weights},
      data: "tri",
      points: new Float64Array(8),
      schedule: "linear",
      backend: "wasm",
      steps: 7,
      loss: 0.5
    };
    const flat = () => new Float32Array(parameterCount());
    const state = {step: 1, weights: flat(), average: flat(), first: flat(), second: flat()};
    const digits = {version: 1, average: state.average, info: {kind: "trained", steps: 1, loss: 1}};
    const history = [{step: 1, pixels: new Uint8Array(784)}];
    const training = {version: 1, state, wish: firstWish, backend: "wasm", losses: [[1, 2]], history};
    assert.deepEqual(
      [soundNetwork(network), soundDigits(digits), soundTraining(training)],
      [network, digits, training]
    );
    let [whole, count] = [0, 0];
    fc.assert(
      fc.property(damaged(network), damaged(digits), damaged(training), (a, b, c) => {
        const [points, own, going] = [soundNetwork(a), soundDigits(b), soundTraining(c)];
        count += 3;
        whole += [points, own, going].filter(Boolean).length;
        if (points) assert.equal(points.weights.ema.length, 8);
        if (own) assert.equal(own.average.length, state.average.length);
        if (going) assert.equal(going.state.second.length, state.average.length);
      }),
      {numRuns}
    );
    assert.ok(whole > 0 && whole < count, `${whole} of ${count} were taken`);
  });

  it("files of weights give finite numbers and a manifest of the right types, or a sentence", () => {
    const manifest = {
      kind: "digit-network",
      steps: 700,
      loss: 0.11,
      backend: "wasm",
      quality: {accuracy: 0.9}
    } as const;
    const values = Float32Array.from({length: 101}, (_, i) => Math.sin(i));
    const expected = {kind: "digit-network", count: 101} as const;
    const signed = (bytes: Uint8Array): Uint8Array => {
      if (bytes.length >= 16)
        new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
      return bytes;
    };
    // As an attacker would: the check sum is right, whatever the manifest says.
    const forged = damaged({...manifest, count: 101}).map((json) => {
      const head = new TextEncoder().encode(textOf(json));
      const whole = encodeWeights(values, manifest);
      const bytes = new Uint8Array(12 + head.length + (head.length % 2) + 202 + 4).fill(32);
      bytes.set(whole.subarray(0, 8));
      new DataView(bytes.buffer).setUint32(8, head.length + (head.length % 2), true);
      bytes.set(head, 12);
      bytes.set(whole.subarray(-206), bytes.length - 206);
      return signed(bytes);
    });
    const patches = fc.array(fc.tuple(fc.nat(), fc.nat(255)), {maxLength: 6});
    const bytes = fc.oneof(
      {weight: 4, arbitrary: forged},
      {
        weight: 3,
        arbitrary: fc.tuple(forged, patches).map(([file, all]) => {
          for (const [at, byte] of all) file[at % file.length] = byte;
          return signed(file);
        })
      },
      {weight: 1, arbitrary: fc.tuple(forged, fc.nat()).map(([file, n]) => file.slice(0, n % file.length))},
      {weight: 1, arbitrary: fc.uint8Array({maxLength: 300})}
    );
    let read = 0;
    fc.assert(
      fc.property(bytes, (file) => {
        const weights = sentenceOr(() => decodeWeights(file, expected));
        if (!weights) return;
        ++read;
        assert.ok(weights.values.every(Number.isFinite), "a weight is no number");
        const {kind, count, steps, loss = 0, backend = "", quality = {}} = weights.manifest;
        assert.deepEqual([kind, count, typeof loss, typeof backend], ["digit-network", 101, "number", "string"]);
        assert.ok(Number.isSafeInteger(steps), `steps is ${steps}`);
        for (const value of Object.values(quality)) assert.equal(typeof value, "number");
      }),
      {numRuns}
    );
    assert.ok(read > numRuns / 20, `only ${read} could be read: the inputs are not near enough`);
  });
});
