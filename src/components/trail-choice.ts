import type {Control} from "./controls.js";
import {select} from "./controls.js";

/** How many trajectories a figure draws: some of its points, or those of a thousand. */
export interface TrailChoice extends Control<"some" | "all"> {
  /** How many points the figure should have for it; null for as many as it has by itself. */
  readonly count: number | null;
}

/** A list for a line of controls: trajectories, some or 1,000. */
export function trailChoice(): TrailChoice {
  const list = select<"some" | "all">({
    name: "trajectories",
    options: [
      {value: "some", label: "some"},
      {value: "all", label: "1,000"}
    ]
  });
  return Object.defineProperty(list, "count", {get: () => (list.value === "all" ? 1000 : null)}) as TrailChoice;
}
