import {plain, relaxed} from "./vendor/kernels.js";

type Address = number; // in bytes

/** The functions of ./assembly/, compiled to WebAssembly. Addresses are in bytes, sizes in numbers. */
export interface KernelFunctions {
  pack(b: Address, stride: number, k: number, n: number, transposed: boolean, to: Address, depth: number): void;
  multiply(
    a: Address,
    rows: Address,
    m: number,
    segments: number,
    segment: number,
    k: number,
    b: Address,
    n: number,
    c: Address,
    target: Address,
    bias: Address,
    accumulate: boolean
  ): void;
  multiplyTransposed(
    a: Address,
    rows: Address,
    m: number,
    segments: number,
    segment: number,
    k: number,
    g: Address,
    source: Address,
    n: number,
    c: Address,
    stride: number
  ): void;
  sumRows(g: Address, source: Address, m: number, n: number, to: Address): void;
  copyRows(
    from: Address,
    source: Address,
    to: Address,
    target: Address,
    m: number,
    n: number,
    accumulate: boolean
  ): void;
  transpose(a: Address, count: number, m: number, n: number, to: Address, accumulate: boolean): void;
  rectify(x: Address, count: number): void;
  rectifyBack(x: Address, count: number, g: Address): void;
  silu(x: Address, count: number, to: Address): void;
  siluBack(x: Address, count: number, g: Address): void;
  normalize(
    x: Address,
    images: number,
    height: number,
    width: number,
    channels: number,
    scale: Address,
    shift: Address,
    stride: number,
    to: Address,
    pad: number,
    moments: Address,
    active: boolean
  ): void;
  normalizeBack(
    x: Address,
    images: number,
    height: number,
    width: number,
    channels: number,
    scale: Address,
    shift: Address,
    stride: number,
    g: Address,
    to: Address,
    pad: number,
    moments: Address,
    active: boolean,
    scaleGradient: Address,
    shiftGradient: Address
  ): void;
  adam(
    weights: Address,
    average: Address,
    gradient: Address,
    first: Address,
    second: Address,
    count: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    decay: number
  ): void;
}

/** The kernels with their memory, from which buffers are taken once and for all. */
export interface Kernels extends KernelFunctions {
  /** Takes room for `count` 32-bit numbers, all 0, and returns where it begins. */
  take(count: number): Address;
  /** The numbers there. A view is only good until the next `take`. */
  floats(at: Address, count: number): Float32Array;
  integers(at: Address, count: number): Int32Array;
}

const page = 65536;

// One function with the one instruction that we use of relaxed SIMD.
const relaxedProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65,
  0, 253, 15, 253, 133, 2, 11
];

/** Whether products and sums can be one instruction here: the kernels are faster by what `npm run bench` says. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(Uint8Array.from(relaxedProbe));
}

/**
 * Starts the kernels with a memory of their own; with `fused` products where the browser has them, which round
 * differently. Throws an Error where WebAssembly with SIMD is missing.
 */
export async function startKernels({fused = hasRelaxedSimd()} = {}): Promise<Kernels> {
  const memory = new WebAssembly.Memory({initial: 2});
  const bytes = Uint8Array.from(atob(fused ? relaxed : plain), (character) => character.charCodeAt(0));
  let functions: KernelFunctions;
  try {
    const {instance} = await WebAssembly.instantiate(bytes, {env: {memory}});
    functions = instance.exports as unknown as KernelFunctions;
  } catch (error) {
    throw new Error(
      `This browser does not run our WebAssembly kernels (${(error as Error).message}): they need SIMD, which browsers ` +
        "have had since 2023. Update the browser, or use WebGL.",
      {cause: error}
    );
  }
  let top = page; // below lies what the kernels keep for themselves
  return {
    ...functions,
    take(count) {
      const at = top;
      top += Math.ceil((4 * count) / 64) * 64 + 64; // kernels may read, but not write, a little beyond the end
      const missing = top - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / page) + 16);
      return at;
    },
    floats: (at, count) => new Float32Array(memory.buffer, at, count),
    integers: (at, count) => new Int32Array(memory.buffer, at, count)
  };
}
