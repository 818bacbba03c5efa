import type {SceneName} from "../lib/errata/exhibit.js";
import type {MeasureName} from "../lib/errata/measure.js";
import {measures} from "../lib/errata/measure.js";
import type {ErrataRecord, Spread} from "../lib/errata/record.js";
import {readable} from "./format.js";

/** Writes a recorded number of the museum: a mean with its standard deviation over the seeds. */
export interface RecordedNumber {
  (exhibit: string, scene: SceneName, measure: MeasureName): string;
}

/** What the text says of the recorded runs; throws a RangeError for a number that was not recorded. */
export function errataNumbers(record: ErrataRecord): {
  buggy: RecordedNumber;
  right: RecordedNumber;
  seeds: number;
  points: number;
} {
  const say =
    (side: "buggy" | "right"): RecordedNumber =>
    (exhibit, scene, measure) => {
      const spread = record.exhibits[exhibit]?.[scene]?.[side]?.[measure];
      if (!spread) throw new RangeError(`nothing is recorded of ${measure} for ${exhibit}, ${scene}, ${side}`);
      return withSpread(spread, measures[measure].share);
    };
  return {buggy: say("buggy"), right: say("right"), seeds: record.seeds.length, points: record.points};
}

function withSpread([mean, sd]: Spread, share: boolean): string {
  if (mean === null || sd === null) return "no number";
  if (share)
    return sd < 5e-5 ? `${(100 * mean).toFixed(0)}%` : `${(100 * mean).toFixed(1)} ± ${(100 * sd).toFixed(1)}%`;
  if (Math.abs(mean) < 1e-4) return "0";
  const decimals = Math.max(0, Math.min(5, 1 - Math.floor(Math.log10(sd || 1))));
  return sd < 1e-6 ? readable(mean) : `${mean.toFixed(decimals)} ± ${sd.toFixed(decimals)}`;
}
