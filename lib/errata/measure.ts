import {fractionWithin, sameModeShare, sampleMoments, withinModeStdRatio} from "../metrics/index.js";
import {mixtureMoments} from "../mixture.js";
import type {World} from "./scene.js";

/** A number that tells whether samples are right. */
export type MeasureName = "variance" | "inModes" | "stdRatio" | "sameMode" | "largest" | "moved";

export interface Measure {
  label: string; // what the number is
  share: boolean; // whether it is from 0 to 1, to be written in per cent
  of(input: {world: World; end: Float64Array; again: () => Promise<Float64Array>}): number | Promise<number>;
}

/** What a page can say of samples; each is a number of the samples alone, and of what they should be. */
export const measures: Record<MeasureName, Measure> = {
  variance: {
    label: "variance as a part of the data’s",
    share: false,
    of({world, end}) {
      const {covariance} = sampleMoments(end);
      const {covariance: truth} = mixtureMoments(world.mixture);
      return (covariance[0] + covariance[3]) / (truth[0] + truth[3]);
    }
  },
  inModes: {
    label: "of the points lie within 3 standard deviations of a mode",
    share: true,
    of: ({world, end}) => fractionWithin(world.mixture, end)
  },
  stdRatio: {
    label: "width of the modes as a part of the data’s",
    share: false,
    of: ({world, end}) => withinModeStdRatio(world.mixture, end, 12)
  },
  sameMode: {
    label: "of the points reach the same mode on a second run from the same noise",
    share: true,
    of: async ({world, end, again}) => sameModeShare(world.mixture, end, await again())
  },
  largest: {
    label: "largest coordinate of a sample",
    share: false,
    of: ({end}) => end.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  },
  moved: {
    label: "typical distance from the noise to its sample",
    share: false,
    of({world, end}) {
      const square = end.reduce((sum, value, i) => sum + (value - world.xT[i]) ** 2, 0);
      return Math.sqrt((2 * square) / end.length);
    }
  }
};
