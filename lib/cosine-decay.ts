/** The learning rate after `step` of `steps`: half a cosine from `start` down to 0. */
export function cosineDecay(start: number, step: number, steps: number): number {
  return (start / 2) * (1 + Math.cos((Math.PI * step) / steps));
}
