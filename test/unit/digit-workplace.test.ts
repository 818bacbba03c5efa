import assert from "node:assert/strict";
import {it} from "node:test";
import type {Reply} from "../../src/components/digit-messages.js";
import {digitWorkplace} from "../../src/components/digit-workplace.js";
import {countingWorkshop} from "./digit-worker.js";

it("a stop that comes while a training waits for its turn ends that training before it begins", async () => {
  const replies: Reply[] = [];
  const receive = digitWorkplace(countingWorkshop(), (reply) => replies.push(reply));
  const wish = {steps: 5, batch: 8, learningRate: 1, seed: 0, backend: "wasm", samplingSteps: 0} as const;
  const answers = async (id: number) => {
    for (;;) {
      const reply = replies.find((one) => "id" in one && one.id === id && one.kind !== "event");
      if (reply) return reply;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const data = {pixels: new Uint8Array(784), labels: new Uint8Array(1)};
  receive({id: 1, task: "open", content: {weights: "a.bin", classifier: "b.bin"}});
  receive({id: 2, task: "data", content: data});
  receive({id: 3, task: "train", content: {wish}});
  receive({id: 4, task: "stop", content: undefined});
  receive({id: 5, task: "train", content: {wish}}); // another one, which nobody has stopped
  assert.deepEqual(await answers(3), {id: 3, kind: "answer", answer: {step: 0, outcome: "stopped"}});
  assert.deepEqual(await answers(5), {id: 5, kind: "answer", answer: {step: 5, outcome: "finished"}});
  assert.deepEqual(
    replies.filter((reply) => reply.kind === "event" && reply.id === 3),
    []
  );
});
