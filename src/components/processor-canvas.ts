/**
 * The context of a canvas that the processor paints. Many thin paths at once take it milliseconds; a graphics driver in
 * software takes seconds, and the page stands still meanwhile.
 */
export function processorContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext("2d", {willReadFrequently: true})!;
}
