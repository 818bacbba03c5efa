/**
 * Runs `work` and counts what it starts on the graphics card: draw calls of WebGL and dispatches of WebGPU, whoever makes
 * them in this thread. Nothing else may use the card meanwhile. Outside of a browser it counts nothing.
 */
export async function countLaunches(work: () => unknown): Promise<number> {
  let count = 0;
  const restore = [
    watch(globalThis.WebGLRenderingContext?.prototype, ["drawArrays", "drawElements"], () => ++count),
    watch(globalThis.WebGL2RenderingContext?.prototype, ["drawArrays", "drawElements"], () => ++count),
    watch(globalThis.GPUComputePassEncoder?.prototype, ["dispatchWorkgroups"], () => ++count)
  ];
  try {
    await work();
    return count;
  } finally {
    for (const back of restore) back();
  }
}

type Methods = Record<string, (...input: unknown[]) => unknown>;

function watch(prototype: unknown, names: string[], tell: () => void): () => void {
  const methods = prototype as Methods | undefined;
  if (!methods) return () => {};
  const originals = names.map((name) => methods[name]);
  names.forEach((name, i) => {
    methods[name] = function (this: unknown, ...input) {
      tell();
      return originals[i].apply(this, input);
    };
  });
  return () => names.forEach((name, i) => (methods[name] = originals[i]));
}
