import * as tf from "../tf.js";

const size = 512;

/** The product of two matrices [512, 512] on the running backend, `count` times; resolves when the last is there. */
export function tensorProduct() {
  const [a, b] = [0, 1].map((seed) =>
    tf.tidy(() =>
      tf
        .range(0, size * size)
        .add(seed)
        .sin()
        .reshape([size, size])
    )
  );
  return {
    flops: 2 * size ** 3,
    async multiply(count: number): Promise<void> {
      let last: tf.Tensor | undefined;
      for (let i = 0; i < count; ++i) {
        last?.dispose();
        last = tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
      }
      const corner = last!.slice([0, 0], [1, 1]); // not all of it: reading is not what is measured
      await corner.data();
      tf.dispose([last!, corner]);
    },
    dispose: () => tf.dispose([a, b])
  };
}
