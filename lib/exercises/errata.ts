import {telling} from "./errata-data.js";
import {repairListing} from "./errata-listing.js";
import {writeTheTest} from "./errata-test.js";
import type {Answer, Checks} from "./check.js";
import {asFunction, asNumbers} from "./check.js";
import {shown} from "./formula-check.js";

/** The checks of the museum of bugs. */
export const checks: Checks = {
  "padded-levels": paddedLevels,
  "encode-pairs": encodePairs,
  "telling-data": telling,
  "write-the-test": writeTheTest,
  "repair-listing": repairListing
};

function paddedLevels(answer: Answer): string | undefined {
  const previous = asFunction(answer, "previousLevels");
  const levels = [0.9, 0.6, 0.3, 0.05];
  const call = `previousLevels(${shown(levels)})`;
  const got = asNumbers(previous([...levels]), call, levels.length);
  const start = `${call} begins with ${got[0]}: `;
  if (got[0] === 0) return `${start}0 is pure noise. The first time steps to clean data, whose level is 1.`;
  if (got[0] === levels[0])
    return `${start}that is the level which the first step comes from, so it goes nowhere. It should reach ᾱ₀ = 1.`;
  if (got[0] === levels[1])
    return `${start}that is the level of the time after it, so steps lead into the noise. They should go to the time before.`;
  if (got[0] !== 1) return `${start}before the first time there are clean data, with the level 1.`;
  const wrong = got.findIndex((level, i) => i > 0 && level !== levels[i - 1]);
  if (wrong < 0) return undefined;
  return `${call} has ${got[wrong]} at index ${wrong}: a step from there goes to the level before it, ${levels[wrong - 1]}.`;
}

function encodePairs(answer: Answer): string | undefined {
  const wayUp = asFunction(answer, "wayUp");
  for (const list of [[999, 749, 499, 249], [9, 4, 1], [999]]) {
    const call = `wayUp(${shown(list)})`;
    const result = wayUp([...list]);
    if (!Array.isArray(result)) return `${call} gives no list: it should be a list of pairs [from, to].`;
    const got = result.slice(0, 100).map((pair, i) => asNumbers(pair, `pair ${i} of ${call}`, 2));
    const up = [-1, ...[...list].reverse()];
    const want = list.map((_, i) => [up[i], up[i + 1]]);
    if (got.length === want.length - 1)
      return `${call} has ${got.length} pairs, not ${want.length}: one step is missing, the one from clean data or the one to the top.`;
    if (got.length !== want.length)
      return `${call} has ${result.length} pairs, not ${want.length}: one for each entry.`;
    const wrong = got.findIndex(([from, to], i) => from !== want[i][0] || to !== want[i][1]);
    if (wrong < 0) continue;
    const [from, to] = got[wrong];
    const start = `${call} has the step [${from}, ${to}] where [${want[wrong].join(", ")}] belongs: `;
    if (from >= to) return `${start}it does not go up.`;
    if (wrong === 0 && from === 0) return `${start}index 0 is the first noisy level. Clean data are at −1.`;
    if (to > list[0]) return `${start}${to} is above the noisiest entry of the list, where the way ends.`;
    return `${start}the first step begins at clean data, −1, and each of the others where the one before it ended.`;
  }
  return undefined;
}
