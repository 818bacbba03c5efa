import type {Kernels} from "../kernels/kernels.js";

const size = 128;

/** The kernels' product of two matrices [128, 128], which stay in the cache: as fast as they can be. */
export function kernelProduct(kernels: Kernels) {
  const [a, b, c] = [0, 1, 2].map(() => kernels.take(size * size));
  const rows = kernels.take(size);
  kernels.integers(rows, size).set(Array.from({length: size}, (_, i) => i * size));
  return {
    flops: 2 * size ** 3,
    async multiply(count: number): Promise<void> {
      for (let i = 0; i < count; ++i) kernels.multiply(a, rows, size, 1, 0, size, b, size, c, rows, 0, false);
    }
  };
}
