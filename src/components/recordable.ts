/** Draws a canvas once more, into another context of the same size in CSS pixels. */
export type Repaint = (context: CanvasRenderingContext2D) => void;

const repaints = new WeakMap<HTMLCanvasElement, Repaint>();

/** Says how a canvas is drawn, so that a download can draw it as lines and not as dots. */
export function recordable(canvas: HTMLCanvasElement, repaint: Repaint): void {
  repaints.set(canvas, repaint);
}

/** How a canvas is drawn; undefined for one that only holds an image. */
export function repaintOf(canvas: HTMLCanvasElement): Repaint | undefined {
  return repaints.get(canvas);
}
