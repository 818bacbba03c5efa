import {mkdir, readFile, rename, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import type {FlatState} from "../lib/kernels/flat-weights.js";

const parts = ["weights", "average", "first", "second"] as const;

/** Keeps the state of a long training in a file, with a note; the file is whole at any moment. */
export async function writeState(file: string, state: FlatState, note: Record<string, unknown> = {}): Promise<void> {
  const head = Buffer.from(`${JSON.stringify({...note, step: state.step, count: state.weights.length})}\n`);
  const arrays = parts.map((part) => Buffer.from(state[part].buffer, state[part].byteOffset, state[part].byteLength));
  await mkdir(dirname(file), {recursive: true});
  await writeFile(`${file}.part`, Buffer.concat([head, ...arrays]));
  await rename(`${file}.part`, file);
}

/** The state that was kept, with its note; undefined if there is no such file. Throws an Error if it is damaged. */
export async function readState(file: string): Promise<{state: FlatState; note: Record<string, unknown>} | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) return undefined;
  const end = bytes.indexOf("\n") + 1;
  const {step, count, ...note} = JSON.parse(bytes.toString("utf8", 0, end)) as {step: number; count: number};
  if (bytes.length !== end + parts.length * 4 * count) {
    throw new Error(`${file} is damaged: delete it, and the training starts afresh`);
  }
  const array = (i: number) =>
    new Float32Array(Uint8Array.from(bytes.subarray(end + 4 * count * i, end + 4 * count * (i + 1))).buffer);
  const [weights, average, first, second] = parts.map((_, i) => array(i));
  return {state: {step, weights, average, first, second}, note};
}
