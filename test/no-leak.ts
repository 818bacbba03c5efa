import assert from "node:assert/strict";
import * as tf from "../lib/tf.js";

/** Runs `work` and fails when it leaves tensors behind, or frees some that are not its own. */
export async function assertNoLeak(work: () => unknown): Promise<void> {
  const before = tf.memory();
  await work();
  const after = tf.memory();
  assert.equal(after.numTensors - before.numTensors, 0, "tensors left behind");
  assert.equal(after.numDataBuffers - before.numDataBuffers, 0, "buffers left behind");
}
