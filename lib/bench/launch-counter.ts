/** Counts what is handed to the graphics card by this thread. */
export interface LaunchCounter {
  launches: number; // draw calls of WebGL
  dispatches: number; // of compute shaders of WebGPU
}

const counted: Record<keyof LaunchCounter, [type: string, methods: string[]][]> = {
  launches: ["WebGLRenderingContext", "WebGL2RenderingContext"].map((type) => [
    type,
    ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced", "drawRangeElements"]
  ]),
  dispatches: [["GPUComputePassEncoder", ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"]]]
};

let counter: LaunchCounter | undefined;

/** Starts to count; each call after the first returns the same counter. It does not change what the calls do. */
export function countLaunches(): LaunchCounter {
  if (counter) return counter;
  const own: LaunchCounter = {launches: 0, dispatches: 0};
  for (const [what, types] of Object.entries(counted) as [keyof LaunchCounter, [string, string[]][]][]) {
    for (const [type, methods] of types) {
      const {prototype} = (globalThis as unknown as Record<string, {prototype?: Record<string, unknown>}>)[type] ?? {};
      for (const method of methods) if (prototype && method in prototype) wrap(prototype, method, () => ++own[what]);
    }
  }
  return (counter = own);
}

function wrap(prototype: Record<string, unknown>, method: string, note: () => void): void {
  const original = prototype[method] as (...values: unknown[]) => unknown;
  prototype[method] = function (this: unknown, ...values: unknown[]) {
    note();
    return original.apply(this, values);
  };
}
