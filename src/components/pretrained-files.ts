import {FileAttachment} from "observablehq:stdlib";

/**
 * The files of the networks that come with the pages, by the name of the point set. Each path is a literal, since the
 * site's build looks for them; a file is loaded when it is asked for.
 */
export const pretrainedFiles: Record<string, () => Promise<ArrayBuffer>> = {
  tri: () => FileAttachment("../data/points-tri.bin").arrayBuffer(),
  ring8: () => FileAttachment("../data/points-ring8.bin").arrayBuffer(),
  moons: () => FileAttachment("../data/points-moons.bin").arrayBuffer(),
  "swiss-roll": () => FileAttachment("../data/points-swiss-roll.bin").arrayBuffer(),
  spirals: () => FileAttachment("../data/points-spirals.bin").arrayBuffer(),
  pinwheel: () => FileAttachment("../data/points-pinwheel.bin").arrayBuffer(),
  checkerboard: () => FileAttachment("../data/points-checkerboard.bin").arrayBuffer(),
  letters: () => FileAttachment("../data/points-letters.bin").arrayBuffer(),
  "off-centre": () => FileAttachment("../data/points-off-centre.bin").arrayBuffer(),
  gaussian: () => FileAttachment("../data/points-gaussian.bin").arrayBuffer()
};
