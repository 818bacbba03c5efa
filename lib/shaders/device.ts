import {BackendLost} from "../backend.js";

/** How a shader uses a buffer; the first of a shader is its settings, of which it takes those of one dispatch. */
export type BufferUse = "settings" | "read" | "write";

/** Adds a dispatch of so many groups of threads to the pass, with the settings that begin at this byte. */
export type Dispatch = (pass: GPUComputePassEncoder, groups: number, settings?: number) => void;

/** A shader that is ready to run on buffers, in the order of its bindings. */
export type Shader = (...buffers: GPUBuffer[]) => Dispatch;

/** Buffers and shaders on one device, which are freed together. */
export interface DeviceWork {
  device: GPUDevice;
  /** A buffer of so many bytes of zeros, or with these numbers. */
  buffer(content: number | Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer;
  /** Compiles a shader that uses its buffers so. Rejects when the device does not take it. */
  shader(code: string, entry: string, uses: BufferUse[]): Promise<Shader>;
  /** Runs what `encode` adds to one pass. */
  run(encode: (pass: GPUComputePassEncoder) => void): void;
  /**
   * The numbers of some buffers as they are once all work before is done; `clear` zeroes them for the work after. Throws
   * BackendLost when the device is lost meanwhile.
   */
  read(buffers: GPUBuffer[], options?: {clear?: boolean}): Promise<Float32Array<ArrayBuffer>[]>;
  /** Frees one buffer, or all, which ends the work: what is asked later throws an Error. */
  free(buffer?: GPUBuffer): void;
}

/** The bytes from one dispatch's settings to the next; no device asks for more than 256. */
export const settingsStride = 256;

/** Begins work on a device. */
export function deviceWork(device: GPUDevice): DeviceWork {
  const buffers = new Set<GPUBuffer>();
  let ended = false;
  const {STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ} = GPUBufferUsage;

  return {
    device,
    buffer(content) {
      checkOpen();
      const size = typeof content === "number" ? content : content.byteLength;
      const buffer = device.createBuffer({size, usage: STORAGE | UNIFORM | COPY_SRC | COPY_DST});
      buffers.add(buffer);
      if (typeof content !== "number") device.queue.writeBuffer(buffer, 0, content);
      return buffer;
    },
    shader,
    run(encode) {
      checkOpen();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      encode(pass);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    read,
    free(buffer) {
      ended ||= !buffer;
      for (const each of buffer ? [buffer] : buffers) {
        each.destroy();
        buffers.delete(each);
      }
    }
  };

  function checkOpen(): void {
    if (ended) throw new Error("what was on the graphics card has been freed");
  }

  async function shader(code: string, entryPoint: string, uses: BufferUse[]): Promise<Shader> {
    const layout = device.createBindGroupLayout({
      entries: uses.map((use, binding) => ({binding, visibility: GPUShaderStage.COMPUTE, buffer: bindingTypes[use]}))
    });
    const pipeline = await device
      .createComputePipelineAsync({
        layout: device.createPipelineLayout({bindGroupLayouts: [layout]}),
        compute: {module: device.createShaderModule({code}), entryPoint}
      })
      .catch((error: Error) => {
        throw new Error(`this graphics card does not take the shader “${entryPoint}”: ${error.message}`, {
          cause: error
        });
      });
    return (...buffers) => {
      const entries = buffers.map((buffer, binding) => ({
        binding,
        resource: uses[binding] === "settings" ? {buffer, size: settingsStride} : {buffer}
      }));
      const group = device.createBindGroup({layout, entries});
      return (pass, groups, settings = 0) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group, [settings]);
        pass.dispatchWorkgroups(groups);
      };
    };
  }

  async function read(
    sources: GPUBuffer[],
    {clear = false}: {clear?: boolean} = {}
  ): Promise<Float32Array<ArrayBuffer>[]> {
    checkOpen();
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    const copy = device.createBuffer({size, usage: COPY_DST | MAP_READ});
    const encoder = device.createCommandEncoder();
    let at = 0;
    for (const source of sources) {
      encoder.copyBufferToBuffer(source, 0, copy, at, source.size);
      if (clear) encoder.clearBuffer(source);
      at += source.size;
    }
    device.queue.submit([encoder.finish()]);
    try {
      await Promise.race([copy.mapAsync(GPUMapMode.READ), device.lost.then(lost)]);
      at = 0;
      return sources.map((source) => {
        const values = new Float32Array(copy.getMappedRange(at, source.size).slice(0));
        at += source.size;
        return values;
      });
    } catch (error) {
      throw error instanceof BackendLost ? error : lost(); // nothing else keeps a buffer from being read
    } finally {
      copy.destroy();
    }
  }
}

const bindingTypes: Record<BufferUse, GPUBufferBindingLayout> = {
  settings: {type: "uniform", hasDynamicOffset: true},
  read: {type: "read-only-storage"},
  write: {type: "storage"}
};

function lost(): never {
  throw new BackendLost("webgpu");
}
