export {energyDistance} from "./energy-distance.js";
export {assignModes, fractionWithin, modeWeightTv, sameModeShare, withinModeStdRatio} from "./modes.js";
export type {ModeAssignment} from "./modes.js";
export {covarianceError, meanError, sampleMoments} from "./moments.js";
export {noiseFloor} from "./noise-floor.js";
export type {NoiseFloor} from "./noise-floor.js";
export {projectedWasserstein, projections, slicedWasserstein} from "./sliced-wasserstein.js";
export type {ProjectionOptions} from "./sliced-wasserstein.js";
