import * as tf from "../tf.js";
import {texelRuns} from "./texel-kernel.js";

/** Is told how many kernels are compiled, and how many there are. */
export type OnCompiled = (compiled: number, all: number) => void;

interface WebGl {
  gpgpu: {gl: WebGL2RenderingContext; parallelCompilationExtension?: {COMPLETION_STATUS_KHR: number} | null};
  binaryCache: Record<string, {webGLProgram: WebGLProgram}>;
  checkCompileCompletion(): void;
  getUniformLocations(): void;
}

interface WebGpu {
  pipelineCache: Record<string, unknown>;
  checkCompileCompletionAsync(): Promise<void>;
}

/**
 * Compiles all kernels on texels that are defined so far, on the backend that runs: at the same time, where the browser
 * can, and without holding this thread for longer than one of them. Takes no time when they are compiled. Rejects with the
 * signal's reason when it aborts, and with an Error when a kernel does not compile.
 */
export async function compileTexels(onCompiled: OnCompiled = () => {}, signal?: AbortSignal): Promise<void> {
  if (tf.getBackend() === "webgl") await compileWebGl(tf.backend() as unknown as WebGl, onCompiled, signal);
  else await compileWebGpu(tf.backend() as unknown as WebGpu, onCompiled, signal);
}

/** Links all programs, and then draws each once, since drivers put off what they can until then: half the way each. */
async function compileWebGl(backend: WebGl, onCompiled: OnCompiled, signal?: AbortSignal): Promise<void> {
  const {gl, parallelCompilationExtension: parallel} = backend.gpgpu;
  const before = new Set(Object.keys(backend.binaryCache));
  const runs = texelRuns();
  withFlag("ENGINE_COMPILE_ONLY", () => runs.forEach((run) => run()));
  const programs = Object.entries(backend.binaryCache).filter(([key]) => !before.has(key));
  if (!programs.length) return;
  const isLinked = ([, {webGLProgram}]: (typeof programs)[number]) =>
    gl.getProgramParameter(webGLProgram, parallel!.COMPLETION_STATUS_KHR) as boolean;
  try {
    for (let linked = 0; parallel && linked < programs.length; linked = programs.filter(isLinked).length) {
      onCompiled(Math.floor((runs.length * linked) / programs.length / 2), runs.length);
      await pause(signal);
      if (gl.isContextLost()) return; // whoever computes next notices
    }
  } finally {
    if (!gl.isContextLost()) {
      backend.checkCompileCompletion();
      backend.getUniformLocations(); // tfjs leaves this to us after a flag like that
    }
  }
  for (const [i, run] of runs.entries()) {
    run();
    const drawn = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    do await pause(signal);
    while (drawn && !gl.isContextLost() && gl.getSyncParameter(drawn, gl.SYNC_STATUS) === gl.UNSIGNALED);
    gl.deleteSync(drawn);
    onCompiled(Math.ceil((runs.length + i + 1) / 2), runs.length);
  }
}

async function compileWebGpu(backend: WebGpu, onCompiled: OnCompiled, signal?: AbortSignal): Promise<void> {
  const runs = texelRuns();
  withFlag("WEBGPU_ENGINE_COMPILE_ONLY", () => runs.forEach((run) => run()));
  const pipelines = Object.values(backend.pipelineCache).filter((own) => own instanceof Promise);
  let compiled = 0;
  for (const own of pipelines) {
    own.then(
      () => onCompiled(++compiled, pipelines.length),
      () => {} // told below
    );
  }
  await backend.checkCompileCompletionAsync(); // to the end, also when it is stopped: a promise is no pipeline
  signal?.throwIfAborted();
}

/** With the flag tfjs begins with programs, and runs none. */
function withFlag(flag: string, work: () => void): void {
  tf.env().set(flag, true);
  try {
    work();
  } finally {
    tf.env().set(flag, false);
  }
}

async function pause(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 4));
  signal?.throwIfAborted();
}
