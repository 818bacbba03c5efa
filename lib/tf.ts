import * as tf from "./vendor/tf.js";

// The only file that imports tfjs. tools/bundle-tfjs.ts makes ./vendor: the core here, each backend on demand.
export * from "./vendor/tf.js";

/** The ways to run tensors: two that use the GPU, and two that use one core of the processor. */
export type BackendName = "webgpu" | "webgl" | "wasm" | "cpu";

/** All backends, in the order in which they are worth trying. */
export const backendNames: readonly BackendName[] = ["webgpu", "webgl", "wasm", "cpu"];

// Each specifier is a literal, so that the site's build finds the module, and a page loads only the one it uses.
const loaders: Record<BackendName, () => Promise<unknown>> = {
  webgpu: () => import("./vendor/tf-webgpu.js"),
  webgl: () => import("./vendor/tf-webgl.js"),
  wasm: () => import("./vendor/tf-wasm.js"),
  cpu: () => import("./vendor/tf-cpu.js")
};

/**
 * Loads a backend's code and makes it the one that new tensors live on. Throws an Error when it does not start;
 * `startBackend` of ./backend.js tells the reader why, and falls to the next one.
 */
export async function useBackend(name: BackendName): Promise<void> {
  await loaders[name]();
  if (!tf.engine().backendNames().includes(name)) throw new Error(`this browser cannot run tfjs on ${name}`);
  if (!(await tf.setBackend(name))) throw new Error(`tfjs could not start its ${name} backend`);
  await tf.ready();
}
