import {digitPixels} from "./digit.js";
import type {DigitBatch, DigitNetwork} from "./digit-network.js";
import type {WasmDigitNetwork} from "./wasm-digit-network.js";

/** The gradient of a share of a batch. */
export interface DigitGradient {
  gradient: Float32Array; // in the order of ./digit-shape.js
  squares: number; // the sum of the squares of the errors
}

/** Another core, with a network of the same shape in a worker of its own. */
export interface GradientHelper {
  /** The gradient at these weights of digits that are a part of a batch of `of`. Rejects when the worker is gone. */
  differentiate(weights: Float32Array, batch: DigitBatch, of: number): Promise<DigitGradient>;
  end(): void;
}

/**
 * A digit network on our kernels whose batches are shared out: each core takes the gradient of its digits at the same
 * weights, and the sum is that of the whole batch, but for the rounding (data parallelism). The step itself, and all
 * answers, are made here. A helper that is gone is done without: its digits are taken here.
 */
export function parallelDigitNetwork(network: WasmDigitNetwork, helpers: readonly GradientHelper[]): DigitNetwork {
  let left = [...helpers];
  return {...network, step, dispose};

  async function step(batch: DigitBatch, rate: number, decay: number): Promise<void> {
    const n = batch.x.length / digitPixels;
    const asked = left.slice(0, n - 1);
    const [own, ...shares] = sharesOf(batch, asked.length + 1);
    const weights = network.weights();
    const answers = asked.map((helper, i) =>
      helper.differentiate(weights, shares[i], n).catch(() => {
        helper.end();
        left = left.filter((other) => other !== helper);
        return undefined;
      })
    );
    let squares = network.differentiate(own, n);
    for (const [i, answer] of (await Promise.all(answers)).entries()) {
      if (answer) {
        squares += answer.squares;
        add(network.gradient(), answer.gradient);
        continue;
      }
      const before = network.gradient().slice();
      squares += network.differentiate(shares[i], n);
      add(network.gradient(), before);
    }
    network.update(squares / (n * digitPixels), rate, decay);
  }

  function dispose(): void {
    for (const helper of left) helper.end();
    left = [];
    network.dispose();
  }
}

/** The digits of a batch, dealt out in `count` stretches that differ by one digit at most. */
function sharesOf({x, target, t, labels}: DigitBatch, count: number): DigitBatch[] {
  const n = x.length / digitPixels;
  return Array.from({length: count}, (_, i) => {
    const [from, to] = [Math.round((i * n) / count), Math.round(((i + 1) * n) / count)];
    const part = (values: ArrayLike<number>) => Array.prototype.slice.call(values, from, to) as number[];
    const pixels = (values: Float32Array) => values.slice(from * digitPixels, to * digitPixels);
    return {x: pixels(x), target: pixels(target), t: part(t), labels: part(labels)};
  });
}

function add(to: Float32Array, values: Float32Array): void {
  for (let i = 0; i < to.length; ++i) to[i] += values[i];
}
