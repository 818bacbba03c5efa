import {tryBackend} from "../../lib/backend.js";
import {compileTexels} from "../../lib/texels/compile-texels.js";
import type {BackendName} from "../../lib/tf.js";

/** Starts a backend and compiles all kernels; returns what is said on the way, and why the backend does not start. */
export async function start(backend: BackendName): Promise<{said: [number, number][]; problem?: string}> {
  const problem = await tryBackend(backend);
  const said: [number, number][] = [];
  if (problem === undefined) await compileTexels((compiled, all) => said.push([compiled, all]));
  return {said, problem};
}
