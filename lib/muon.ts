/** A weight that is a matrix, in a flat array of all weights; a kernel of a convolution is [height width in, out]. */
export interface Matrix {
  offset: number; // in numbers
  rows: number;
  columns: number;
}

/**
 * Settings of Muon (Jordan et al. 2024, “Muon: an optimizer for hidden layers in neural networks”,
 * https://kellerjordan.github.io/posts/muon/). Where Adam divides each number of the gradient by its usual size, Muon
 * takes a matrix as a whole: it replaces the running mean of its gradient, U S Vᵀ, by about U Vᵀ, so that the step is as
 * large in the directions that have little gradient as in those that have much.
 */
export const muonSettings = {
  momentum: 0.95,
  /** What the polynomial a x + b x³ + c x⁵ does to the singular values, again and again: it brings them near 1. */
  polynomial: [3.4445, -4.775, 2.0315] as const,
  rounds: 5,
  /** Of a step, for a learning rate of 1: the root mean square of a number of it; 0.2 is what Adam's steps have. */
  size: 0.3
};

/** What U Vᵀ is multiplied by: its numbers have a root mean square of 1 / sqrt(the longer side). */
export function muonScale({rows, columns}: Pick<Matrix, "rows" | "columns">): number {
  return muonSettings.size * Math.sqrt(Math.max(rows, columns));
}
