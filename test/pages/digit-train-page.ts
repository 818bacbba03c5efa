/** What the blank page of digit-train.test.ts runs: the figure that trains digits, with its worker. */
import {digitPixels} from "../../lib/digits/digit.js";
import {digitService} from "../../src/components/digit-service.js";
import {digitTrainFigure} from "../../src/components/digit-train-figure.js";
import {packPixels} from "../../src/components/digit-training-record.js";

export const service = digitService({weights: "digit-network.bin", classifier: "digit-classifier.bin"});
const recorded = {
  ...({source: "mnist", backend: "wasm", steps: 700, batch: 64, learningRate: 4e-3, seed: 0, seconds: 100} as const),
  losses: [[350, 0.3] as const, [700, 0.2] as const],
  snapshots: [0, 700].map((step) => ({step, pixels: packPixels(new Uint8Array(20 * digitPixels).fill(step ? 0 : 99))}))
};
const figure = digitTrainFigure({service, digits: "digits.bin", recorded});
document.querySelector("figure")!.append(figure);

/** The longest time between two frames, in ms, while `work` is under way. */
export async function longestGap(work: Promise<unknown>): Promise<number> {
  let [last, longest, over] = [performance.now(), 0, false];
  void work.finally(() => (over = true));
  while (!over) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}
