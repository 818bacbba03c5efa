/** What the figures of this site begin with, as course.config.ts says; what a page's figure does not have it ignores. */
export interface FigureDefaults {
  points: string; // a data set of lib/points
  schedule: "linear" | "cosine";
  steps: number; // S
  seed: number; // of the noise
}

/** The defaults in the page that shows the figure; those of the project where a page has none, as in a test. */
export function figureDefaults(): FigureDefaults {
  const text = document.getElementById("figure-defaults")?.textContent;
  return {points: "tri", schedule: "linear", steps: 20, seed: 1, ...(text ? (JSON.parse(text) as object) : {})};
}
